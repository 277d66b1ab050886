// Three convolutions of 32, 64 and 128 channels on 224x224 pictures, dense 32
// and 10: what a step takes where activations are large.
func.func @pictures(%image: tensor<1x224x224x3xui8> {qnn.name = "image"})
    -> (tensor<1x10xf32> {qnn.name = "probabilities"}) {
  %x0 = qnn.normalize %image mean [0.0] scale [0.00392156886] : (tensor<1x224x224x3xui8>) -> tensor<1x224x224x3xf32>
  %w1 = qnn.parameter "conv1/weights" #qnn.initializer<he> : tensor<32x3x3x3xf32>
  %b1 = qnn.parameter "conv1/bias" #qnn.initializer<zeros> : tensor<32xf32>
  %y1 = qnn.conv2d %x0, %w1 bias(%b1) pad [1, 1, 1, 1] clamp_min(0.0) : (tensor<1x224x224x3xf32>, tensor<32x3x3x3xf32>, tensor<32xf32>) -> tensor<1x224x224x32xf32>
  %x1 = qnn.max_pool2d %y1 kernel [2, 2] strides [2, 2] : (tensor<1x224x224x32xf32>) -> tensor<1x112x112x32xf32>
  %w2 = qnn.parameter "conv2/weights" #qnn.initializer<he> : tensor<64x3x3x32xf32>
  %b2 = qnn.parameter "conv2/bias" #qnn.initializer<zeros> : tensor<64xf32>
  %y2 = qnn.conv2d %x1, %w2 bias(%b2) pad [1, 1, 1, 1] clamp_min(0.0) : (tensor<1x112x112x32xf32>, tensor<64x3x3x32xf32>, tensor<64xf32>) -> tensor<1x112x112x64xf32>
  %x2 = qnn.max_pool2d %y2 kernel [2, 2] strides [2, 2] : (tensor<1x112x112x64xf32>) -> tensor<1x56x56x64xf32>
  %w3 = qnn.parameter "conv3/weights" #qnn.initializer<he> : tensor<128x3x3x64xf32>
  %b3 = qnn.parameter "conv3/bias" #qnn.initializer<zeros> : tensor<128xf32>
  %y3 = qnn.conv2d %x2, %w3 bias(%b3) pad [1, 1, 1, 1] clamp_min(0.0) : (tensor<1x56x56x64xf32>, tensor<128x3x3x64xf32>, tensor<128xf32>) -> tensor<1x56x56x128xf32>
  %x3 = qnn.max_pool2d %y3 kernel [2, 2] strides [2, 2] : (tensor<1x56x56x128xf32>) -> tensor<1x28x28x128xf32>
  %flat = tensor.collapse_shape %x3 [[0], [1, 2, 3]] : tensor<1x28x28x128xf32> into tensor<1x100352xf32>
  %w4 = qnn.parameter "dense1/weights" #qnn.initializer<he> : tensor<100352x32xf32>
  %b4 = qnn.parameter "dense1/bias" #qnn.initializer<zeros> : tensor<32xf32>
  %h = qnn.matmul %flat, %w4 bias(%b4) clamp_min(0.0) : (tensor<1x100352xf32>, tensor<100352x32xf32>, tensor<32xf32>) -> tensor<1x32xf32>
  %w5 = qnn.parameter "dense2/weights" #qnn.initializer<he> : tensor<32x10xf32>
  %b5 = qnn.parameter "dense2/bias" #qnn.initializer<zeros> : tensor<10xf32>
  %logits = qnn.matmul %h, %w5 bias(%b5) : (tensor<1x32xf32>, tensor<32x10xf32>, tensor<10xf32>) -> tensor<1x10xf32>
  %probabilities = qnn.softmax %logits axis(1) : (tensor<1x10xf32>) -> tensor<1x10xf32>
  return %probabilities : tensor<1x10xf32>
}
