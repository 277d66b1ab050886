// Sums of 2x2 windows, by a convolution, and a second one that changes nothing:
// needs an arena for what is between.
func.func @first(%x: tensor<1x2x3x2xui8> {qnn.name = "x"}) -> tensor<1x1x2x1xui8> {
  %w = qnn.constant dense<1> : tensor<1x2x2x2xi8> as tensor<1x2x2x2xsi8>
  %a = qnn.conv2d %x, %w : (tensor<1x2x3x2xui8>, tensor<1x2x2x2xsi8>) -> tensor<1x1x2x1xi32>
  %r = qnn.rescale %a multiplier(dense<0.5> : tensor<f32>) range(0, 255) : (tensor<1x1x2x1xi32>) -> tensor<1x1x2x1xui8>
  %one = qnn.constant dense<1> : tensor<1x1x1x1xi8> as tensor<1x1x1x1xsi8>
  %b = qnn.conv2d %r, %one : (tensor<1x1x2x1xui8>, tensor<1x1x1x1xsi8>) -> tensor<1x1x2x1xi32>
  %s = qnn.rescale %b multiplier(dense<1.0> : tensor<f32>) range(0, 255) : (tensor<1x1x2x1xi32>) -> tensor<1x1x2x1xui8>
  return %s : tensor<1x1x2x1xui8>
}
