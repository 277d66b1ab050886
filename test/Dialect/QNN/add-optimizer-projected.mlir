// Parameters that stay on the grid of their codes.
// RUN: quant-opt %s --qnn-training-step-pipeline="loss=mse hold=projected" | FileCheck %s --check-prefix=NEAREST
// RUN: quant-opt %s --qnn-training-step-pipeline="loss=mse hold=projected projected-rounding=stochastic" | FileCheck %s --check-prefix=STOCHASTIC
// RUN: not quant-opt %s --qnn-training-step-pipeline="loss=mse hold=tight" 2>&1 | FileCheck %s --check-prefix=HOLD
// RUN: not quant-opt %s --qnn-training-step-pipeline="loss=mse hold=projected projected-rounding=up" 2>&1 | FileCheck %s --check-prefix=ROUNDING
// RUN: not quant-opt %s --qnn-training-step-pipeline="function=float loss=mse hold=projected" 2>&1 | FileCheck %s --check-prefix=FLOAT
// RUN: not quant-opt %s --qnn-training-step-pipeline="function=learned loss=mse hold=projected" 2>&1 | FileCheck %s --check-prefix=LEARNED
// RUN: not quant-opt %s --qnn-training-step-pipeline="function=levels loss=mse hold=projected projected-rounding=stochastic" 2>&1 | FileCheck %s --check-prefix=LEVELS

// HOLD: error: unknown hold 'tight': expects shadow or projected
// ROUNDING: error: unknown projected-rounding 'up': expects nearest or stochastic
// FLOAT: error: expects a parameter that is quantized, to hold projected
// LEARNED: error: cannot hold parameter 'w' projected: its scale is learned, too, so that the grid moves
// LEVELS: error: cannot hold parameter 'w' projected: stochastic rounding needs steps of one size, and its type is not uniform

// NEAREST-LABEL: func.func @step(
// NEAREST: %[[SUM:.*]] = qnn.sub %arg1,
// NEAREST: %[[NEW:.*]] = qnn.fake_quantize %[[SUM]] as !quant.uniform<i8<-7:7>:f32:1, {2.500000e-01,5.000000e-01}>
// NEAREST: return %{{.*}}, %{{.*}}, %[[NEW]]

/// Moved by less than half the scale of its channel.
// STOCHASTIC-LABEL: func.func @step(
// STOCHASTIC-SAME: %[[SEED:arg[0-9]]]: tensor<i32> {qnn.name = "seed", qnn.role = "seed"}
// STOCHASTIC-DAG: %[[SCALES:.*]] = arith.constant dense<{{\[}}[2.500000e-01, 5.000000e-01]]> : tensor<1x2xf32>
// STOCHASTIC-DAG: %[[HALF:.*]] = arith.constant dense<5.000000e-01> : tensor<f32>
// STOCHASTIC: %[[SUM:.*]] = qnn.sub %arg1
// STOCHASTIC: %[[RANDOM:.*]] = qnn.random_uniform %[[SEED]] stream(0)
// STOCHASTIC: %[[STEPS:.*]] = qnn.sub %[[RANDOM]], %[[HALF]]
// STOCHASTIC: %[[DISTANCE:.*]] = qnn.mul %[[STEPS]], %[[SCALES]]
// STOCHASTIC: %[[MOVED:.*]] = qnn.add %[[SUM]], %[[DISTANCE]]
// STOCHASTIC: qnn.fake_quantize %[[MOVED]] as
func.func @model(%x: tensor<3x2xf32>, %w: tensor<3x2xf32> {qnn.parameter = "w", qnn.name = "w"}) -> tensor<3x2xf32> {
  %q = qnn.fake_quantize %w as !quant.uniform<i8<-7:7>:f32:1, {0.25, 0.5}> : (tensor<3x2xf32>) -> tensor<3x2xf32>
  %0 = qnn.mul %x, %q : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

/// Codes of 32 bits are no grid worth the name.
func.func @float(%x: tensor<3x2xf32>, %w: tensor<3x2xf32> {qnn.parameter = "w", qnn.name = "w"}) -> tensor<3x2xf32> {
  %q = qnn.fake_quantize %w as !quant.uniform<i32:f32, 0.25> : (tensor<3x2xf32>) -> tensor<3x2xf32>
  %0 = qnn.mul %x, %q : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

func.func @learned(%w: tensor<3x2xf32> {qnn.parameter = "w", qnn.name = "w"}, %s: tensor<f32> {qnn.scale = "s"}) -> tensor<3x2xf32> {
  %q = qnn.fake_quantize %w scale(%s) as !quant.uniform<i8<-7:7>:f32, 0.25> codes : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x2xf32>
  return %q : tensor<3x2xf32>
}

func.func @levels(%w: tensor<3x2xf32> {qnn.parameter = "w", qnn.name = "w"}) -> tensor<3x2xf32> {
  %q = qnn.fake_quantize %w as !qnn.pow2<i4:f32, -3:0> : (tensor<3x2xf32>) -> tensor<3x2xf32>
  return %q : tensor<3x2xf32>
}
