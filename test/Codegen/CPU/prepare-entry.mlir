// RUN: quant-opt %s -split-input-file -verify-diagnostics -qnn-prepare-entry | FileCheck %s

/// Names and types as the caller sees them; arguments are never written.
// CHECK-LABEL: @model(%{{.*}}: tensor<2xui8> {bufferization.writable = false, qnn.name = "image"
// CHECK-SAME: qnn.inputs = [{name = "image", scale = 5.000000e-01 : f64, type = tensor<2xui8>}]
// CHECK-SAME: qnn.model_name = "model"
// CHECK-SAME: qnn.outputs = [{name = "output", type = tensor<2xui8>}]
func.func @model(%x: tensor<2xui8> {qnn.name = "image", qnn.scale = 0.5}) -> tensor<2xui8> {
  return %x : tensor<2xui8>
}

// -----

// expected-error @+1 {{expects at least one result}}
func.func @negative_no_result(%x: tensor<2xui8>) {
  return
}

// -----

// expected-error @+1 {{expects arguments and results that are tensors of static shape, of f32 or integers of whole bytes, got 'tensor<?xf32>'}}
func.func @negative_dynamic(%x: tensor<?xf32>) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}

// -----

// expected-error @below {{expects a public function}}
module {
}
