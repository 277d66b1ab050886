// Cheap values of the forward pass, computed again for the backward pass.
// RUN: quant-opt %s --qnn-differentiate="function=chain keep-results recompute" | FileCheck %s
// RUN: quant-opt %s --qnn-differentiate="function=chain keep-results" | FileCheck %s --check-prefix=KEEP
// RUN: quant-opt %s --qnn-differentiate="function=only_backward recompute" | FileCheck %s --check-prefix=BACKWARD

/// The product is kept; tanh and its argument are computed again, once, before
/// the first operation that reads one of them.
// CHECK-LABEL: func.func @chain_gradient(
// CHECK: %[[P:.*]] = qnn.matmul
// CHECK-NEXT: %[[S:.*]] = qnn.add %[[P]], %arg2
// CHECK-NEXT: %[[T:.*]] = qnn.tanh %[[S]]
// CHECK-NEXT: %[[Y:.*]] = qnn.mul %[[T]], %[[S]]
// CHECK-NEXT: %[[S2:.*]] = qnn.add %[[P]], %arg2
// CHECK-NEXT: %[[DT:.*]] = qnn.mul %arg3, %[[S2]]
// CHECK-NEXT: %[[T2:.*]] = qnn.tanh %[[S2]]
// CHECK-NEXT: qnn.mul %arg3, %[[T2]]
// CHECK-NEXT: qnn.mul %[[T2]], %[[T2]]
// CHECK-NOT: qnn.tanh
// CHECK: return %[[Y]],

// KEEP-LABEL: func.func @chain_gradient(
// KEEP: qnn.tanh
// KEEP-NOT: qnn.tanh
// KEEP: return
func.func @chain(%x: tensor<2x3xf32>, %w: tensor<3x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = qnn.matmul %x, %w : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %1 = qnn.add %0, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %2 = qnn.tanh %1 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = qnn.mul %2, %1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

/// What only the backward pass needs is computed there only.
// BACKWARD-LABEL: func.func @only_backward_gradient(
// BACKWARD-NEXT: %[[Y:.*]] = qnn.exp %arg0
// BACKWARD-NEXT: %[[DX:.*]] = qnn.mul %arg1, %[[Y]]
// BACKWARD-NEXT: return %[[DX]]
func.func @only_backward(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = qnn.exp %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
