// The quantize phase, from profile to codes, and the legalize phase behind it.
// RUN: quant-opt %s --qnn-quantize-pipeline=profile=%S/Inputs/profile.json | FileCheck %s
// RUN: quant-opt %s --qnn-quantize-pipeline=profile=%S/Inputs/profile.json --qnn-legalize-pipeline | FileCheck %s --check-prefix=LEGAL
// RUN: quant-opt %s --qnn-quantize-pipeline="profile=%S/Inputs/profile.json per-channel=false" | FileCheck %s --check-prefix=TENSOR

// RUN: quant-opt %s --qnn-quantize-pipeline="profile=%S/Inputs/profile.json requantization=tflite_single" --qnn-legalize-pipeline | FileCheck %s --check-prefix=TFLITE

/// x is in [0, 127.5] and has scale 0.5, y in [-64, 191] has 1 and zero point
/// 64. Weights 31.75 and -63.5 have scales 0.25 and 0.5 and the codes 127 and
/// -127; the bias 1 is 1 / 0.125 = 8 and 1 / 0.25 = 4. With one scale, 0.5,
/// 31.75 is 63.5, a tie, and 64.
// CHECK-LABEL: @matmul(
// CHECK-NOT: arith.constant
// CHECK-DAG: %[[W:.*]] = qnn.constant dense<{{\[}}[127, -127]]>
// CHECK-DAG: %[[B:.*]] = qnn.constant dense<[8, 4]>
// CHECK-DAG: %[[X:.*]] = qnn.quantize %arg0
// CHECK: %[[Y:.*]] = qnn.matmul %[[X]], %[[W]] bias(%[[B]]) : {{.*}} -> tensor<1x2x!quant.uniform<u8:f32, 1.000000e+00:64>>
// CHECK: %[[F:.*]] = qnn.dequantize %[[Y]]
// CHECK: return %[[F]]

// TENSOR-DAG: qnn.constant dense<{{\[}}[64, -127]]>
// TENSOR-DAG: qnn.constant dense<4>

// TFLITE: qnn.fixed_point_rescale %{{.*}} multiplier [1073741824, 1073741824] shift [-2, -1] output_zero_point(64) range(0, 255) requantization(tflite_single)

/// Multipliers are 0.5 * 0.25 and 0.5 * 0.5.
// LEGAL-LABEL: @matmul(
// LEGAL: %[[X:.*]] = qnn.rescale %arg0 multiplier(dense<5.000000e-01> : tensor<f32>) divide range(0, 255) : {{.*}} -> tensor<1x1xui8>
// LEGAL: %[[ACC:.*]] = qnn.matmul %[[X]], {{.*}} -> tensor<1x2xi32>
// LEGAL: %[[Y:.*]] = qnn.rescale %[[ACC]] multiplier(dense<[1.250000e-01, 2.500000e-01]> : tensor<2xf32>) output_zero_point(64) range(0, 255)
// LEGAL: qnn.rescale %[[Y]] multiplier(dense<1.000000e+00> : tensor<f32>) input_zero_point(64) : {{.*}} -> tensor<1x2xf32>
func.func @matmul(%x: tensor<1x1xf32> loc("x")) -> tensor<1x2xf32> {
  %w = arith.constant dense<[[31.75, -63.5]]> : tensor<1x2xf32>
  %b = arith.constant dense<1.0> : tensor<2xf32>
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<1x1xf32>, tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32> loc("y")
  return %0 : tensor<1x2xf32>
}
