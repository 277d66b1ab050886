// conv 32, pool, conv 64, dense 10 on 28x28 images of bytes.
func.func @cnn(%image: tensor<1x28x28x1xui8> {qnn.name = "image"})
    -> (tensor<1x10xf32> {qnn.name = "probabilities"}) {
  %x = qnn.normalize %image mean [0.0] scale [0.00392156886] : (tensor<1x28x28x1xui8>) -> tensor<1x28x28x1xf32>
  %w1 = qnn.parameter "conv1/weights" #qnn.initializer<he> : tensor<32x3x3x1xf32>
  %b1 = qnn.parameter "conv1/bias" #qnn.initializer<zeros> : tensor<32xf32>
  %y1 = qnn.conv2d %x, %w1 bias(%b1) pad [1, 1, 1, 1] clamp_min(0.0) : (tensor<1x28x28x1xf32>, tensor<32x3x3x1xf32>, tensor<32xf32>) -> tensor<1x28x28x32xf32>
  %p = qnn.max_pool2d %y1 kernel [2, 2] strides [2, 2] : (tensor<1x28x28x32xf32>) -> tensor<1x14x14x32xf32>
  %w2 = qnn.parameter "conv2/weights" #qnn.initializer<he> : tensor<64x3x3x32xf32>
  %b2 = qnn.parameter "conv2/bias" #qnn.initializer<zeros> : tensor<64xf32>
  %y2 = qnn.conv2d %p, %w2 bias(%b2) pad [1, 1, 1, 1] clamp_min(0.0) : (tensor<1x14x14x32xf32>, tensor<64x3x3x32xf32>, tensor<64xf32>) -> tensor<1x14x14x64xf32>
  %flat = tensor.collapse_shape %y2 [[0], [1, 2, 3]] : tensor<1x14x14x64xf32> into tensor<1x12544xf32>
  %w3 = qnn.parameter "dense/weights" #qnn.initializer<he> : tensor<12544x10xf32>
  %b3 = qnn.parameter "dense/bias" #qnn.initializer<zeros> : tensor<10xf32>
  %logits = qnn.matmul %flat, %w3 bias(%b3) : (tensor<1x12544xf32>, tensor<12544x10xf32>, tensor<10xf32>) -> tensor<1x10xf32>
  %probabilities = qnn.softmax %logits axis(1) : (tensor<1x10xf32>) -> tensor<1x10xf32>
  return %probabilities : tensor<1x10xf32>
}
