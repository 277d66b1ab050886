// Chosen arguments and kept results.
// RUN: quant-opt %s --qnn-differentiate="function=product keep-results" | FileCheck %s --check-prefix=KEEP
// RUN: quant-opt %s --qnn-differentiate="function=product arguments=1,0" | FileCheck %s --check-prefix=ORDER
// RUN: quant-opt %s --qnn-differentiate="function=roles results=1 keep-results" | FileCheck %s --check-prefix=ROLES
// RUN: quant-opt %s --qnn-differentiate="function=product arguments=1" | FileCheck %s --check-prefix=ONE

/// The function's own results stand first.
// KEEP: func.func @product_gradient(
// KEEP-SAME: -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
// KEEP-NEXT: %[[Y:.*]] = qnn.mul %arg0, %arg1
// KEEP-NEXT: %[[DX:.*]] = qnn.mul %arg2, %arg1
// KEEP-NEXT: %[[DW:.*]] = qnn.mul %arg2, %arg0
// KEEP-NEXT: return %[[Y]], %[[DX]], %[[DW]] :

/// Gradients come in the order in which arguments are chosen.
// ORDER: func.func @product_gradient(
// ORDER-NEXT: %[[DX:.*]] = qnn.mul %arg2, %arg1
// ORDER-NEXT: %[[DW:.*]] = qnn.mul %arg2, %arg0
// ORDER-NEXT: return %[[DW]], %[[DX]] :

/// What is not chosen is not computed.
// ONE: func.func @product_gradient(
// ONE-NEXT: %[[DW:.*]] = qnn.mul %arg2, %arg0
// ONE-NEXT: return %[[DW]] :
func.func @product(%x: tensor<2xf32>, %w: tensor<2xf32>) -> tensor<2xf32> {
  %0 = qnn.mul %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// KEEP-NOT: @other_gradient
func.func @other(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

/// Of what is learned only, for one of the results; the results that are kept
/// keep their attributes.
// ROLES: func.func @roles_gradient(
// ROLES-SAME: tensor<2xf32>, %[[W:arg1]]: tensor<2xf32> {qnn.role = "parameter"}, %[[D:arg2]]: tensor<2xf32>)
// ROLES-SAME: -> (tensor<2xf32> {qnn.name = "a"}, tensor<2xf32>, tensor<2xf32>)
// ROLES-NEXT: %[[A:.*]] = qnn.sub %arg0, %[[W]]
// ROLES-NEXT: %[[B:.*]] = qnn.mul %arg0, %[[W]]
// ROLES-NEXT: %[[DW:.*]] = qnn.mul %[[D]], %arg0
// ROLES-NEXT: return %[[A]], %[[B]], %[[DW]]
func.func @roles(%x: tensor<2xf32>, %w: tensor<2xf32> {qnn.role = "parameter"})
    -> (tensor<2xf32> {qnn.name = "a"}, tensor<2xf32>) {
  %0 = qnn.sub %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = qnn.mul %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}
