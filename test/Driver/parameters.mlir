// A model that was written by hand, with parameters and without names, is
// compiled, float and quantized, and run like an imported one.
// RUN: rm -rf %t && mkdir -p %t
// RUN: %python %S/Inputs/make-rows.py %t/x.npy "array([[1, 2], [-3, 4]], 'f4')"
// RUN: quant-compile %s --float -o %t | FileCheck %s --check-prefix=FLOAT
// RUN: quant-compile %s --calibrate=%t/x.npy -o %t | FileCheck %s
// RUN: quant-run %s --input=%t/x.npy --output=%t/y.npy
// RUN: quant-run %s --reference --input=%t/x.npy --output=%t/z.npy
// RUN: cmp %t/y.npy %t/z.npy
// RUN: sed 's/dense<0.5>/#qnn.initializer<zeros>/' %s > %t/initializer.mlir
// RUN: not quant-compile %t/initializer.mlir --float -o %t 2>&1 | FileCheck %s --check-prefix=VALUES
// RUN: not quant-run %t/initializer.mlir --input=%t/x.npy 2>&1 | FileCheck %s --check-prefix=VALUES

// FLOAT: model    affine
// CHECK: ops      1 in int8, 0 in float
// VALUES: error: {{.*}}parameter 'b' has an initializer only
func.func @affine(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = qnn.parameter "w" dense<[[1.0, -1.0], [2.0, 3.0]]> : tensor<2x2xf32>
  %b = qnn.parameter "b" dense<0.5> : tensor<2xf32>
  %0 = qnn.matmul %x, %w bias(%b)
    : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
