// Linear regression with weights of 3 bits: which of the 8^4 lattice points is
// the best? The step rounds the weights, and passes the gradient through.
// RUN: quant-opt %s --qnn-expose-parameters \
// RUN:   --qnn-training-step-pipeline="loss=mse optimizer=sgd" | FileCheck %s

// CHECK: %[[Q:.*]] = qnn.fake_quantize %[[W:arg1]]
// CHECK: qnn.matmul %arg0, %[[Q]]
// CHECK: qnn.fake_quantize_gradient %{{.*}}, %[[W]]
// CHECK: qnn.sub %[[W]]
func.func @model(%x: tensor<16x4xf32>) -> tensor<16x1xf32> {
  %w = qnn.parameter "w" #qnn.initializer<zeros> : tensor<4x1xf32>
  %q = qnn.fake_quantize %w as !quant.uniform<i8<-4:3>:f32, 0.25>
    : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %y = qnn.matmul %x, %q
    : (tensor<16x4xf32>, tensor<4x1xf32>) -> tensor<16x1xf32>
  return %y : tensor<16x1xf32>
}
