// Recurrent layers, step by step.
// RUN: quant-opt %s --split-input-file --qnn-unroll-recurrent --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

/// One product with the input for both steps; the first step has no state. Both
/// steps read the same parameter, and a value has one name in both.
// CHECK-LABEL: @lstm(
// CHECK: %[[R:.*]] = qnn.parameter "r"
// CHECK: qnn.matmul %{{.*}}, %{{.*}} bias(%{{.*}}) : (tensor<1x2x3xf32>, tensor<3x4xf32>, tensor<4xf32>) -> tensor<1x2x4xf32> loc("h/input_gates"
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 0] [1, 1, 4]
// CHECK-NOT: qnn.matmul
// CHECK: %[[C:.*]] = qnn.mul {{.*}} loc("h/cell"
// CHECK: %[[H:.*]] = qnn.mul {{.*}} loc("h/hidden"
// CHECK: tensor.extract_slice %{{.*}}[0, 1, 0] [1, 1, 4]
// CHECK: qnn.matmul %[[H]], %[[R]] {{.*}} loc("h/hidden_gates"
// CHECK: qnn.sigmoid {{.*}} loc("h/input"
// CHECK: qnn.tanh {{.*}} loc("h/candidate"
// CHECK: qnn.sigmoid {{.*}} loc("h/forget"
// CHECK: qnn.mul %{{.*}}, %[[C]] {{.*}} loc("h/kept"
// CHECK: qnn.sigmoid {{.*}} loc("h/output"
// CHECK: qnn.tanh {{.*}} loc("h/bounded"
// CHECK: %[[LAST:.*]] = qnn.mul {{.*}} loc("h/hidden"
// CHECK: %[[ALL:.*]] = tensor.concat dim(1) {{.*}} -> tensor<1x2x1xf32>
// CHECK: return %[[ALL]], %[[LAST]]
func.func @lstm(%x: tensor<1x2x3xf32>, %w: tensor<3x4xf32>, %b: tensor<4xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>) {
  %r = qnn.parameter "r" dense<1.0> : tensor<1x4xf32>
  %s, %h = qnn.lstm %x, %w, %r bias(%b) : (tensor<1x2x3xf32>, tensor<3x4xf32>, tensor<1x4xf32>, tensor<4xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>) loc("h")
  return %s, %h : tensor<1x2x1xf32>, tensor<1x1xf32>
}

// -----

/// From the last step to the first. Without a state the reset gate scales the
/// bias of the hidden state's product. Nothing joins states that nobody reads.
// CHECK-LABEL: @gru(
// CHECK-SAME: %[[X:.*]]: tensor<1x2x3xf32>{{.*}}, %[[W:.*]]: tensor<3x6xf32>{{.*}}, %[[R:.*]]: tensor<2x6xf32>{{.*}}, %[[B:.*]]: tensor<6xf32>{{.*}}, %[[HB:.*]]: tensor<2xf32>
// CHECK: qnn.matmul %[[X]], %[[W]] bias(%[[B]])
// CHECK: tensor.extract_slice %{{.*}}[0, 1, 0] [1, 1, 6]
// CHECK: qnn.mul %{{.*}}, %[[HB]] {{.*}} loc("reset_hidden"
// CHECK: %[[H:.*]] = qnn.sub {{.*}} loc("hidden"
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 0] [1, 1, 6]
// CHECK: %[[P:.*]] = qnn.matmul %[[H]], %[[R]] {{.*}} loc("hidden_gates"
// CHECK: %[[Z:.*]] = qnn.sigmoid {{.*}} loc("update"
// CHECK: %[[RESET:.*]] = qnn.sigmoid {{.*}} loc("reset"
// CHECK: %[[N:.*]] = tensor.extract_slice %[[P]][0, 4] [1, 2]
// CHECK: %[[BIASED:.*]] = qnn.add %[[N]], %[[HB]]
// CHECK: qnn.mul %[[RESET]], %[[BIASED]]
// CHECK: %[[CANDIDATE:.*]] = qnn.tanh {{.*}} loc("candidate"
// CHECK: %[[CHANGE:.*]] = qnn.sub %[[H]], %[[CANDIDATE]]
// CHECK: %[[KEPT:.*]] = qnn.mul %[[Z]], %[[CHANGE]]
// CHECK: %[[LAST:.*]] = qnn.add %[[CANDIDATE]], %[[KEPT]]
// CHECK-NOT: tensor.concat
// CHECK: return %[[LAST]]
func.func @gru(%x: tensor<1x2x3xf32>, %w: tensor<3x6xf32>, %r: tensor<2x6xf32>, %b: tensor<6xf32>, %c: tensor<2xf32>) -> tensor<1x2xf32> {
  %s, %h = qnn.gru %x, %w, %r bias(%b) hidden_bias(%c) reverse : (tensor<1x2x3xf32>, tensor<3x6xf32>, tensor<2x6xf32>, tensor<6xf32>, tensor<2xf32>) -> (tensor<1x2x2xf32>, tensor<1x2xf32>)
  return %h : tensor<1x2xf32>
}
