// The folder of qnn.transpose.
// RUN: quant-opt %s -split-input-file --canonicalize | FileCheck %s

/// The identity is nothing.
// CHECK-LABEL: @identity(
// CHECK-SAME: %[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @identity(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = qnn.transpose %x [0, 1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

/// [1, 2, 0] and [2, 0, 1] undo each other; neither is its own inverse.
// CHECK-LABEL: @inverse_pair(
// CHECK-SAME: %[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @inverse_pair(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = qnn.transpose %x [1, 2, 0] : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = qnn.transpose %0 [2, 0, 1] : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  return %1 : tensor<2x3x4xf32>
}

// -----

/// [1, 2, 0] twice is [2, 0, 1], which the shapes alone would not tell.
// CHECK-LABEL: @negative_same_twice(
// CHECK-COUNT-2: qnn.transpose
func.func @negative_same_twice(%x: tensor<2x2x2xf32>) -> tensor<2x2x2xf32> {
  %0 = qnn.transpose %x [1, 2, 0] : (tensor<2x2x2xf32>) -> tensor<2x2x2xf32>
  %1 = qnn.transpose %0 [1, 2, 0] : (tensor<2x2x2xf32>) -> tensor<2x2x2xf32>
  return %1 : tensor<2x2x2xf32>
}

// -----

/// Rows become columns.
// CHECK-LABEL: @matrix(
// CHECK: arith.constant dense<{{\[}}[1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00], [3.000000e+00, 6.000000e+00]]> : tensor<3x2xf32>
// CHECK-NOT: qnn.transpose
func.func @matrix() -> tensor<3x2xf32> {
  %c = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %0 = qnn.transpose %c [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

/// result[i, j, k] = input[k, i, j] = 6 k + 3 i + j, for bytes.
// CHECK-LABEL: @cube(
// CHECK: arith.constant dense<{{\[}}{{\[}}[0, 6], [1, 7], [2, 8]], {{\[}}[3, 9], [4, 10], [5, 11]]]> : tensor<2x3x2xi8>
func.func @cube() -> tensor<2x3x2xi8> {
  %c = arith.constant dense<[[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]]> : tensor<2x2x3xi8>
  %0 = qnn.transpose %c [1, 2, 0] : (tensor<2x2x3xi8>) -> tensor<2x3x2xi8>
  return %0 : tensor<2x3x2xi8>
}

// -----

/// A permutation that is not its own inverse, the other way:
/// result[i, j, k] = input[j, k, i] = 6 j + 3 k + i.
// CHECK-LABEL: @cube_other_way(
// CHECK: arith.constant dense<{{\[}}{{\[}}[0, 3], [6, 9]], {{\[}}[1, 4], [7, 10]], {{\[}}[2, 5], [8, 11]]]> : tensor<3x2x2xi8>
func.func @cube_other_way() -> tensor<3x2x2xi8> {
  %c = arith.constant dense<[[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]]> : tensor<2x2x3xi8>
  %0 = qnn.transpose %c [2, 0, 1] : (tensor<2x2x3xi8>) -> tensor<3x2x2xi8>
  return %0 : tensor<3x2x2xi8>
}

// -----

/// One value has one element of storage.
// CHECK-LABEL: @splat(
// CHECK: arith.constant dense<1.000000e+00> : tensor<3x2xf32>
func.func @splat() -> tensor<3x2xf32> {
  %c = arith.constant dense<1.0> : tensor<2x3xf32>
  %0 = qnn.transpose %c [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

/// No element at all.
// CHECK-LABEL: @empty(
// CHECK: arith.constant dense<> : tensor<2x0xf32>
func.func @empty() -> tensor<2x0xf32> {
  %c = arith.constant dense<> : tensor<0x2xf32>
  %0 = qnn.transpose %c [1, 0] : (tensor<0x2xf32>) -> tensor<2x0xf32>
  return %0 : tensor<2x0xf32>
}

// -----

/// Elements that are no whole bytes stay where they are.
// CHECK-LABEL: @negative_narrow(
// CHECK: qnn.transpose
func.func @negative_narrow() -> tensor<2x1xi4> {
  %c = arith.constant dense<[[1, 2]]> : tensor<1x2xi4>
  %0 = qnn.transpose %c [1, 0] : (tensor<1x2xi4>) -> tensor<2x1xi4>
  return %0 : tensor<2x1xi4>
}

// -----

/// Elements without a width of their own, too.
// CHECK-LABEL: @negative_index(
// CHECK: qnn.transpose
func.func @negative_index() -> tensor<2x1xindex> {
  %c = arith.constant dense<[[1, 2]]> : tensor<1x2xindex>
  %0 = qnn.transpose %c [1, 0] : (tensor<1x2xindex>) -> tensor<2x1xindex>
  return %0 : tensor<2x1xindex>
}

// Arithmetic on constants, with broadcasting.
// CHECK-LABEL: @constants
// CHECK-DAG: arith.constant dense<{{\[}}[1.100000e+01, 2.100000e+01], [1.200000e+01, 2.200000e+01]]>
// CHECK-DAG: arith.constant dense<{{\[}}-1.000000e+00, -2.000000e+00]>
// CHECK-DAG: arith.constant dense<{{\[}}3.000000e+00, 6.000000e+00]>
// CHECK-NOT: qnn.
func.func @constants()
    -> (tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %m = arith.constant dense<[[1.0, 1.0], [2.0, 2.0]]> : tensor<2x2xf32>
  %r = arith.constant dense<[10.0, 20.0]> : tensor<2xf32>
  %v = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %z = arith.constant dense<0.0> : tensor<f32>
  %b = arith.constant dense<3.0> : tensor<1xf32>
  %sum = qnn.add %m, %r : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %difference = qnn.sub %z, %v : (tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
  %product = qnn.mul %v, %b : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  return %sum, %difference, %product
      : tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>
}

// Not if the constant would grow, or be infinite.
// CHECK-LABEL: @negative_constants
// CHECK: qnn.add
// CHECK: qnn.mul
func.func @negative_constants() -> (tensor<2x2xf32>, tensor<1xf32>) {
  %column = arith.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %row = arith.constant dense<[10.0, 20.0]> : tensor<2xf32>
  %large = arith.constant dense<1.0e30> : tensor<1xf32>
  %sum = qnn.add %column, %row
      : (tensor<2x1xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %product = qnn.mul %large, %large
      : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  return %sum, %product : tensor<2x2xf32>, tensor<1xf32>
}

// -----

/// -0.25 / 0.5 goes to the even 0, 0.75 / 0.5 to 2; 99 to the last code, 15 - 3.
// CHECK-LABEL: @fake_quantize(
// CHECK-DAG: arith.constant dense<[0.000000e+00, 1.000000e+00, 6.000000e+00]> : tensor<3xf32>
// CHECK-DAG: arith.constant dense<[0.000000e+00, 2.000000e+00, 1.200000e+01]> : tensor<3xf32>
// CHECK-NOT: qnn.fake_quantize
func.func @fake_quantize() -> (tensor<3xf32>, tensor<3xf32>) {
  %x = arith.constant dense<[-0.25, 0.75, 99.0]> : tensor<3xf32>
  %0 = qnn.fake_quantize %x as !quant.uniform<u8<0:15>:f32, 0.5:3> : (tensor<3xf32>) -> tensor<3xf32>
  %1 = qnn.fake_quantize %x as !quant.uniform<u8<0:15>:f32, 0.5:3> codes : (tensor<3xf32>) -> tensor<3xf32>
  return %0, %1 : tensor<3xf32>, tensor<3xf32>
}
