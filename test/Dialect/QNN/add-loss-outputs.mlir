// Losses of several outputs: each has a teacher of its own.
// RUN: quant-opt %s --qnn-add-loss="loss=kl,feature_mse,softmax_cross_entropy outputs=0,1,0" | FileCheck %s

// CHECK-LABEL: func.func @loss(
// CHECK-SAME: %[[X:arg0]]: tensor<2x3xf32> {qnn.name = "input", qnn.role = "input"}
// CHECK-SAME: %[[CLASSES:arg1]]: tensor<2x3xf32> {qnn.name = "teacher", qnn.role = "teacher"}
// CHECK-SAME: %[[POINTS:arg2]]: tensor<2x2xf32> {qnn.name = "teacher_1", qnn.role = "teacher"}
// CHECK-SAME: %[[LABELS:arg3]]: tensor<2xi32> {qnn.name = "labels", qnn.role = "label"}
// CHECK-SAME: -> (tensor<f32> {qnn.name = "loss", qnn.role = "loss"}, tensor<2x3xf32> {qnn.name = "output", qnn.role = "output"}, tensor<2x2xf32> {qnn.name = "output_1", qnn.role = "output"})
// CHECK: %[[SLICE:.*]] = tensor.extract_slice %[[X]]
// CHECK: qnn.log_softmax %[[X]]
// CHECK: qnn.log_softmax %[[CLASSES]]
// CHECK: qnn.sub %[[SLICE]], %[[POINTS]]
// CHECK: qnn.one_hot %[[LABELS]]
func.func @model(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x2xf32>) {
  %0 = qnn.softmax %x axis(1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = tensor.extract_slice %x[0, 0] [2, 2] [1, 1] : tensor<2x3xf32> to tensor<2x2xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x2xf32>
}
