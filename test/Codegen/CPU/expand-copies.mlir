// RUN: quant-opt %s -qnn-expand-copies | FileCheck %s

// CHECK-LABEL: @copy
// CHECK-NOT: memref.copy
// CHECK: linalg.generic
func.func @copy(%x: memref<2x3xi8>, %y: memref<2x3xi8, strided<[5, 1]>>) {
  memref.copy %x, %y : memref<2x3xi8> to memref<2x3xi8, strided<[5, 1]>>
  return
}
