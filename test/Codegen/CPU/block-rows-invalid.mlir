// What cannot take any number of rows.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-block-rows=blocks=4

module {
  // expected-error@+1 {{expects inputs of one row to make a model that takes any number of rows, got 'tensor<2x4xf32>'}}
  func.func @two(%x: tensor<2x4xf32>) -> tensor<2x4xf32> attributes {qnn.dynamic_rows} {
    return %x : tensor<2x4xf32>
  }
}

// -----

module {
  func.func @mixed(%x: tensor<1x4xf32>) -> tensor<1x1xf32> attributes {qnn.dynamic_rows} {
    // expected-error@+1 {{cannot change the rows of qnn.mean of node 'qnn.mean': it reduces axis 0}}
    %0 = qnn.mean %x axes [0, 1] : (tensor<1x4xf32>) -> tensor<1x1xf32>
    return %0 : tensor<1x1xf32>
  }
}

// -----

module {
  // expected-error@+1 {{expects results that depend on the inputs, but result 1 does not}}
  func.func @constant(%x: tensor<1x4xf32>) -> (tensor<1x4xf32>, tensor<1x4xf32>) attributes {qnn.dynamic_rows} {
    %0 = arith.constant dense<1.0> : tensor<1x4xf32>
    return %x, %0 : tensor<1x4xf32>, tensor<1x4xf32>
  }
}

// -----

module {
  // expected-error@+1 {{expects arguments and results that all have rows, got 'tensor<4xf32>'}}
  func.func @argument(%x: tensor<?x4xf32>, %b: tensor<4xf32>) -> tensor<?x4xf32> {
    return %x : tensor<?x4xf32>
  }
}

// -----

module {
  func.func @columns(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
    // expected-error@+1 {{cannot run on blocks of rows: another extent than that of axis 0 is not known}}
    return %x : tensor<?x?xf32>
  }
}

// -----

#map = affine_map<(i, j) -> (i, j)>
module {
  func.func @sum(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %e = arith.constant dense<0.0> : tensor<4xf32>
    // expected-error@+1 {{cannot run on blocks of rows: it reduces rows}}
    %0 = linalg.generic {indexing_maps = [#map, affine_map<(i, j) -> (j)>], iterator_types = ["reduction", "parallel"]}
        ins(%x : tensor<?x4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%a: f32, %b: f32):
      %1 = arith.addf %a, %b : f32
      linalg.yield %1 : f32
    } -> tensor<4xf32>
    return %x : tensor<?x4xf32>
  }
}

// -----

module {
  func.func @transpose(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // expected-error@+1 {{cannot run on blocks of rows: its operands have no common loop over rows}}
    %0 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%x : tensor<?x4xf32>) outs(%y : tensor<?x4xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    } -> tensor<?x4xf32>
    return %0 : tensor<?x4xf32>
  }
}

// -----

module {
  func.func @window(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %t = arith.constant dense<0.0> : tensor<9x4xf32>
    // expected-error@+1 {{cannot run on blocks of rows: its loop over rows walks along another axis, too}}
    %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i + j, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        ins(%t : tensor<9x4xf32>) outs(%y : tensor<?x4xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    } -> tensor<?x4xf32>
    return %0 : tensor<?x4xf32>
  }
}

// -----

module {
  func.func @extent(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %c7 = arith.constant 7 : index
    // expected-error@+1 {{cannot run on blocks of rows: its extent is not that of another tensor's axis 0}}
    %0 = tensor.empty(%c7) : tensor<?x4xf32>
    return %0 : tensor<?x4xf32>
  }
}

// -----

module {
  func.func @unknown(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // expected-error@+1 {{cannot run on blocks of rows: it is not known to treat rows one by one}}
    %0 = arith.negf %x : tensor<?x4xf32>
    return %0 : tensor<?x4xf32>
  }
}

// -----

module {
  // expected-error@+1 {{expects a function of one block}}
  func.func @blocks(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    cf.br ^end
  ^end:
    return %x : tensor<?x4xf32>
  }
}
