// RUN: quant-opt %s --qnn-return-logits | FileCheck %s

/// Through what moves or rounds the probabilities.
// CHECK-LABEL: func.func @softmax(
// CHECK-SAME: -> (tensor<1x1x3xf32>, tensor<3xf32>)
// CHECK: return %arg0, %arg1
func.func @softmax(%x: tensor<1x1x3xf32>, %y: tensor<3xf32>) -> (tensor<1x3xf32>, tensor<3xf32>) {
  %0 = qnn.softmax %x axis(2) : (tensor<1x1x3xf32>) -> tensor<1x1x3xf32>
  %1 = tensor.collapse_shape %0 [[0], [1, 2]] : tensor<1x1x3xf32> into tensor<1x3xf32>
  %2 = qnn.softmax %y axis(0) : (tensor<3xf32>) -> tensor<3xf32>
  %3 = qnn.quantize %2 : (tensor<3xf32>) -> tensor<3x!quant.uniform<u8:f32, 0.00390625>>
  %4 = qnn.dequantize %3 : (tensor<3x!quant.uniform<u8:f32, 0.00390625>>) -> tensor<3xf32>
  return %1, %4 : tensor<1x3xf32>, tensor<3xf32>
}

/// In the simulation of a quantized softmax the float one is the surrogate.
// CHECK-LABEL: func.func @simulated(
// CHECK: return %arg0
func.func @simulated(%x: tensor<3xf32>, %codes: tensor<3xf32>) -> tensor<3xf32> {
  %scale = arith.constant dense<0.5> : tensor<f32>
  %0 = qnn.softmax %x axis(0) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = qnn.mul %0, %scale : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %2 = qnn.straight_through %codes, %1 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %3 = qnn.mul %2, %scale : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  return %3 : tensor<3xf32>
}

/// A softmax that is not at the end.
// CHECK-LABEL: func.func @negative_softmax_inside(
// CHECK: %[[P:.*]] = qnn.softmax
// CHECK: %[[R:.*]] = qnn.add %[[P]]
// CHECK: return %[[R]]
func.func @negative_softmax_inside(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = qnn.softmax %x axis(0) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = qnn.add %0, %x : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

/// A product is no rounding.
// CHECK-LABEL: func.func @negative_scaled(
// CHECK: %[[R:.*]] = qnn.mul
// CHECK: return %[[R]]
func.func @negative_scaled(%x: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<3xf32> {
  %0 = qnn.sigmoid %x : (tensor<3xf32>) -> tensor<3xf32>
  %1 = qnn.mul %0, %y : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}
