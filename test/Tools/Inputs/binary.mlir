// Whether a digit is below 5: one output, two classes.
func.func @binary(%image: tensor<1x64xf32> {qnn.name = "image"})
    -> (tensor<1x1xf32> {qnn.name = "probability"}) {
  %weights = qnn.parameter "weights" #qnn.initializer<zeros> : tensor<64x1xf32>
  %bias = qnn.parameter "bias" #qnn.initializer<zeros> : tensor<1xf32>
  %logit = qnn.matmul %image, %weights bias(%bias) : (tensor<1x64xf32>, tensor<64x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  %probability = qnn.sigmoid %logit : (tensor<1x1xf32>) -> tensor<1x1xf32>
  return %probability : tensor<1x1xf32>
}
