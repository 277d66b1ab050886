// RUN: quant-opt %s --qnn-mark-parameters --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

/// Names are those of the constants, else the node's.
// CHECK-LABEL: func.func @names(
// CHECK: %[[W:.*]] = qnn.parameter "w" dense<{{.*}}> : tensor<2x3xf32> loc("w")
// CHECK: %[[B:.*]] = qnn.parameter "fc/bias" dense<1.000000e+00> : tensor<3xf32> loc("fc/bias")
// CHECK: qnn.matmul %arg0, %[[W]] bias(%[[B]])
func.func @names(%x: tensor<1x2xf32>) -> tensor<1x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32> loc("w")
  %b = arith.constant dense<1.0> : tensor<3xf32> loc("y"("fc"))
  %0 = qnn.matmul %x, %w bias(%b)
    : (tensor<1x2xf32>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<1x3xf32> loc("y"("fc"))
  return %0 : tensor<1x3xf32>
}

/// Weights that are used twice are one parameter, equal biases are two, and a
/// name that is taken gets a number.
// CHECK-LABEL: func.func @shared(
// CHECK-DAG: %[[OLD:.*]] = qnn.parameter "w"
// CHECK-DAG: %[[W:.*]] = qnn.parameter "w_1"
// CHECK-DAG: %[[B0:.*]] = qnn.parameter "b" dense<0.000000e+00>
// CHECK-DAG: %[[B1:.*]] = qnn.parameter "b_1" dense<0.000000e+00>
// CHECK: qnn.matmul %arg0, %[[OLD]]
// CHECK-NEXT: qnn.matmul %{{.*}}, %[[W]] bias(%[[B0]])
// CHECK-NEXT: qnn.matmul %{{.*}}, %[[W]] bias(%[[B1]])
func.func @shared(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %old = qnn.parameter "w" #qnn.initializer<he> : tensor<2x2xf32>
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> loc("w")
  %b = arith.constant dense<0.0> : tensor<2xf32> loc("b")
  %0 = qnn.matmul %x, %old : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qnn.matmul %0, %w bias(%b)
    : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %2 = qnn.matmul %1, %w bias(%b)
    : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

/// What is no weight stays a constant, also beside a use that is one.
// CHECK-LABEL: func.func @negative_no_weights(
// CHECK-DAG: %[[C:.*]] = arith.constant
// CHECK-DAG: %[[W:.*]] = qnn.parameter "c"
// CHECK: qnn.add %arg0, %[[C]]
// CHECK: qnn.matmul %{{.*}}, %[[W]]
func.func @negative_no_weights(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %c = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> loc("c")
  %0 = qnn.add %x, %c : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = qnn.matmul %0, %c : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}
