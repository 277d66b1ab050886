// One head on rows of 3 vectors behind a token, in floats and quantized.

func.func @model(%x: tensor<1x3x4xf32> {qnn.name = "x"}) -> (tensor<1x4x4xf32> {qnn.name = "y"}) {
  %token = arith.constant dense<[[[0.5, -1.0, 0.25, 2.0]]]> : tensor<1x1x4xf32>
  %position = arith.constant dense<[[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8], [-0.1, -0.2, -0.3, -0.4], [1.0, 0.0, 2.0, 0.0]]> : tensor<4x4xf32>
  %0 = tensor.concat dim(1) %token, %x : (tensor<1x1x4xf32>, tensor<1x3x4xf32>) -> tensor<1x4x4xf32>
  %1 = tensor.collapse_shape %0 [[0, 1], [2]] : tensor<1x4x4xf32> into tensor<4x4xf32>
  %2 = qnn.add %1, %position : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %3 = qnn.transpose %2 [1, 0] : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %4 = qnn.matmul %2, %3 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %5 = qnn.softmax %4 axis(1) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %q = qnn.quantize %2 : (tensor<4x4xf32>) -> tensor<4x4x!quant.uniform<u8:f32, 0.03:100>>
  %k = qnn.quantize %3 : (tensor<4x4xf32>) -> tensor<4x4x!quant.uniform<i8:f32, 0.04:3>>
  %7 = qnn.matmul %q, %k : (tensor<4x4x!quant.uniform<u8:f32, 0.03:100>>, tensor<4x4x!quant.uniform<i8:f32, 0.04:3>>) -> tensor<4x4x!quant.uniform<i8:f32, 0.1>>
  %8 = qnn.dequantize %7 : (tensor<4x4x!quant.uniform<i8:f32, 0.1>>) -> tensor<4x4xf32>
  %9 = qnn.add %5, %8 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %10 = tensor.expand_shape %9 [[0, 1], [2]] output_shape [1, 4, 4] : tensor<4x4xf32> into tensor<1x4x4xf32>
  return %10 : tensor<1x4x4xf32>
}
