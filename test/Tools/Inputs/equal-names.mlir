// An input of the name of a parameter, and a parameter that is called as the
// mask of another one might be.
func.func @names(%image: tensor<1x64xf32> {qnn.name = "w"})
    -> (tensor<1x10xf32> {qnn.name = "logits"}) {
  %first = qnn.parameter "w" #qnn.initializer<glorot> : tensor<64x16xf32>
  %second = qnn.parameter "w/mask" #qnn.initializer<glorot> : tensor<16x10xf32>
  %hidden = qnn.matmul %image, %first : (tensor<1x64xf32>, tensor<64x16xf32>) -> tensor<1x16xf32>
  %logits = qnn.matmul %hidden, %second : (tensor<1x16xf32>, tensor<16x10xf32>) -> tensor<1x10xf32>
  return %logits : tensor<1x10xf32>
}
