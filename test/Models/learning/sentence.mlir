// Does a sentence end at byte 20 of a text, a space? A gated recurrent unit over
// embedded bytes.
func.func @sentence(%text: tensor<1x32xui8> {qnn.name = "text"})
    -> (tensor<1x2xf32> {qnn.name = "probabilities"}) {
  %bytes = qnn.one_hot %text depth(256) : (tensor<1x32xui8>) -> tensor<1x32x256xf32>
  %table = qnn.parameter "embedding" #qnn.initializer<glorot> : tensor<256x16xf32>
  %x = qnn.matmul %bytes, %table : (tensor<1x32x256xf32>, tensor<256x16xf32>) -> tensor<1x32x16xf32>
  %w = qnn.parameter "gru/weights" #qnn.initializer<glorot> : tensor<16x96xf32>
  %r = qnn.parameter "gru/recurrent" #qnn.initializer<glorot> : tensor<32x96xf32>
  %b = qnn.parameter "gru/bias" #qnn.initializer<zeros> : tensor<96xf32>
  %states, %state = qnn.gru %x, %w, %r bias(%b) : (tensor<1x32x16xf32>, tensor<16x96xf32>, tensor<32x96xf32>, tensor<96xf32>) -> (tensor<1x32x32xf32>, tensor<1x32xf32>)
  %w2 = qnn.parameter "dense/weights" #qnn.initializer<glorot> : tensor<32x2xf32>
  %b2 = qnn.parameter "dense/bias" #qnn.initializer<zeros> : tensor<2xf32>
  %logits = qnn.matmul %state, %w2 bias(%b2) : (tensor<1x32xf32>, tensor<32x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %probabilities = qnn.softmax %logits axis(1) : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %probabilities : tensor<1x2xf32>
}
