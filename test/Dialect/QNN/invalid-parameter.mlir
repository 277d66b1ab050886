// Parameters that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

func.func @no_name() {
  // expected-error@+1 {{expects a name}}
  %0 = qnn.parameter "" dense<0.0> : tensor<2xf32>
  return
}

// -----

func.func @integer() {
  // expected-error@+1 {{expects a parameter of element type f32}}
  %0 = qnn.parameter "w" dense<0> : tensor<2xi32>
  return
}

// -----

func.func @sparse() {
  // expected-error@+1 {{expects an initializer or dense values}}
  %0 = qnn.parameter "w" sparse<0, 1.0> : tensor<2xf32>
  return
}

// -----

func.func @other_type() {
  // expected-error@+1 {{failed to verify that all of {value, result} have same type}}
  %0 = "qnn.parameter"() <{name = "w", value = dense<0.0> : tensor<3xf32>}> : () -> tensor<2xf32>
  return
}

// -----

func.func @dynamic() {
  // expected-error@+1 {{must be statically shaped tensor}}
  %0 = qnn.parameter "w" #qnn.initializer<zeros> : tensor<?xf32>
  return
}
