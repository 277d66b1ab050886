// Logistic regression on 21 points of a hand.
func.func @keypoint(%points: tensor<1x42xf32> {qnn.name = "points"})
    -> (tensor<1x3xf32> {qnn.name = "probabilities"}) {
  %weights = qnn.parameter "weights" #qnn.initializer<zeros> : tensor<42x3xf32>
  %bias = qnn.parameter "bias" #qnn.initializer<zeros> : tensor<3xf32>
  %logits = qnn.matmul %points, %weights bias(%bias) : (tensor<1x42xf32>, tensor<42x3xf32>, tensor<3xf32>) -> tensor<1x3xf32>
  %probabilities = qnn.softmax %logits axis(1) : (tensor<1x3xf32>) -> tensor<1x3xf32>
  return %probabilities : tensor<1x3xf32>
}
