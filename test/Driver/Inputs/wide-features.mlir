// Many values in between, from few weights.
func.func @wide(%x: tensor<1x1x64xf32> {qnn.name = "x"})
    -> (tensor<1x1x2xf32> {qnn.name = "y"}) {
  %offsets = qnn.parameter "offsets" dense<0.5> : tensor<1x1024x1xf32>
  %weights = qnn.parameter "weights" dense<0.25> : tensor<64x2xf32>
  %sum = qnn.add %x, %offsets : (tensor<1x1x64xf32>, tensor<1x1024x1xf32>) -> tensor<1x1024x64xf32>
  %mean = qnn.mean %sum axes [1] : (tensor<1x1024x64xf32>) -> tensor<1x1x64xf32>
  %y = qnn.matmul %mean, %weights : (tensor<1x1x64xf32>, tensor<64x2xf32>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
}
