func.func @model(%x: tensor<1x64xf32>) -> tensor<1x64xf32> {
  %0 = qnn.softmax %x axis(1) : (tensor<1x64xf32>) -> tensor<1x64xf32>
  return %0 : tensor<1x64xf32>
}
