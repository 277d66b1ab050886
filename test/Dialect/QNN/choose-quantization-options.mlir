// Options, and profiles that cannot be read.
// RUN: quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json per-channel=false" | FileCheck %s --check-prefix=TENSOR
// RUN: quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json calibrator=percentile percentile=100" | FileCheck %s --check-prefix=PERCENTILE
// RUN: not quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json percentile=100.5" 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: not quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json percentile=0" 2>&1 | FileCheck %s --check-prefix=ZERO
// RUN: not quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json calibrator=best" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json requantization=tflite_double" | FileCheck %s --check-prefix=TFLITE
// RUN: not quant-opt %s --qnn-choose-quantization="profile=%S/Inputs/profile.json requantization=tflite" 2>&1 | FileCheck %s --check-prefix=REQUANTIZATION
// RUN: not quant-opt %s --qnn-choose-quantization 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not quant-opt %s --qnn-choose-quantization=profile=%s 2>&1 | FileCheck %s --check-prefix=DAMAGED

// RANGE: expects a percentile above 0 and up to 100, got 100.5
// ZERO: expects a percentile above 0 and up to 100, got 0
// UNKNOWN: unknown calibrator 'best': expects minmax, percentile or mse
// REQUANTIZATION: unknown requantization 'tflite': expects float, tflite_single or tflite_double
// NONE: '': cannot read the calibration profile
// DAMAGED: damaged or truncated JSON

/// One scale for all columns is that of the largest: 63.5 / 127; the bias has
/// one, too: 0.5 * 0.5. In the profile all values of x are 0, and so is the
/// range of any percentile.
// TENSOR: !quant.uniform<i8<-127:127>:f32, 5.000000e-01>
// TENSOR-SAME: !quant.uniform<i32<-1073741824:1073741824>:f32, 2.500000e-01>
// TFLITE: func.func @matmul({{.*}}) -> tensor<1x2xf32> attributes {qnn.requantization = #qnn<requantization(tflite_double)>}
// TFLITE: qnn.matmul {{.*}} requantization(tflite_double)
// PERCENTILE: qnn.operand_types = [!quant.uniform<u8:f32, 1.000000e+00>,
func.func @matmul(%x: tensor<1x1xf32> loc("x")) -> tensor<1x2xf32> {
  %w = arith.constant dense<[[31.75, -63.5]]> : tensor<1x2xf32>
  %b = arith.constant dense<1.0> : tensor<2xf32>
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<1x1xf32>, tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32> loc("y")
  return %0 : tensor<1x2xf32>
}
