// Element types from calibrated ranges. In the profile x is in [0, 127.5], y in
// [-64, 191] and z in [0, 255].
// RUN: quant-opt %s -split-input-file --qnn-choose-quantization=profile=%S/Inputs/profile.json | FileCheck %s

/// x: 127.5 / 255 = 0.5. y: 255 / 255 = 1, zero point 64. Weights of channel 0:
/// 31.75 / 127 = 0.25, of channel 1: 63.5 / 127 = 0.5. Bias: 0.5 times those.
// CHECK-LABEL: @conv2d(
// CHECK: qnn.operand_types = [!quant.uniform<u8:f32, 5.000000e-01>,
// CHECK-SAME: !quant.uniform<i8<-127:127>:f32:0, {2.500000e-01,5.000000e-01}>,
// CHECK-SAME: !quant.uniform<i32<-1073741824:1073741824>:f32:0, {1.250000e-01,2.500000e-01}>],
// CHECK-SAME: qnn.result_types = [!quant.uniform<u8:f32, 1.000000e+00:64>]
func.func @conv2d(%x: tensor<1x1x1x2xf32> loc("x")) -> tensor<1x1x1x2xf32> {
  %w = arith.constant dense<[[[[31.75, 1.0]]], [[[2.0, -63.5]]]]> : tensor<2x1x1x2xf32>
  %b = arith.constant dense<1.0> : tensor<2xf32>
  %0 = qnn.conv2d %x, %w bias(%b) : (tensor<1x1x1x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32> loc("y")
  return %0 : tensor<1x1x1x2xf32>
}

// -----

/// A channel without weights and bias has no scale to find: 1. One with a bias
/// of 2^29 needs 2^29 / (0.5 * 2^30) = 1 as well, though its weights ask for 0.
// CHECK-LABEL: @dead_channels(
// CHECK-SAME: {
// CHECK: !quant.uniform<i8<-127:127>:f32:1, {1.000000e+00,1.000000e+00,2.500000e-01}>
func.func @dead_channels(%x: tensor<1x1xf32> loc("x")) -> tensor<1x3xf32> {
  %w = arith.constant dense<[[0.0, 0.0, 31.75]]> : tensor<1x3xf32>
  %b = arith.constant dense<[0.0, 536870912.0, 0.0]> : tensor<3xf32>
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<1x1xf32>, tensor<1x3xf32>, tensor<3xf32>) -> tensor<1x3xf32> loc("y")
  return %0 : tensor<1x3xf32>
}

// -----

/// Two activations: the right one is no weights, its type is that of any other.
/// A batch of constant matrices has one scale, 31.75 / 127.
// CHECK-LABEL: @matmul_kinds(
// CHECK: qnn.matmul %arg0, %arg0 {qnn.operand_types = [!quant.uniform<u8:f32, 5.000000e-01>, !quant.uniform<u8:f32, 5.000000e-01>]
// CHECK: qnn.operand_types = [!quant.uniform<u8:f32, 1.000000e+00:64>, !quant.uniform<i8<-127:127>:f32, 2.500000e-01>]
func.func @matmul_kinds(%x: tensor<1x1x1xf32> loc("x")) -> tensor<1x1x1xf32> {
  %w = arith.constant dense<31.75> : tensor<1x1x1xf32>
  %0 = qnn.matmul %x, %x : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32> loc("y")
  %1 = qnn.matmul %0, %w : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32> loc("z")
  return %1 : tensor<1x1x1xf32>
}

// -----

/// A constant left side is used like an activation: [-255, 0] has scale 1 and
/// zero point 255.
// CHECK-LABEL: @matmul_constant_lhs(
// CHECK: qnn.operand_types = [!quant.uniform<u8:f32, 1.000000e+00:255>, !quant.uniform<u8:f32, 5.000000e-01>]
func.func @matmul_constant_lhs(%x: tensor<1x1xf32> loc("x")) -> tensor<1x1xf32> {
  %w = arith.constant dense<-255.0> : tensor<1x1xf32>
  %0 = qnn.matmul %w, %x : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32> loc("y")
  return %0 : tensor<1x1xf32>
}

// -----

/// Pool and concatenation share one type: x and y together are in [-64, 191].
/// Their neighbour, a softmax, has known results: 1 / 255.
// CHECK-LABEL: @same_parameters(
// CHECK: qnn.add {{.*}} qnn.result_types = [!quant.uniform<u8:f32, 1.000000e+00:64>]
// CHECK: qnn.max_pool2d {{.*}} qnn.result_types = [!quant.uniform<u8:f32, 1.000000e+00:64>]
// CHECK: tensor.concat {{.*}} {qnn.operand_types = [!quant.uniform<u8:f32, 1.000000e+00:64>, !quant.uniform<u8:f32, 1.000000e+00:64>]
// CHECK: qnn.softmax {{.*}} qnn.result_types = [!quant.uniform<u8:f32, 0.0039215688593685627>]
func.func @same_parameters(%x: tensor<1x1x1x1xf32> loc("x")) -> tensor<1x1x1x2xf32> {
  %0 = qnn.add %x, %x : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> loc("y")
  %1 = qnn.max_pool2d %0 kernel [1, 1] : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> loc("y")
  %2 = tensor.concat dim(3) %1, %x : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> loc("y")
  %3 = qnn.softmax %2 axis(3) : (tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %3 : tensor<1x1x1x2xf32>
}

// -----

/// Raw bytes keep their type, and the range follows: (0 - 64) * 1 to 191.
// CHECK-LABEL: @normalize(
// CHECK: qnn.operand_types = [unit], qnn.result_types = [!quant.uniform<u8:f32, 1.000000e+00:64>]
func.func @normalize(%x: tensor<1x1xui8>) -> tensor<1x1xf32> {
  %0 = qnn.normalize %x mean [64.0] scale [1.0] : (tensor<1x1xui8>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

/// What a function cannot leave is its range, whatever was observed.
// CHECK-LABEL: @functions(
// CHECK: qnn.sigmoid {{.*}} qnn.result_types = [!quant.uniform<u8:f32, 0.0039215688593685627>]
// CHECK: qnn.tanh {{.*}} qnn.result_types = [!quant.uniform<u8:f32, 0.0078431377187371254:127>]
// CHECK: qnn.exp {{.*}} qnn.result_types = [!quant.uniform<u8:f32, 1.000000e+00:64>]
func.func @functions(%x: tensor<1xf32> loc("x")) -> (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) {
  %0 = qnn.sigmoid %x : (tensor<1xf32>) -> tensor<1xf32> loc("z")
  %1 = qnn.tanh %x : (tensor<1xf32>) -> tensor<1xf32> loc("z")
  %2 = qnn.exp %x : (tensor<1xf32>) -> tensor<1xf32> loc("y")
  return %0, %1, %2 : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>
}
