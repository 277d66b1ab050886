// A number for all rows together.
func.func @scalar(%x: tensor<1x64xf32> {qnn.name = "x"}) -> tensor<f32> {
  %w = qnn.parameter "w" #qnn.initializer<zeros> : tensor<64x1xf32>
  %y = qnn.matmul %x, %w : (tensor<1x64xf32>, tensor<64x1xf32>) -> tensor<1x1xf32>
  %0 = tensor.collapse_shape %y [] : tensor<1x1xf32> into tensor<f32>
  return %0 : tensor<f32>
}
