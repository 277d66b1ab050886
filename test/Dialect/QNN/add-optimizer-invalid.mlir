// RUN: not quant-opt %s --split-input-file --qnn-add-optimizer 2>&1 | FileCheck %s
// RUN: not quant-opt %s --split-input-file --qnn-add-optimizer=optimizer=newton 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not quant-opt %s --split-input-file --qnn-add-optimizer=beta1=1 2>&1 | FileCheck %s --check-prefix=FRACTION
// RUN: not quant-opt %s --split-input-file --qnn-add-optimizer=momentum=nan 2>&1 | FileCheck %s --check-prefix=NAN
// RUN: not quant-opt %s --split-input-file --qnn-add-optimizer=clip-norm=-1 2>&1 | FileCheck %s --check-prefix=AMOUNT
// RUN: not quant-opt %s --split-input-file --qnn-add-optimizer=scale-decay=-1 2>&1 | FileCheck %s --check-prefix=DECAY
// RUN: not quant-opt %s --split-input-file --qnn-add-optimizer=epsilon=0 2>&1 | FileCheck %s --check-prefix=EPSILON

// FRACTION: error: expects beta1 of at least 0 and below 1, got 1.0
// NAN: error: expects momentum of at least 0 and below 1, got nan
// AMOUNT: error: expects a finite clip-norm of at least 0, got -1.0
// DECAY: error: expects a finite scale-decay of at least 0, got -1.0
// EPSILON: error: expects epsilon above 0, got 0.0
// CHECK: error: has no function 'loss_gradient': run qnn-add-loss and qnn-differentiate first
func.func @loss() {
  return
}

// -----

// CHECK: error: expects arguments with names and roles, argument 0 has none
// UNKNOWN: error: unknown optimizer 'newton': expects one of sgd, momentum, nesterov
func.func @loss_gradient(%x: tensor<2xf32>, %d: tensor<f32>) -> tensor<f32> {
  return %d : tensor<f32>
}

// -----

// CHECK: error: expects a parameter, scale or zero point to learn
func.func @loss_gradient(%x: tensor<2xf32> {qnn.name = "x", qnn.role = "input"}, %d: tensor<f32>) -> tensor<f32> {
  return %d : tensor<f32>
}
