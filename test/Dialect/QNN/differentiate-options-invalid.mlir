// Options of qnn-differentiate that do not fit the function.
// RUN: not quant-opt %s --qnn-differentiate=function=h 2>&1 | FileCheck %s --check-prefix=FUNCTION
// RUN: not quant-opt %s --qnn-differentiate=function=f 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not quant-opt %s --qnn-differentiate="function=g arguments=2" 2>&1 | FileCheck %s --check-prefix=INDEX
// RUN: not quant-opt %s --qnn-differentiate="function=g arguments=1" 2>&1 | FileCheck %s --check-prefix=TYPE
// RUN: not quant-opt %s --qnn-differentiate="function=g arguments=0,0" 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not quant-opt %s --qnn-differentiate="function=dynamic arguments=0" 2>&1 | FileCheck %s --check-prefix=SHAPE
// RUN: not quant-opt %s --qnn-differentiate="function=g results=1" 2>&1 | FileCheck %s --check-prefix=RESULT

// FUNCTION: error: has no function 'h'
// NAME: error: expects no function 'f_gradient' beside it
// INDEX: error: has no argument 2
// TYPE: error: expects argument 1 to be an f32 tensor of static shape, got 'tensor<2xui8>'
// TWICE: error: has argument 0 chosen twice
// RESULT: error: has no result 1
// SHAPE: error: cannot differentiate qnn.mul of node 'qnn.mul': its shapes are not static

func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

func.func @f_gradient(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

func.func @g(%x: tensor<2xf32>, %raw: tensor<2xui8>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

func.func @dynamic(%x: tensor<1xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %0 = qnn.mul %x, %y : (tensor<1xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
