// Two inputs and two outputs, in the order of the function.

// RUN: %python %S/../Driver/Inputs/make-rows.py %t.a.npy "array([[1, 2], [3, 4]], 'f4')"
// RUN: %python %S/../Driver/Inputs/make-rows.py %t.b.npy "array([[10, 20], [30, 40]], 'i4')"
// RUN: quant-run %s --input=%t.a.npy --input=%t.b.npy --output=%t.s.npy,%t.d.npy
// RUN: %python -c "import numpy; print(numpy.load('%t.s.npy').tolist(), numpy.load('%t.d.npy').tolist())" | FileCheck %s
// RUN: quant-run %s --input=%t.a.npy,%t.b.npy --output=%t.s.npy,%t.d.npy --reference
// RUN: %python -c "import numpy; print(numpy.load('%t.s.npy').tolist(), numpy.load('%t.d.npy').tolist())" | FileCheck %s
// CHECK: {{\[}}[11.0, 22.0], [33.0, 44.0]] {{\[}}[-9.0, -18.0], [-27.0, -36.0]]

// RUN: not quant-run %s --input=%t.a.npy 2>&1 | FileCheck %s --check-prefix=ONE
// ONE: the model has 2 inputs, but 1 data files were given

// RUN: %python %S/../Driver/Inputs/make-rows.py %t.c.npy "array([[1, 2]], 'f4')"
// RUN: not quant-run %s --input=%t.a.npy,%t.c.npy 2>&1 | FileCheck %s --check-prefix=ROWS
// ROWS: c.npy: has 1 rows, but the file of the first input has 2: give as many rows for each

func.func @several(%a: tensor<1x2xf32>, %b: tensor<1x2xf32>)
    -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %s = qnn.add %a, %b : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %d = qnn.sub %a, %b : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %s, %d : tensor<1x2xf32>, tensor<1x2xf32>
}
