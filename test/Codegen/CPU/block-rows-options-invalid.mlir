// A block of one row is there anyway.
// RUN: quant-opt %s -verify-diagnostics --qnn-block-rows=blocks=1

// expected-error@+1 {{expects blocks of at least 2 rows, got 1}}
func.func @f(%x: tensor<1x4xf32>) -> tensor<1x4xf32> attributes {qnn.dynamic_rows} {
  return %x : tensor<1x4xf32>
}
