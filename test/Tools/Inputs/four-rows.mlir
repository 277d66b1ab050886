// Always four rows.
func.func @four(%x: tensor<4x64xf32> {qnn.name = "x"})
    -> (tensor<4x10xf32> {qnn.name = "y"}) {
  %weights = qnn.parameter "weights" #qnn.initializer<zeros> : tensor<64x10xf32>
  %y = qnn.matmul %x, %weights : (tensor<4x64xf32>, tensor<64x10xf32>) -> tensor<4x10xf32>
  return %y : tensor<4x10xf32>
}
