// A number of rows that is none.
// RUN: quant-opt %s -verify-diagnostics --qnn-set-batch=batch=0

// expected-error@+1 {{expects a batch of at least 1, got 0}}
func.func @f(%x: tensor<1x3xf32>) {
  return
}
