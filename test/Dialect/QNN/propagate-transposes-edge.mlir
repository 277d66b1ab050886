// Transposes that become something else, or stay where they are.
// RUN: quant-opt %s -split-input-file --qnn-propagate-transposes | FileCheck %s

/// Two that do not cancel are one: axis 0 is axis [1, 2, 0][1] = 2.
// CHECK-LABEL: @compose(
// CHECK-NEXT: qnn.transpose %{{.*}} [2, 1, 0]
// CHECK-NEXT: return
func.func @compose(%x: tensor<2x3x4xf32>) -> tensor<4x3x2xf32> {
  %0 = qnn.transpose %x [1, 2, 0] : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = qnn.transpose %0 [1, 0, 2] : (tensor<3x4x2xf32>) -> tensor<4x3x2xf32>
  return %1 : tensor<4x3x2xf32>
}

// -----

/// After a global pool only channels are left: no element moves.
// CHECK-LABEL: @reshape(
// CHECK-NEXT: tensor.collapse_shape
// CHECK-NEXT: tensor.expand_shape
// CHECK-NEXT: return
func.func @reshape(%x: tensor<1x1x1x8xf32>) -> tensor<1x8x1x1xf32> {
  %0 = qnn.transpose %x [0, 3, 1, 2] : (tensor<1x1x1x8xf32>) -> tensor<1x8x1x1xf32>
  return %0 : tensor<1x8x1x1xf32>
}

// -----

/// Codes move as floats do; the type stays.
// CHECK-LABEL: @quantized(
// CHECK: qnn.add %arg0, %arg0
// CHECK: qnn.transpose
!q = !quant.uniform<u8:f32, 0.5:3>
func.func @quantized(%x: tensor<2x3x!q>) -> tensor<3x2x!q> {
  %0 = qnn.transpose %x [1, 0] : (tensor<2x3x!q>) -> tensor<3x2x!q>
  %1 = qnn.add %0, %0 : (tensor<3x2x!q>, tensor<3x2x!q>) -> tensor<3x2x!q>
  return %1 : tensor<3x2x!q>
}

// -----

/// One transpose must not become two. The constant, which could move, must not
/// have been copied when the last operand is found not to be transposed alike.
// CHECK-LABEL: @negative_other_operand(
// CHECK-NEXT: arith.constant dense<1.000000e+00>
// CHECK-NEXT: qnn.transpose
// CHECK-NEXT: tensor.concat
// CHECK-NEXT: qnn.transpose %arg1
// CHECK-NEXT: qnn.sub
func.func @negative_other_operand(%x: tensor<2x3xf32>, %y: tensor<4x3x2xf32>, %z: tensor<3x2xf32>, %v: tensor<2xf32>) -> (tensor<9x2xf32>, tensor<3x4x2xf32>) {
  %c = arith.constant dense<1.0> : tensor<3x2xf32>
  %0 = qnn.transpose %x [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = tensor.concat dim(0) %0, %c, %z : (tensor<3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<9x2xf32>
  %2 = qnn.transpose %y [1, 0, 2] : (tensor<4x3x2xf32>) -> tensor<3x4x2xf32>
  %3 = qnn.sub %2, %v : (tensor<3x4x2xf32>, tensor<2xf32>) -> tensor<3x4x2xf32>
  return %1, %3 : tensor<9x2xf32>, tensor<3x4x2xf32>
}

// -----

/// Operands that are transposed in two ways.
// CHECK-LABEL: @negative_differently(
// CHECK-COUNT-2: qnn.transpose
// CHECK-NEXT: qnn.add
func.func @negative_differently(%x: tensor<2x3x4xf32>, %y: tensor<4x2x3xf32>) -> tensor<3x4x2xf32> {
  %0 = qnn.transpose %x [1, 2, 0] : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = qnn.transpose %y [2, 0, 1] : (tensor<4x2x3xf32>) -> tensor<3x4x2xf32>
  %2 = qnn.add %0, %1 : (tensor<3x4x2xf32>, tensor<3x4x2xf32>) -> tensor<3x4x2xf32>
  return %2 : tensor<3x4x2xf32>
}

// -----

/// The transposed operand has fewer axes than the result.
// CHECK-LABEL: @negative_broadcast(
// CHECK: qnn.transpose
// CHECK: qnn.add
func.func @negative_broadcast(%x: tensor<2x3xf32>) -> tensor<4x3x2xf32> {
  %c = arith.constant dense<1.0> : tensor<4x1x1xf32>
  %0 = qnn.transpose %x [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = qnn.add %0, %c : (tensor<3x2xf32>, tensor<4x1x1xf32>) -> tensor<4x3x2xf32>
  return %1 : tensor<4x3x2xf32>
}

// -----

/// Without a transpose there is nothing to do.
// CHECK-LABEL: @negative_no_transpose(
// CHECK-NEXT: qnn.add
// CHECK-NEXT: qnn.mean
// CHECK-NEXT: qnn.softmax
// CHECK-NEXT: qnn.pad
// CHECK-NEXT: tensor.concat
func.func @negative_no_transpose(%x: tensor<2x3xf32>) -> tensor<4x1xf32> {
  %0 = qnn.add %x, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = qnn.mean %0 axes [1] : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %2 = qnn.softmax %1 axis(1) : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = qnn.pad %2 low [0, 0] high [0, 0] : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = tensor.concat dim(0) %3, %3 : (tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<4x1xf32>
  return %4 : tensor<4x1xf32>
}

// -----

/// How many elements a reshape has must be known.
// CHECK-LABEL: @negative_dynamic(
// CHECK: qnn.transpose
func.func @negative_dynamic(%x: tensor<?x1xf32>) -> tensor<1x?xf32> {
  %0 = qnn.transpose %x [1, 0] : (tensor<?x1xf32>) -> tensor<1x?xf32>
  return %0 : tensor<1x?xf32>
}
