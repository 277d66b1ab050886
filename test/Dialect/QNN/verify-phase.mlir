// What each phase allows.
// RUN: quant-opt %s --qnn-verify-phase=phase=import | FileCheck %s
// RUN: quant-opt %s --qnn-verify-phase=phase=prepare | FileCheck %s
// RUN: quant-opt %s --qnn-verify-phase=phase=quantize | FileCheck %s
// RUN: not quant-opt %s --qnn-verify-phase=phase=legalize 2>&1 | FileCheck %s --check-prefix=LEGALIZE
// RUN: not quant-opt %s --qnn-verify-phase=phase=nothing 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// LEGALIZE: error: a quantized type is left
// UNKNOWN: error: unknown phase 'nothing'

/// Raw bytes, floats, quantized values; reshapes of tensor, constants of arith.
/// The clamps are of values that have another reader, no bounds, or codes.
// CHECK-LABEL: @mixed(
!q = !quant.uniform<u8:f32, 0.5>
func.func @mixed(%raw: tensor<1x2xui8>, %q: tensor<2x!q>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2x!q>) {
  %c = arith.constant dense<1.0> : tensor<2xf32>
  %0 = qnn.normalize %raw mean [0.0] scale [1.0] : (tensor<1x2xui8>) -> tensor<1x2xf32>
  %1 = tensor.collapse_shape %0 [[0, 1]] : tensor<1x2xf32> into tensor<2xf32>
  %2 = qnn.add %1, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %3 = qnn.clamp %2 clamp_min(0.0) : (tensor<2xf32>) -> tensor<2xf32>
  %4 = qnn.add %q, %q : (tensor<2x!q>, tensor<2x!q>) -> tensor<2x!q>
  %5 = qnn.clamp %4 clamp_min(1.0) : (tensor<2x!q>) -> tensor<2x!q>
  return %2, %3, %5 : tensor<2xf32>, tensor<2xf32>, tensor<2x!q>
}
