// What qnn-set-batch refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-set-batch=batch=3

/// The node is named.
func.func @softmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@unknown {{cannot change the rows of qnn.softmax of node 'softmax_3': it normalizes along axis 0}}
  %0 = qnn.softmax %x axis(0) : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("y"("softmax_3"))
  return %0 : tensor<2x3xf32>
}

// -----

func.func @mean(%x: tensor<2x3xf32>) -> tensor<1x3xf32> {
  // expected-error@+1 {{it reduces axis 0}}
  %0 = qnn.mean %x axes [0] : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

func.func @sum(%x: tensor<1x3xf32>) -> tensor<1x1xf32> {
  // expected-error@+1 {{it reduces axis 0}}
  %0 = qnn.sum %x axes [0, 1] : (tensor<1x3xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

/// Of two rows, which would be mixed.
func.func @transpose(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // expected-error@+1 {{it moves axis 0}}
  %0 = qnn.transpose %x [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

func.func @pad(%x: tensor<1x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{it pads axis 0}}
  %0 = qnn.pad %x low [0, 0] high [1, 0] : (tensor<1x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @reverse(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{it reverses axis 0}}
  %0 = qnn.reverse %x axes [0] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @concat(%x: tensor<1x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{it joins along axis 0}}
  %0 = tensor.concat dim(0) %x, %x : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

/// Each of two rows has its own numbers.
func.func @concat_parameter(%x: tensor<2x3xf32>, %w: tensor<2x3xf32> {qnn.parameter = "w"}) -> tensor<2x6xf32> {
  // expected-error@+1 {{its operand 1 does not depend on the inputs}}
  %0 = tensor.concat dim(1) %x, %w : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return %0 : tensor<2x6xf32>
}

// -----

func.func @slice(%x: tensor<4x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{it cuts axis 0}}
  %0 = tensor.extract_slice %x[0, 0] [2, 3] [1, 1] : tensor<4x3xf32> to tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @drop(%x: tensor<1x3xf32>) -> tensor<3xf32> {
  // expected-error@+1 {{it drops axis 0}}
  %0 = tensor.extract_slice %x[0, 0] [1, 3] [1, 1] : tensor<1x3xf32> to tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

/// Which rows of the weights belong to which input is not known.
func.func @rhs(%x: tensor<3x3xf32>) -> tensor<3x3xf32> {
  // expected-error@+1 {{its operand 1 depends on the inputs}}
  %0 = qnn.matmul %x, %x : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  return %0 : tensor<3x3xf32>
}

// -----

/// The axis of the scales would be another one.
func.func @rhs_scales(%x: tensor<1x1x!quant.uniform<i8:f32, 1.0>>, %z: tensor<1x2xf32>) -> tensor<1x2x!quant.uniform<i8:f32, 1.0>> {
  %0 = qnn.quantize %z : (tensor<1x2xf32>) -> tensor<1x2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>
  // expected-error@+1 {{its operand 1 depends on the inputs}}
  %1 = qnn.matmul %x, %0 : (tensor<1x1x!quant.uniform<i8:f32, 1.0>>, tensor<1x2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>) -> tensor<1x2x!quant.uniform<i8:f32, 1.0>>
  return %1 : tensor<1x2x!quant.uniform<i8:f32, 1.0>>
}

// -----

func.func @bias(%x: tensor<1x3x3xf32>, %b: tensor<1x3xf32>) -> tensor<1x3x3xf32> {
  %0 = tensor.collapse_shape %b [[0, 1]] : tensor<1x3xf32> into tensor<3xf32>
  // expected-error@+1 {{its bias depends on the inputs}}
  %1 = qnn.matmul %x, %x bias(%0) : (tensor<1x3x3xf32>, tensor<1x3x3xf32>, tensor<3xf32>) -> tensor<1x3x3xf32>
  return %1 : tensor<1x3x3xf32>
}

// -----

func.func @weights(%x: tensor<1x3x3x1xf32>) -> tensor<1x1x1x1xf32> {
  // expected-error@+1 {{its operand 1 depends on the inputs}}
  %0 = qnn.conv2d %x, %x : (tensor<1x3x3x1xf32>, tensor<1x3x3x1xf32>) -> tensor<1x1x1x1xf32>
  return %0 : tensor<1x1x1x1xf32>
}

// -----

/// Each of two inputs has its own numbers.
func.func @position(%x: tensor<2x4xf32>, %w: tensor<2x4xf32> {qnn.parameter = "w"}) -> tensor<2x4xf32> {
  // expected-error@+1 {{its operand 1, which does not depend on the inputs, has more than one entry along axis 0}}
  %0 = qnn.add %x, %w : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

/// Every entry of the second would meet the rows of all images.
func.func @outer(%x: tensor<1x4xf32>, %z: tensor<1x5x4xf32>) -> tensor<5x4xf32> {
  %0 = tensor.collapse_shape %z [[0, 1], [2]] : tensor<1x5x4xf32> into tensor<5x4xf32>
  // expected-error@+1 {{its operand 0 is repeated along axis 0}}
  %1 = qnn.mul %x, %0 : (tensor<1x4xf32>, tensor<5x4xf32>) -> tensor<5x4xf32>
  return %1 : tensor<5x4xf32>
}

// -----

func.func @inner(%x: tensor<4xf32>, %w: tensor<1x4xf32> {qnn.parameter = "w"}) -> tensor<1x4xf32> {
  // expected-error@+1 {{its operand 0 is repeated along axis 0}}
  %0 = qnn.add %x, %w : (tensor<4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

func.func @channels(%x: tensor<2xui8>) -> tensor<2xf32> {
  // expected-error@+1 {{its parameters differ along axis 0}}
  %0 = qnn.normalize %x mean [0.0, 1.0] scale [1.0] : (tensor<2xui8>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @rescale(%x: tensor<2x1xi32>) -> tensor<2x1xsi8> {
  // expected-error@+1 {{its parameters differ along axis 0}}
  %0 = qnn.rescale %x multiplier(dense<[[0.5], [1.0]]> : tensor<2x1xf32>) range(-128, 127) : (tensor<2x1xi32>) -> tensor<2x1xsi8>
  return %0 : tensor<2x1xsi8>
}

// -----

func.func @fixed_point(%x: tensor<2xi32>) -> tensor<2xsi8> {
  // expected-error@+1 {{its parameters differ along axis 0}}
  %0 = qnn.fixed_point_rescale %x multiplier [1, 2] shift [0, 0] range(-128, 127) requantization(tflite_double) : (tensor<2xi32>) -> tensor<2xsi8>
  return %0 : tensor<2xsi8>
}

// -----

func.func @lookup(%x: tensor<2xui8>) -> tensor<2xui8> {
  // expected-error@+1 {{its parameters differ along axis 0}}
  %0 = qnn.lookup %x table(dense<1> : tensor<2x256xi8>) : (tensor<2xui8>) -> tensor<2xui8>
  return %0 : tensor<2xui8>
}

// -----

func.func @scales(%x: tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32:0, {1.0, 2.0}>> {
  // expected-error@+1 {{the scales of its result differ along axis 0}}
  %0 = qnn.quantize %x : (tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>
  return %0 : tensor<2x3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>
}

// -----

// expected-error@+1 {{expects inputs whose rows have one scale}}
func.func @input_scales(%x: tensor<2x3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>) {
  return
}

// -----

func.func @scalar(%x: tensor<1xf32>) -> tensor<f32> {
  // expected-error@+1 {{its result has no axis 0 that counts rows}}
  %0 = tensor.collapse_shape %x [] : tensor<1xf32> into tensor<f32>
  return %0 : tensor<f32>
}

// -----

/// Two rows would become one.
func.func @merge(%x: tensor<4x3xf32>) -> tensor<2x2x3xf32> {
  // expected-error@+1 {{its result has no axis 0 that counts rows}}
  %0 = tensor.expand_shape %x [[0, 1], [2]] output_shape [2, 2, 3] : tensor<4x3xf32> into tensor<2x2x3xf32>
  return %0 : tensor<2x2x3xf32>
}

// -----

func.func @unknown(%x: tensor<1x3xf32>) -> tensor<1x3xf32> {
  // expected-error@+1 {{cannot change the rows of arith.negf of node 'arith.negf': it is not known to treat rows one by one}}
  %0 = arith.negf %x : tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

func.func @region(%x: tensor<1x3xf32>) -> tensor<1x3xf32> {
  // expected-error@+1 {{expects operations without regions}}
  %0 = scf.execute_region -> tensor<1x3xf32> {
    scf.yield %x : tensor<1x3xf32>
  }
  return %0 : tensor<1x3xf32>
}

// -----

// expected-error@+1 {{expects inputs with as many rows each, got 1 and 2}}
func.func @rows(%x: tensor<1x3xf32>, %z: tensor<2x3xf32>) {
  return
}

// -----

// expected-error@+1 {{expects inputs that are tensors of static shape with at least one row, got 'tensor<f32>'}}
func.func @rank_0(%x: tensor<f32>) {
  return
}

// -----

// expected-error@+1 {{expects inputs that are tensors of static shape with at least one row, got 'tensor<?xf32>'}}
func.func @dynamic(%x: tensor<?xf32>) {
  return
}

// -----

// expected-error@+1 {{expects inputs that are tensors of static shape with at least one row, got 'tensor<0x3xf32>'}}
func.func @empty(%x: tensor<0x3xf32>) {
  return
}

// -----

// expected-error@+1 {{has no inputs}}
func.func @constant(%w: tensor<1x3xf32> {qnn.parameter = "w"}) {
  return
}

// -----

// expected-error@+1 {{expects a function of one block}}
func.func @blocks(%x: tensor<1x3xf32>) {
  cf.br ^end
^end:
  return
}
