// RUN: quant-opt %s --qnn-materialize-parameters=seed=1 -split-input-file -verify-diagnostics | FileCheck %s
// RUN: quant-opt %s --qnn-materialize-parameters=seed=2 -split-input-file -verify-diagnostics | FileCheck %s --check-prefix=OTHER

/// The bounds: uniform 1 / sqrt(2), he sqrt(6 / 2), glorot sqrt(6 / (2 + 4));
/// the bias has the fan-in of the weights.
// CHECK-LABEL: func.func @model(
// CHECK: %{{.*}} = qnn.parameter "given" dense<2.000000e+00> : tensor<4xf32>
// CHECK-NEXT: %{{.*}} = qnn.parameter "zeros" dense<0.000000e+00> : tensor<4xf32>
// CHECK-NEXT: %{{.*}} = qnn.parameter "uniform" dense<[0.356211036, 0.196107984, 0.660708725, 0.38050136]> : tensor<4xf32>
// OTHER: qnn.parameter "given" dense<2.000000e+00> : tensor<4xf32>
// OTHER-NOT: 0.356211036
// OTHER: return
func.func @model(%x: tensor<1x2xf32>) -> (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>) {
  %given = qnn.parameter "given" dense<2.0> : tensor<4xf32>
  %zeros = qnn.parameter "zeros" #qnn.initializer<zeros> : tensor<4xf32>
  %uniform = qnn.parameter "uniform" #qnn.initializer<uniform> : tensor<4xf32>
  %he = qnn.parameter "he" #qnn.initializer<he> : tensor<2x4xf32>
  %glorot = qnn.parameter "glorot" #qnn.initializer<glorot> : tensor<2x4xf32>
  %0 = qnn.matmul %x, %he bias(%uniform)
    : (tensor<1x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %1 = qnn.matmul %x, %glorot bias(%zeros)
    : (tensor<1x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %2 = qnn.matmul %x, %glorot bias(%given)
    : (tensor<1x2xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return %0, %1, %2 : tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>
}

// -----

func.func @no_layer() -> tensor<2xf32> {
  // expected-error@+1 {{expects to be the weights or the bias of a layer, whose extents its initializer needs}}
  %0 = qnn.parameter "w" #qnn.initializer<he> : tensor<2xf32>
  return %0 : tensor<2xf32>
}
