// The prepare phase on a channels-first convolution with batch norm and Relu.
// RUN: quant-opt %s --qnn-prepare-pipeline --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

/// Weights [O, C, H, W] become [O, H, W, C]; the product moves into them: 1 * 2
/// and 3 * 4; what is left is one convolution with the name of the activation.
// CHECK-LABEL: @conv_norm_relu(
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[}}{{\[}}{{\[}}[2.000000e+00, 4.000000e+00]]], {{\[}}{{\[}}[1.200000e+01, 1.600000e+01]]]]> : tensor<2x1x1x2xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[5.000000e+00, 6.000000e+00]>
// CHECK: %[[Y:.*]] = qnn.conv2d %arg0, %[[W]] bias(%[[B]]) clamp_min(0.000000e+00) : {{.*}} loc("relu"
// CHECK-NEXT: return %[[Y]]
func.func @conv_norm_relu(%x: tensor<1x3x3x2xf32>) -> tensor<1x3x3x2xf32> {
  %w = arith.constant dense<[[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]]> : tensor<2x2x1x1xf32>
  %m = arith.constant dense<[[[2.0]], [[4.0]]]> : tensor<2x1x1xf32>
  %a = arith.constant dense<[[[5.0]], [[6.0]]]> : tensor<2x1x1xf32>
  %wt = qnn.transpose %w [0, 2, 3, 1] : (tensor<2x2x1x1xf32>) -> tensor<2x1x1x2xf32>
  %0 = qnn.conv2d %x, %wt : (tensor<1x3x3x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x3x3x2xf32>
  %1 = qnn.transpose %0 [0, 3, 1, 2] : (tensor<1x3x3x2xf32>) -> tensor<1x2x3x3xf32>
  %2 = qnn.mul %1, %m : (tensor<1x2x3x3xf32>, tensor<2x1x1xf32>) -> tensor<1x2x3x3xf32>
  %3 = qnn.add %2, %a : (tensor<1x2x3x3xf32>, tensor<2x1x1xf32>) -> tensor<1x2x3x3xf32>
  %4 = qnn.clamp %3 clamp_min(0.0) : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32> loc("relu")
  %5 = qnn.transpose %4 [0, 2, 3, 1] : (tensor<1x2x3x3xf32>) -> tensor<1x3x3x2xf32>
  return %5 : tensor<1x3x3x2xf32>
}
