// RUN: not quant-opt %s --qnn-return-logits 2>&1 | FileCheck %s

// CHECK: error: expects a function of one block to return logits from
func.func @blocks(%x: tensor<3xf32>) -> tensor<3xf32> {
  cf.br ^next
^next:
  return %x : tensor<3xf32>
}
