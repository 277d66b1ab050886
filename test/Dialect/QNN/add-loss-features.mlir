// Values between operations that are compared with the teacher's, too.
// RUN: quant-opt %s --pass-pipeline="builtin.module(func.func(qnn-insert-observers,qnn-expose-observers),qnn-add-loss{loss=noise_to_signal feature-weight=2})" | FileCheck %s
// RUN: quant-opt %s --pass-pipeline="builtin.module(func.func(qnn-insert-observers,qnn-expose-observers),qnn-add-loss{loss=noise_to_signal})" | FileCheck %s --check-prefix=NONE

/// The model has its own output only; each feature has a teacher.
// CHECK-LABEL: func.func @loss(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32> {{{.*}}qnn.role = "input"},
// CHECK-SAME: %[[LOGITS:.*]]: tensor<2x3xf32> {qnn.name = "teacher", qnn.role = "teacher"},
// CHECK-SAME: %[[INPUT:.*]]: tensor<2x3xf32> {qnn.name = "teacher_1", qnn.role = "teacher"},
// CHECK-SAME: %[[ABS:.*]]: tensor<2x3xf32> {qnn.name = "teacher_2", qnn.role = "teacher"})
// CHECK-SAME: -> (tensor<f32> {qnn.name = "loss", qnn.role = "loss"}, tensor<2x3xf32> {qnn.name = "output", qnn.role = "output"})
// CHECK-NOT: qnn.observed
// CHECK: %[[Y:.*]] = qnn.abs %[[X]]
// CHECK: qnn.sub %[[Y]], %[[LOGITS]]
// CHECK: qnn.sub %[[X]], %[[INPUT]]
// CHECK: %[[DIFFERENCE:.*]] = qnn.sub %[[Y]], %[[ABS]]
// CHECK: %[[SQUARES:.*]] = qnn.mul %[[DIFFERENCE]], %[[DIFFERENCE]]
// CHECK: qnn.mul %[[ABS]], %[[ABS]]
// CHECK: %[[RATIO:.*]] = qnn.div
// CHECK: %[[SUM:.*]] = qnn.add %{{.*}}, %[[RATIO]]
// CHECK: return %[[SUM]], %[[Y]]

// NONE-LABEL: func.func @loss(
// NONE-NOT: teacher_1
// NONE: return %{{.*}}, %{{.*}} : tensor<f32>, tensor<2x3xf32>
func.func @model(%x: tensor<2x3xf32> loc("x")) -> tensor<2x3xf32> {
  %0 = qnn.abs %x : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("y")
  return %0 : tensor<2x3xf32>
}
