// Sums, products, clamps and raw inputs in integers.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-legalize | FileCheck %s

!a = !quant.uniform<u8:f32, 0.5>
!b = !quant.uniform<u8:f32, 0.25:4>
!y = !quant.uniform<u8:f32, 0.5:1>

/// Each side in units of the result, 0.5 / 0.5 = 1 and 0.25 / 0.5 = 0.5, then
/// the sum in f32. The clamp at 1 is the code 1 / 0.5 + 1 = 3.
// CHECK-LABEL: @add(
// CHECK: %[[A:.*]] = qnn.rescale %arg0 multiplier(dense<1.000000e+00> : tensor<f32>) : {{.*}} -> tensor<2xf32>
// CHECK: %[[B:.*]] = qnn.rescale %arg1 multiplier(dense<5.000000e-01> : tensor<f32>) input_zero_point(4) : {{.*}} -> tensor<1xf32>
// CHECK: %[[SUM:.*]] = qnn.add %[[A]], %[[B]] : {{.*}} -> tensor<2xf32>
// CHECK: qnn.rescale %[[SUM]] multiplier(dense<1.000000e+00> : tensor<f32>) output_zero_point(1) range(3, 255) :
func.func @add(%a: tensor<2x!a>, %b: tensor<1x!b>) -> tensor<2x!y> {
  %0 = qnn.add %a, %b clamp_min(1.0) : (tensor<2x!a>, tensor<1x!b>) -> tensor<2x!y>
  return %0 : tensor<2x!y>
}

// -----

!a = !quant.uniform<u8:f32, 0.5:2>
!b = !quant.uniform<i8:f32, 0.25:-4>

/// An exact product, then 0.5 * 0.25 / 0.5 = 0.25.
// CHECK-LABEL: @mul(
// CHECK: %[[ACC:.*]] = qnn.mul %arg0, %arg1 lhs_zero_point(2) rhs_zero_point(-4) : {{.*}} -> tensor<2xi32>
// CHECK: qnn.rescale %[[ACC]] multiplier(dense<2.500000e-01> : tensor<f32>) output_zero_point(2) range(0, 255) rounding(floor)
func.func @mul(%a: tensor<2x!a>, %b: tensor<2x!b>) -> tensor<2x!a> {
  %0 = qnn.mul %a, %b rounding(floor) : (tensor<2x!a>, tensor<2x!b>) -> tensor<2x!a>
  return %0 : tensor<2x!a>
}

// -----

/// Signed codes: 0.5 / 0.25 = 2; the bounds are -1 / 0.25 = -4 and 4.
// CHECK-LABEL: @clamp(
// CHECK: qnn.rescale %arg0 multiplier(dense<2.000000e+00> : tensor<f32>) input_zero_point(2) range(-4, 4) : (tensor<2xui8>) -> tensor<2xsi8>
func.func @clamp(%a: tensor<2x!quant.uniform<u8:f32, 0.5:2>>) -> tensor<2x!quant.uniform<i8:f32, 0.25>> {
  %0 = qnn.clamp %a clamp_min(-1.0) clamp_max(1.0) : (tensor<2x!quant.uniform<u8:f32, 0.5:2>>) -> tensor<2x!quant.uniform<i8:f32, 0.25>>
  return %0 : tensor<2x!quant.uniform<i8:f32, 0.25>>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-128>

/// (raw - 1) * 0.5 / 0.5 - 128 = raw - 129, at least -128. The second channel has
/// twice the scale: 2 (raw - 1) - 128. Bytes that are codes already stay.
// CHECK-LABEL: @normalize_raw(
// CHECK: qnn.lookup %arg0 table(dense<{{.*}}> : tensor<2x256xi8>) : (tensor<1x2xui8>) -> tensor<1x2xsi8>
// CHECK: return %{{.*}}, %arg0
func.func @normalize_raw(%raw: tensor<1x2xui8>) -> (tensor<1x2x!q>, tensor<1x2x!quant.uniform<u8:f32, 0.5:7>>) {
  %0 = qnn.normalize %raw mean [1.0] scale [0.5, 1.0] : (tensor<1x2xui8>) -> tensor<1x2x!q>
  %1 = qnn.normalize %raw mean [7.0] scale [0.5] : (tensor<1x2xui8>) -> tensor<1x2x!quant.uniform<u8:f32, 0.5:7>>
  return %0, %1 : tensor<1x2x!q>, tensor<1x2x!quant.uniform<u8:f32, 0.5:7>>
}

// -----

/// Levels -2 to 1 of raw - 128: the 127 bytes up to 126 are -2, 127 is -1, 128 is
/// 0, and the 127 bytes from 129 on are 1.
// CHECK-LABEL: @normalize_table(
// CHECK: table(dense<"0x{{(FE){127}FF00(01){127}["]}}> : tensor<256xi8>)
func.func @normalize_table(%raw: tensor<1xui8>) -> tensor<1x!quant.uniform<i8<-2:1>:f32, 1.0>> {
  %0 = qnn.normalize %raw mean [128.0] scale [1.0] : (tensor<1xui8>) -> tensor<1x!quant.uniform<i8<-2:1>:f32, 1.0>>
  return %0 : tensor<1x!quant.uniform<i8<-2:1>:f32, 1.0>>
}

// -----

/// Float input is normalized in float and quantized by a division.
// CHECK-LABEL: @normalize_float(
// CHECK: %[[REAL:.*]] = qnn.normalize %arg0 mean [1.000000e+00] scale [5.000000e-01] : (tensor<1xf32>) -> tensor<1xf32>
// CHECK: qnn.rescale %[[REAL]] multiplier(dense<2.500000e-01> : tensor<f32>) divide output_zero_point(3) range(0, 255) rounding(floor)
func.func @normalize_float(%x: tensor<1xf32>) -> tensor<1x!quant.uniform<u8:f32, 0.25:3>> {
  %0 = qnn.normalize %x mean [1.0] scale [0.5] rounding(floor) : (tensor<1xf32>) -> tensor<1x!quant.uniform<u8:f32, 0.25:3>>
  return %0 : tensor<1x!quant.uniform<u8:f32, 0.25:3>>
}
