// Classes, and something else.
func.func @two(%image: tensor<1x64xf32> {qnn.name = "image"})
    -> (tensor<1x10xf32> {qnn.name = "logits"}, tensor<1x2xf32> {qnn.name = "other"}) {
  %weights = qnn.parameter "weights" #qnn.initializer<glorot> : tensor<64x10xf32>
  %more = qnn.parameter "more" #qnn.initializer<glorot> : tensor<64x2xf32>
  %logits = qnn.matmul %image, %weights : (tensor<1x64xf32>, tensor<64x10xf32>) -> tensor<1x10xf32>
  %other = qnn.matmul %image, %more : (tensor<1x64xf32>, tensor<64x2xf32>) -> tensor<1x2xf32>
  return %logits, %other : tensor<1x10xf32>, tensor<1x2xf32>
}
