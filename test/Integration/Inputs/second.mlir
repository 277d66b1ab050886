// Elementwise only: no arena.
func.func @second(%x: tensor<3xf32>) -> tensor<3xf32> {
  %r = qnn.clamp %x clamp_min(0.0) : (tensor<3xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}
