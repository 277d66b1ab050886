// RUN: quant-opt %s --qnn-expose-parameters --qnn-training-step-pipeline="loss=mse optimizer=sgd" | FileCheck %s
// RUN: quant-opt %s --qnn-expose-parameters --qnn-training-step-pipeline="loss=mse optimizer=adam clip-norm=1" --qnn-lower-pipeline | FileCheck %s --check-prefix=LOWER

/// Clipping, moments and update of each parameter are one loop.
// LOWER: func.func @step(
// LOWER: linalg.generic {{.*}} outs(%{{[^ ]*}}, %{{[^ ]*}}, %{{[^ ]*}} : memref<3x2xf32>, memref<3x2xf32>, memref<3x2xf32>)
// LOWER: linalg.generic {{.*}} outs(%{{[^ ]*}}, %{{[^ ]*}}, %{{[^ ]*}} : memref<2xf32>, memref<2xf32>, memref<2xf32>)
// LOWER-NOT: linalg.generic

/// One function, in which the forward pass, the gradient and the update are: of
/// the inputs no gradient is computed.
// CHECK: func.func @step(
// CHECK-SAME: qnn.role = "input"
// CHECK-SAME: qnn.name = "w", qnn.role = "parameter"
// CHECK-SAME: qnn.name = "b", qnn.role = "parameter"
// CHECK-SAME: qnn.role = "label"
// CHECK-SAME: qnn.role = "learning_rate"
// CHECK-SAME: qnn.role = "loss"
// CHECK-SAME: qnn.role = "output"
// CHECK-SAME: qnn.name = "w", qnn.role = "parameter"
// CHECK-SAME: qnn.name = "b", qnn.role = "parameter"
// CHECK: %[[OUTPUT:.*]] = qnn.matmul %arg0, %arg1 bias(%arg2)
// CHECK: %[[INPUTS:.*]] = qnn.transpose %arg0
// CHECK: qnn.matmul %[[INPUTS]]
// CHECK-NOT: qnn.matmul
// CHECK: %[[W:.*]] = qnn.sub %arg1
// CHECK: %[[B:.*]] = qnn.sub %arg2
// CHECK: return %{{.*}}, %[[OUTPUT]], %[[W]], %[[B]]
// CHECK-NOT: func.func
func.func @model(%x: tensor<4x3xf32>) -> tensor<4x2xf32> {
  %w = qnn.parameter "w" #qnn.initializer<he> : tensor<3x2xf32>
  %b = qnn.parameter "b" #qnn.initializer<zeros> : tensor<2xf32>
  %0 = qnn.matmul %x, %w bias(%b)
    : (tensor<4x3xf32>, tensor<3x2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}
