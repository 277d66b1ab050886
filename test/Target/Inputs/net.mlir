// A convolution, its requantization and a softmax: integers and floats.
func.func @net(%x: tensor<1x6x6x3xui8> {qnn.name = "image data", qnn.scale = 0.5, qnn.zero_point = 128 : i64})
    -> (tensor<1x4xf32> {qnn.name = "class"}) {
  %w = qnn.constant dense<[[[[1, 2, 3]]], [[[4, -5, 6]]], [[[-7, 8, 9]]], [[[10, 11, -12]]]]> : tensor<4x1x1x3xi8> as tensor<4x1x1x3xsi8>
  %a = qnn.conv2d %x, %w input_zero_point(128) : (tensor<1x6x6x3xui8>, tensor<4x1x1x3xsi8>) -> tensor<1x6x6x4xi32>
  %r = qnn.rescale %a multiplier(dense<[0.125, 0.1, 0.05, 0.075]> : tensor<4xf32>) output_zero_point(7) range(0, 255) : (tensor<1x6x6x4xi32>) -> tensor<1x6x6x4xui8>
  %s = qnn.sum %r axes [1, 2] input_zero_point(7) : (tensor<1x6x6x4xui8>) -> tensor<1x1x1x4xi32>
  %f = tensor.collapse_shape %s [[0, 1, 2], [3]] : tensor<1x1x1x4xi32> into tensor<1x4xi32>
  %d = qnn.rescale %f multiplier(dense<0.01> : tensor<f32>) : (tensor<1x4xi32>) -> tensor<1x4xf32>
  %y = qnn.softmax %d axis(1) : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}
