// The second output is the input.
func.func @bytes(%x: tensor<1x8xui8> {qnn.name = "x"})
    -> (tensor<1x2xf32> {qnn.name = "y"}, tensor<1x8xui8> {qnn.name = "z"}) {
  %weights = qnn.parameter "weights" dense<0.25> : tensor<8x2xf32>
  %real = qnn.normalize %x mean [0.0] scale [0.0078125] : (tensor<1x8xui8>) -> tensor<1x8xf32>
  %y = qnn.matmul %real, %weights : (tensor<1x8xf32>, tensor<8x2xf32>) -> tensor<1x2xf32>
  return %y, %x : tensor<1x2xf32>, tensor<1x8xui8>
}
