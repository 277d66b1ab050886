// A long short-term memory that reads images of digits row by row.
func.func @lstm(%image: tensor<1x28x28xui8> {qnn.name = "image"})
    -> (tensor<1x10xf32> {qnn.name = "probabilities"}) {
  %x = qnn.normalize %image mean [0.0] scale [0.00392156886] : (tensor<1x28x28xui8>) -> tensor<1x28x28xf32>
  %w = qnn.parameter "lstm/weights" #qnn.initializer<glorot> : tensor<28x80xf32>
  %r = qnn.parameter "lstm/recurrent" #qnn.initializer<glorot> : tensor<20x80xf32>
  %b = qnn.parameter "lstm/bias" #qnn.initializer<zeros> : tensor<80xf32>
  %states, %state = qnn.lstm %x, %w, %r bias(%b) : (tensor<1x28x28xf32>, tensor<28x80xf32>, tensor<20x80xf32>, tensor<80xf32>) -> (tensor<1x28x20xf32>, tensor<1x20xf32>)
  %w2 = qnn.parameter "dense/weights" #qnn.initializer<glorot> : tensor<20x10xf32>
  %b2 = qnn.parameter "dense/bias" #qnn.initializer<zeros> : tensor<10xf32>
  %logits = qnn.matmul %state, %w2 bias(%b2) : (tensor<1x20xf32>, tensor<20x10xf32>, tensor<10xf32>) -> tensor<1x10xf32>
  %probabilities = qnn.softmax %logits axis(1) : (tensor<1x10xf32>) -> tensor<1x10xf32>
  return %probabilities : tensor<1x10xf32>
}
