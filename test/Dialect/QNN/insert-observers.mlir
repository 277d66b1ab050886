// Observers on every value that can be quantized.
// RUN: quant-opt %s -split-input-file --qnn-insert-observers | FileCheck %s

/// Arguments and results, each once though read twice; weights, bias and
/// constants are known anyway.
// CHECK-LABEL: @conv2d(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor
// CHECK-NEXT: qnn.observe %[[X]] "x"
// CHECK-COUNT-2: arith.constant
// CHECK-NEXT: %[[Y:.*]] = qnn.conv2d
// CHECK-NEXT: qnn.observe %[[Y]] "y"
// CHECK-NEXT: %[[Z:.*]] = qnn.add %[[Y]], %[[Y]]
// CHECK-NEXT: qnn.observe %[[Z]] "z"
// CHECK-NEXT: return
func.func @conv2d(%x: tensor<1x1x1x1xf32> loc("x")) -> tensor<1x1x1x1xf32> {
  %w = arith.constant dense<2.0> : tensor<1x1x1x1xf32>
  %b = arith.constant dense<3.0> : tensor<1xf32>
  %y = qnn.conv2d %x, %w bias(%b) : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32> loc("y")
  %z = qnn.add %y, %y : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> loc("z")
  return %z : tensor<1x1x1x1xf32>
}

// -----

/// A matrix product of two activations observes both.
// CHECK-LABEL: @matmul_activations(
// CHECK-DAG: qnn.observe %{{.*}} "a"
// CHECK-DAG: qnn.observe %{{.*}} "b"
// CHECK: qnn.observe %{{.*}} "ab"
func.func @matmul_activations(%a: tensor<1x1xf32> loc("a"), %b: tensor<1x1xf32> loc("b")) -> tensor<1x1xf32> {
  %0 = qnn.matmul %a, %b : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32> loc("ab")
  return %0 : tensor<1x1xf32>
}

// -----

/// A transpose keeps the name, and so the statistics, of its input.
// CHECK-LABEL: @one_name(
// CHECK-COUNT-1: qnn.observe
// CHECK-NOT: qnn.observe
func.func @one_name(%x: tensor<1x2xf32> loc("x")) -> tensor<2x1xf32> {
  %0 = qnn.transpose %x [1, 0] : (tensor<1x2xf32>) -> tensor<2x1xf32> loc("x")
  return %0 : tensor<2x1xf32>
}

// -----

/// What is computed again under one name, a state after two steps, counts twice.
// CHECK-LABEL: @one_name_of_two(
// CHECK: qnn.observe %{{.*}} "x"
// CHECK: %[[A:.*]] = qnn.tanh
// CHECK-NEXT: qnn.observe %[[A]] "state"
// CHECK-NEXT: %[[B:.*]] = qnn.tanh
// CHECK-NEXT: qnn.observe %[[B]] "state"
func.func @one_name_of_two(%x: tensor<2xf32> loc("x")) -> tensor<2xf32> {
  %0 = qnn.tanh %x : (tensor<2xf32>) -> tensor<2xf32> loc("state")
  %1 = qnn.tanh %0 : (tensor<2xf32>) -> tensor<2xf32> loc("state")
  return %1 : tensor<2xf32>
}

// -----

/// The name of a value may be part of a fused location; raw bytes are no
/// activation.
// CHECK-LABEL: @fused_location(
// CHECK-NOT: "raw"
// CHECK: qnn.observe %{{.*}} "x" : tensor<1x2xf32>
func.func @fused_location(%raw: tensor<1x2xui8> loc("raw")) -> tensor<1x2xf32> {
  %0 = qnn.normalize %raw mean [0.0] scale [1.0] : (tensor<1x2xui8>) -> tensor<1x2xf32> loc(fused["model.onnx":1:1, "x"("node")])
  return %0 : tensor<1x2xf32>
}

// -----

/// Nothing computes: nothing to observe, and nothing that needs a name.
// CHECK-LABEL: @negative_argument_is_result(
// CHECK-NEXT: return
func.func @negative_argument_is_result(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  return %x : tensor<1x2xf32>
}

// -----

/// Quantized values have their range in the type.
// CHECK-LABEL: @negative_quantized(
// CHECK-NOT: qnn.observe
func.func @negative_quantized(%x: tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2x!quant.uniform<u8:f32, 0.5>> {
  %0 = qnn.clamp %x clamp_min(1.0) : (tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  return %0 : tensor<2x!quant.uniform<u8:f32, 0.5>>
}
