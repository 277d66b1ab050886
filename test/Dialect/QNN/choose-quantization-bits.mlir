// Codes of fewer and of more than 8 bits. In the profile x is in [0, 127.5], y
// in [-64, 191].
// RUN: quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json weight-bits=4 activation-bits=4" | FileCheck %s
// RUN: quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json activation-bits=16" | FileCheck %s --check-prefix=WIDE
// RUN: not quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json weight-bits=1" 2>&1 | FileCheck %s --check-prefix=ONE
// RUN: not quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json weight-bits=9" 2>&1 | FileCheck %s --check-prefix=NINE
// RUN: not quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json activation-bits=12" 2>&1 | FileCheck %s --check-prefix=TWELVE

// ONE: error: weight-bits expects 2 to 8, got 1
// NINE: error: weight-bits expects 2 to 8, got 9
// TWELVE: error: activation-bits expects 2 to 8, or 16, got 12

/// x: 127.5 / 15 = 8.5. y: 255 / 15 = 17, zero point 64 / 17 = 3.76. Weights:
/// 7 / 7 and 3.5 / 7; the bias takes their products with 8.5.
// CHECK-LABEL: @matmul(
// CHECK: qnn.operand_types = [!quant.uniform<u8<0:15>:f32, 8.500000e+00>,
// CHECK-SAME: !quant.uniform<i8<-7:7>:f32:1, {1.000000e+00,5.000000e-01}>,
// CHECK-SAME: !quant.uniform<i32<-1073741824:1073741824>:f32:0, {8.500000e+00,4.250000e+00}>],
// CHECK-SAME: qnn.result_types = [!quant.uniform<u8<0:15>:f32, 1.700000e+01:4>]
// WIDE-LABEL: @matmul(
// WIDE: qnn.operand_types = [!quant.uniform<u16:f32, {{[0-9.e+-]+}}>, !quant.uniform<i8<-127:127>:f32:1,
func.func @matmul(%x: tensor<1x1xf32> loc("x")) -> tensor<1x2xf32> {
  %w = arith.constant dense<[[7.0, -3.5]]> : tensor<1x2xf32>
  %b = arith.constant dense<1.0> : tensor<2xf32>
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<1x1xf32>, tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32> loc("y")
  return %0 : tensor<1x2xf32>
}

/// Raw bytes keep their 8 bits, also where they are only moved. Products and
/// exponentials of 16 bits have no integer form.
// CHECK-LABEL: @known(
// CHECK: qnn.normalize {{.*}} qnn.result_types = [!quant.uniform<u8:f32, 1.000000e+00>]
// CHECK: qnn.transpose {{.*}} qnn.result_types = [!quant.uniform<u8:f32, 1.000000e+00>]
// CHECK: qnn.mul {{.*}} qnn.result_types = [!quant.uniform<u8<0:15>:f32, 1.700000e+01:4>]
// CHECK: qnn.softmax {{.*}} qnn.result_types = [!quant.uniform<u8:f32,
// WIDE-LABEL: @known(
// WIDE: qnn.mul {{.*}} {qnn.stays_float = "it has no integer form of 16 bits (activation-bits)"}
// WIDE: qnn.softmax {{.*}} {qnn.stays_float = "it has no integer form of 16 bits (activation-bits)"}
func.func @known(%raw: tensor<1x4xui8> loc("raw")) -> tensor<4x1xf32> {
  %0 = qnn.normalize %raw mean [0.0] scale [1.0] : (tensor<1x4xui8>) -> tensor<1x4xf32> loc("x")
  %1 = qnn.transpose %0 [1, 0] : (tensor<1x4xf32>) -> tensor<4x1xf32> loc("x")
  %2 = qnn.mul %1, %1 : (tensor<4x1xf32>, tensor<4x1xf32>) -> tensor<4x1xf32> loc("y")
  %3 = qnn.softmax %2 axis(0) : (tensor<4x1xf32>) -> tensor<4x1xf32> loc("z")
  return %3 : tensor<4x1xf32>
}
