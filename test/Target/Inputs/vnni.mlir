module attributes {qnn.target = "avx512vnni"} {
  func.func @net(%x: tensor<4xf32>) -> tensor<4xf32> {
    %r = qnn.clamp %x clamp_min(0.0) : (tensor<4xf32>) -> tensor<4xf32>
    return %r : tensor<4xf32>
  }
}
