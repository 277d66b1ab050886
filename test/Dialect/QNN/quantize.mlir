// Annotated operations get the types they ask for.
// RUN: quant-opt %s -split-input-file --qnn-quantize --canonicalize | FileCheck %s

!x = !quant.uniform<u8:f32, 0.5>
!y = !quant.uniform<u8:f32, 1.0:64>
!w = !quant.uniform<i8<-127:127>:f32:1, {0.25, 0.5}>
!b = !quant.uniform<i32:f32:0, {0.125, 0.25}>

/// Weights 1 / 0.25 = 4, -1 / 0.5 = -2; 100 / 0.25 is clipped to 127, 0.25 / 0.5
/// is a tie and even. Bias 1 / 0.125 = 8, -1 / 0.25 = -4. The attributes are the
/// operation's own.
// CHECK-LABEL: @matmul(
// CHECK-DAG: %[[W:.*]] = qnn.constant dense<{{\[}}[4, -2], [127, 0]]> : tensor<2x2xi8>
// CHECK-DAG: %[[B:.*]] = qnn.constant dense<[8, -4]> : tensor<2xi32>
// CHECK-DAG: %[[X:.*]] = qnn.quantize %arg0
// CHECK: %[[Y:.*]] = qnn.matmul %[[X]], %[[W]] bias(%[[B]]) clamp_min(0.000000e+00) :
// CHECK: %[[R:.*]] = qnn.dequantize %[[Y]]
// CHECK: return %[[R]]
func.func @matmul(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<[[1.0, -1.0], [100.0, 0.25]]> : tensor<2x2xf32>
  %b = arith.constant dense<[1.0, -1.0]> : tensor<2xf32>
  %0 = qnn.matmul %x, %w bias(%b) clamp_min(0.0) {qnn.operand_types = [!x, !w, !b], qnn.result_types = [!y]} : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!y = !quant.uniform<u8:f32, 1.0:64>

/// One conversion for each type, however often it is read, and none where both
/// sides agree. A residual add reads the argument and the sum of it.
// CHECK-LABEL: @conversions(
// CHECK-NEXT: %[[X:.*]] = qnn.quantize %arg0
// CHECK-NEXT: %[[A:.*]] = qnn.add %[[X]], %[[X]]
// CHECK-NEXT: %[[B:.*]] = qnn.add %[[A]], %[[X]]
// CHECK-NEXT: %[[AX:.*]] = qnn.requantize %[[A]]
// CHECK-NEXT: %[[C:.*]] = qnn.sub %[[AX]], %[[AX]]
// CHECK-NEXT: %[[FA:.*]] = qnn.dequantize %[[A]]
// CHECK-NEXT: qnn.mul %[[FA]], %[[FA]]
func.func @conversions(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %a = qnn.add %x, %x {qnn.operand_types = [!x, !x], qnn.result_types = [!y]} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %b = qnn.add %a, %x {qnn.operand_types = [!y, !x], qnn.result_types = [!y]} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %c = qnn.sub %a, %a {qnn.operand_types = [!x, !x], qnn.result_types = [!y]} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %d = qnn.mul %a, %a {qnn.stays_float = "no reason"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %b, %c, %d : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// -----

/// Raw bytes are read as they are. Codes of a table: -0.3 is nearest to -0.25,
/// code 1; 0.625 is between 0.25 and 1, where the lower wins: code 2, which two
/// signless bits print as -2.
// CHECK-LABEL: @other_types(
// CHECK-DAG: qnn.constant dense<{{\[}}[1], [-2]]> : tensor<2x1xi2> as tensor<2x1x!qnn.codebook
// CHECK-DAG: qnn.normalize %arg0 {{.*}} : (tensor<1x2xui8>) -> tensor<1x2x!quant
func.func @other_types(%raw: tensor<1x2xui8>) -> tensor<1x1xf32> {
  %w = arith.constant dense<[[-0.3], [0.625]]> : tensor<2x1xf32>
  %0 = qnn.normalize %raw mean [0.0] scale [1.0] {qnn.operand_types = [unit], qnn.result_types = [!quant.uniform<u8:f32, 1.0>]} : (tensor<1x2xui8>) -> tensor<1x2xf32>
  %1 = qnn.matmul %0, %w {qnn.operand_types = [!quant.uniform<u8:f32, 1.0>, !qnn.codebook<u2:f32, {-1.0, -0.25, 0.25, 1.0}>], qnn.result_types = [!quant.uniform<u8:f32, 1.0>]} : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

/// A model that stays float loses nothing but the reasons.
// CHECK-LABEL: @negative_float(
// CHECK-NEXT: qnn.add %arg0, %arg0 :
// CHECK-NEXT: return
func.func @negative_float(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = qnn.add %x, %x {qnn.stays_float = "no reason"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0, %x : tensor<2xf32>, tensor<2xf32>
}

// -----

/// A declaration has no body to look into.
// CHECK-LABEL: @negative_declaration(
func.func private @negative_declaration(tensor<2xf32>) -> tensor<2xf32>

// -----

!x = !quant.uniform<u8:f32, 0.5>
!y = !quant.uniform<u8:f32, 1.0:64>

/// What is inserted is in the arithmetic of the function, whose annotation goes.
// CHECK-LABEL: @requantization(
// CHECK-NOT: attributes
// CHECK: qnn.mul %{{.*}}, %{{.*}} requantization(tflite_single) : {{.*}}!quant
// CHECK: qnn.requantize %{{.*}} requantization(tflite_single) :
func.func @requantization(%x: tensor<2xf32>) -> tensor<2xf32> attributes {qnn.requantization = #qnn<requantization(tflite_single)>} {
  %a = qnn.mul %x, %x requantization(tflite_single) {qnn.operand_types = [!x, !x], qnn.result_types = [!y]} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %b = qnn.add %a, %x {qnn.operand_types = [!x, !x], qnn.result_types = [!y]} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %b : tensor<2xf32>
}
