// A linear support vector machine, one against all, on 8x8 images of digits.
func.func @svm(%image: tensor<1x64xf32> {qnn.name = "image"})
    -> (tensor<1x10xf32> {qnn.name = "scores"}) {
  %weights = qnn.parameter "weights" #qnn.initializer<zeros> : tensor<64x10xf32>
  %bias = qnn.parameter "bias" #qnn.initializer<zeros> : tensor<10xf32>
  %scores = qnn.matmul %image, %weights bias(%bias) : (tensor<1x64xf32>, tensor<64x10xf32>, tensor<10xf32>) -> tensor<1x10xf32>
  return %scores : tensor<1x10xf32>
}
