// Operations that stay float, each with its reason.
// RUN: quant-opt %s -split-input-file --qnn-choose-quantization=profile=%S/Inputs/profile.json | FileCheck %s

/// What was never calibrated has no range: an all-float model.
// CHECK-LABEL: @no_statistics(
// CHECK: qnn.add {{.*}} {qnn.stays_float = "no statistics of value 'new'"}
func.func @no_statistics(%x: tensor<1xf32> loc("x")) -> tensor<1xf32> {
  %0 = qnn.add %x, %x : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32> loc("new")
  return %0 : tensor<1xf32>
}

// -----

/// A value without a name is in no profile.
// CHECK-LABEL: @no_name(
// CHECK: qnn.stays_float = "no statistics of value ''"
func.func @no_name(%x: tensor<1xf32> loc("x")) -> tensor<1xf32> {
  %0 = qnn.add %x, %x : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  return %0 : tensor<1xf32>
}

// -----

/// One member of a group without statistics: no range is that of the group, and
/// all that touch it stay float, the sum before the pool included.
// CHECK-LABEL: @group_without_member(
// CHECK: qnn.add {{.*}} {qnn.stays_float = "no statistics of value 'pooled'"}
// CHECK: qnn.max_pool2d {{.*}} {qnn.stays_float = "no statistics of value 'pooled'"
func.func @group_without_member(%x: tensor<1x1x1x1xf32> loc("x")) -> tensor<1x1x1x1xf32> {
  %0 = qnn.add %x, %x : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> loc("y")
  %1 = qnn.max_pool2d %0 kernel [1, 1] : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> loc("pooled")
  return %1 : tensor<1x1x1x1xf32>
}

// -----

/// Statistics that say nothing.
// CHECK-LABEL: @bad_statistics(
// CHECK: qnn.add {{.*}} "value 'nan': 1 values are NaN or infinite
// CHECK: qnn.add {{.*}} "value 'never': no values were observed
func.func @bad_statistics(%x: tensor<1xf32> loc("x")) -> (tensor<1xf32>, tensor<1xf32>) {
  %0 = qnn.add %x, %x : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32> loc("nan")
  %1 = qnn.add %x, %x : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32> loc("never")
  return %0, %1 : tensor<1xf32>, tensor<1xf32>
}

// -----

/// Neither weights nor bias of a convolution come at run time.
// CHECK-LABEL: @run_time_weights(
// CHECK: "its weights are not a constant"
// CHECK: "its bias is not a constant"
// CHECK: "its bias is not a constant"
func.func @run_time_weights(%x: tensor<1x1x1x1xf32> loc("x"), %m: tensor<1x1xf32> loc("y"), %b: tensor<1xf32>) {
  %w = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  %0 = qnn.conv2d %x, %x : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> loc("y")
  %1 = qnn.conv2d %x, %w bias(%b) : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32> loc("y")
  %2 = qnn.matmul %m, %m bias(%b) : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32> loc("y")
  return
}

// -----

/// Constants without a range, as weights and as operand; weights whose values
/// are elsewhere.
// CHECK-LABEL: @bad_constants(
// CHECK: qnn.matmul {{.*}} "a constant is NaN or infinite"
// CHECK: qnn.add {{.*}} "a constant is NaN or infinite"
// CHECK: qnn.matmul {{.*}} "a constant has no f32 values to read"
func.func @bad_constants(%x: tensor<1x1xf32> loc("x")) {
  %w = arith.constant dense<0x7F800000> : tensor<1x1xf32>
  %r = arith.constant dense_resource<blob> : tensor<1x1xf32>
  %0 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32> loc("y")
  %1 = qnn.add %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32> loc("y")
  %2 = qnn.matmul %x, %r : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32> loc("y")
  return
}

// -----

/// Rounding what is only moved from float to float would lose for nothing; codes
/// of other kinds than f32 have no statistics.
// CHECK-LABEL: @movement(
// CHECK: qnn.transpose {{.*}} "it moves values that stay float"
// CHECK: qnn.pad {{.*}} "it moves values that stay float"
// CHECK: qnn.max_pool2d {{.*}} "a value is not f32"
func.func @movement(%x: tensor<1x2xf32> loc("x"), %raw: tensor<1x1x1x1xui8>) {
  %0 = qnn.transpose %x [1, 0] : (tensor<1x2xf32>) -> tensor<2x1xf32> loc("x")
  %1 = qnn.pad %0 low [0, 0] high [0, 1] : (tensor<2x1xf32>) -> tensor<2x2xf32> loc("x")
  %2 = qnn.max_pool2d %raw kernel [1, 1] : (tensor<1x1x1x1xui8>) -> tensor<1x1x1x1xui8>
  return
}

// -----

/// A table of 2^23 for each of more than 65536 elements leaves the sum's type.
// CHECK-LABEL: @long_softmax(
// CHECK: "its axis is longer than 65536, the integer sum's limit"
func.func @long_softmax(%x: tensor<1x65537xf32> loc("x")) {
  %0 = qnn.softmax %x axis(1) : (tensor<1x65537xf32>) -> tensor<1x65537xf32>
  return
}

// -----

/// A logarithm is infinite where a code stands for 0.
// CHECK-LABEL: @logarithm(
// CHECK: qnn.log {{.*}} {qnn.stays_float = "next to a code that stands for 0 its result is infinite"}
func.func @logarithm(%x: tensor<1xf32> loc("x")) -> tensor<1xf32> {
  %0 = qnn.log %x : (tensor<1xf32>) -> tensor<1xf32> loc("y")
  return %0 : tensor<1xf32>
}
