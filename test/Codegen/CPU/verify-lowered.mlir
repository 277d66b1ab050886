// RUN: quant-opt %s -split-input-file -verify-diagnostics -qnn-verify-lowered

func.func @negative_qnn(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{'qnn.clamp' op is left after lowering}}
  %r = qnn.clamp %x clamp_min(0.0) : (tensor<2xf32>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// -----

func.func @negative_alloc() {
  // expected-error @+1 {{'memref.alloc' op is left after lowering}}
  %a = memref.alloc() : memref<2xf32>
  return
}
