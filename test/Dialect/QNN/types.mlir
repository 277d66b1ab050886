// Quantized element types: the upstream ones and ours.
// RUN: quant-opt %s | quant-opt | FileCheck %s
// RUN: quant-opt %s --emit-bytecode | quant-opt | FileCheck %s

/// One scale and zero point, also with a narrower range of codes.
// CHECK-LABEL: @per_tensor(
// CHECK-SAME: !quant.uniform<u8:f32, 5.000000e-01:3>
// CHECK-SAME: !quant.uniform<i8<-127:127>:f32, 5.000000e-01>
func.func private @per_tensor(tensor<2x!quant.uniform<u8:f32, 0.5:3>>, tensor<2x!quant.uniform<i8<-127:127>:f32, 0.5>>)

/// One scale for each slice along an axis.
// CHECK-LABEL: @per_axis(
// CHECK-SAME: !quant.uniform<i8:f32:1, {5.000000e-01,2.500000e-01:2}>
func.func private @per_axis(tensor<3x2x!quant.uniform<i8:f32:1, {0.5, 0.25:2}>>)

/// One scale for each block.
// CHECK-LABEL: @blockwise(
// CHECK-SAME: !quant.uniform<i8:f32:{0:1, 1:2}, {
func.func private @blockwise(tensor<2x4x!quant.uniform<i8:f32:{0:1, 1:2}, {{0.5, 0.25}, {1.0, 2.0}}>>)

/// A table that is shorter than its codes could tell apart; the level 0.1f
/// prints with all of its digits.
// CHECK-LABEL: @codebook(
// CHECK-SAME: !qnn.codebook<u2:f32, {-1.000000e+00, -2.500000e-01, 1.000000e+00}>
// CHECK-SAME: !qnn.codebook<u1:f32, {0.000000e+00, 0.10000000149011612}>
func.func private @codebook(tensor<2x!qnn.codebook<u2:f32, {-1.0, -0.25, 1.0}>>,
                            tensor<!qnn.codebook<u1:f32, {0.0, 0.10000000149011612}>>)

/// Seven exponents need the codes -7 to 7, which is all that 4 bits have.
// CHECK-LABEL: @pow2(
// CHECK-SAME: !qnn.pow2<i4:f32, -6:0>
// CHECK-SAME: !qnn.pow2<i2:f32, 127:127>
func.func private @pow2(tensor<2x!qnn.pow2<i4:f32, -6:0>>, tensor<2x!qnn.pow2<i2:f32, 127:127>>)
