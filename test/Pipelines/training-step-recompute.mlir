// RUN: quant-opt %s --qnn-expose-parameters --qnn-training-step-pipeline="loss=mse" | FileCheck %s
// RUN: quant-opt %s --qnn-expose-parameters --qnn-training-step-pipeline="loss=mse recompute=false" | FileCheck %s --check-prefix=KEEP

/// What was rounded is rounded again for the gradient of the second weights, and
/// no later pass merges the two.
// CHECK: %[[SUMS:.*]] = qnn.matmul %arg0, %arg1
// CHECK-NEXT: %[[CODES:.*]] = qnn.fake_quantize %[[SUMS]] as
// CHECK-NEXT: qnn.matmul %[[CODES]], %arg2
// CHECK: %[[AGAIN:.*]] = qnn.fake_quantize %[[SUMS]] as
// CHECK-NEXT: qnn.transpose %[[AGAIN]]
// CHECK: return

// KEEP: %[[CODES:.*]] = qnn.fake_quantize %
// KEEP-NOT: qnn.fake_quantize %
// KEEP: qnn.transpose %[[CODES]]
// KEEP: return
func.func @model(%x: tensor<4x3xf32>) -> tensor<4x2xf32> {
  %w = qnn.parameter "w" #qnn.initializer<he> : tensor<3x5xf32>
  %v = qnn.parameter "v" #qnn.initializer<he> : tensor<5x2xf32>
  %0 = qnn.matmul %x, %w
    : (tensor<4x3xf32>, tensor<3x5xf32>) -> tensor<4x5xf32>
  %1 = qnn.fake_quantize %0 as !quant.uniform<i8:f32, 1.0> : (tensor<4x5xf32>) -> tensor<4x5xf32>
  %2 = qnn.matmul %1, %v
    : (tensor<4x5xf32>, tensor<5x2xf32>) -> tensor<4x2xf32>
  return %2 : tensor<4x2xf32>
}
