// Logistic regression on 8x8 images of digits.
func.func @logistic(%image: tensor<1x64xf32> {qnn.name = "image"})
    -> (tensor<1x10xf32> {qnn.name = "probabilities"}) {
  %weights = qnn.parameter "weights" #qnn.initializer<zeros> : tensor<64x10xf32>
  %bias = qnn.parameter "bias" #qnn.initializer<zeros> : tensor<10xf32>
  %logits = qnn.matmul %image, %weights bias(%bias) : (tensor<1x64xf32>, tensor<64x10xf32>, tensor<10xf32>) -> tensor<1x10xf32>
  %probabilities = qnn.softmax %logits axis(1) : (tensor<1x10xf32>) -> tensor<1x10xf32>
  return %probabilities : tensor<1x10xf32>
}
