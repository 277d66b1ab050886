// Contractions on an unknown number of rows: a matrix product with constant
// weights and its epilogue, convolutions of an unknown number of images (one
// depthwise), a product of matrices that are both computed, floats.
#rows = affine_map<(m, n) -> (m, n)>
#conv = [affine_map<(b, y, x, o, ky, kx, c) -> (b, y + ky, x + kx, c)>, affine_map<(b, y, x, o, ky, kx, c) -> (ky, kx, c, o)>, affine_map<(b, y, x, o, ky, kx, c) -> (b, y, x, o)>]
#depthwise = [affine_map<(b, y, x, c, ky, kx) -> (b, y + ky, x + kx, c)>, affine_map<(b, y, x, c, ky, kx) -> (ky, kx, c)>, affine_map<(b, y, x, c, ky, kx) -> (b, y, x, c)>]
#product = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
#batch = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
#image = affine_map<(b, y, x, c) -> (b, y, x, c)>
#matrix = affine_map<(b, m, n) -> (b, m, n)>

func.func @rows(%x: tensor<?x67xi8> {qnn.name = "x"}, %image: tensor<?x6x7x5xi8> {qnn.name = "image"}, %z: tensor<?x3x67xf32> {qnn.name = "z"})
    -> (tensor<?x35xi8> {qnn.name = "dense"}, tensor<?x4x5x9xi8> {qnn.name = "conv"},
        tensor<?x4x5x5xi8> {qnn.name = "depthwise"}, tensor<?x3x3xf32> {qnn.name = "products"},
        tensor<?x35xf32> {qnn.name = "floats"}) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i32
  %zerof = arith.constant 0.0 : f32
  %n = tensor.dim %x, %c0 : tensor<?x67xi8>
  %eighth = arith.constant 8 : i32

  // Weights that differ: 0xNN.. bytes.
  %w = arith.constant dense<"0xWEIGHTS2345"> : tensor<67x35xi8>
  %e = tensor.empty(%n) : tensor<?x35xi32>
  %f = linalg.fill ins(%zero : i32) outs(%e : tensor<?x35xi32>) -> tensor<?x35xi32>
  %0 = linalg.generic {indexing_maps = #product, iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x67xi8>, tensor<67x35xi8>) outs(%f : tensor<?x35xi32>) {
  ^bb0(%a: i8, %b: i8, %acc: i32):
    %1 = arith.extui %a : i8 to i32
    %2 = arith.extsi %b : i8 to i32
    %3 = arith.muli %1, %2 : i32
    %4 = arith.addi %acc, %3 : i32
    linalg.yield %4 : i32
  } -> tensor<?x35xi32>
  %narrow = tensor.empty(%n) : tensor<?x35xi8>
  %dense = linalg.generic {indexing_maps = [#rows, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%0 : tensor<?x35xi32>) outs(%narrow : tensor<?x35xi8>) {
  ^bb0(%a: i32, %b: i8):
    %1 = arith.shrsi %a, %eighth : i32
    %2 = arith.trunci %1 : i32 to i8
    linalg.yield %2 : i8
  } -> tensor<?x35xi8>

  %wc = arith.constant dense<"0xWEIGHTS405"> : tensor<3x3x5x9xi8>
  %ec = tensor.empty(%n) : tensor<?x4x5x9xi32>
  %fc = linalg.fill ins(%zero : i32) outs(%ec : tensor<?x4x5x9xi32>) -> tensor<?x4x5x9xi32>
  %c = linalg.generic {indexing_maps = #conv, iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%image, %wc : tensor<?x6x7x5xi8>, tensor<3x3x5x9xi8>) outs(%fc : tensor<?x4x5x9xi32>) {
  ^bb0(%a: i8, %b: i8, %acc: i32):
    %1 = arith.extsi %a : i8 to i32
    %2 = arith.extsi %b : i8 to i32
    %3 = arith.muli %1, %2 : i32
    %4 = arith.addi %acc, %3 : i32
    linalg.yield %4 : i32
  } -> tensor<?x4x5x9xi32>
  %nc = tensor.empty(%n) : tensor<?x4x5x9xi8>
  %convolved = linalg.generic {indexing_maps = [#image, #image], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%c : tensor<?x4x5x9xi32>) outs(%nc : tensor<?x4x5x9xi8>) {
  ^bb0(%a: i32, %b: i8):
    %1 = arith.shrsi %a, %eighth : i32
    %2 = arith.trunci %1 : i32 to i8
    linalg.yield %2 : i8
  } -> tensor<?x4x5x9xi8>

  %wd = arith.constant dense<"0xWEIGHTS45"> : tensor<3x3x5xi8>
  %ed = tensor.empty(%n) : tensor<?x4x5x5xi32>
  %fd = linalg.fill ins(%zero : i32) outs(%ed : tensor<?x4x5x5xi32>) -> tensor<?x4x5x5xi32>
  %d = linalg.generic {indexing_maps = #depthwise, iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%image, %wd : tensor<?x6x7x5xi8>, tensor<3x3x5xi8>) outs(%fd : tensor<?x4x5x5xi32>) {
  ^bb0(%a: i8, %b: i8, %acc: i32):
    %1 = arith.extsi %a : i8 to i32
    %2 = arith.extsi %b : i8 to i32
    %3 = arith.muli %1, %2 : i32
    %4 = arith.addi %acc, %3 : i32
    linalg.yield %4 : i32
  } -> tensor<?x4x5x5xi32>
  %nd = tensor.empty(%n) : tensor<?x4x5x5xi8>
  %depthwise = linalg.generic {indexing_maps = [#image, #image], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%d : tensor<?x4x5x5xi32>) outs(%nd : tensor<?x4x5x5xi8>) {
  ^bb0(%a: i32, %b: i8):
    %1 = arith.shrsi %a, %eighth : i32
    %2 = arith.trunci %1 : i32 to i8
    linalg.yield %2 : i8
  } -> tensor<?x4x5x5xi8>

  // z times its transpose.
  %et = tensor.empty(%n) : tensor<?x67x3xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(b, i, j) -> (b, j, i)>, #matrix], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%z : tensor<?x3x67xf32>) outs(%et : tensor<?x67x3xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<?x67x3xf32>
  %ep = tensor.empty(%n) : tensor<?x3x3xf32>
  %fp = linalg.fill ins(%zerof : f32) outs(%ep : tensor<?x3x3xf32>) -> tensor<?x3x3xf32>
  %products = linalg.generic {indexing_maps = #batch, iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%z, %t : tensor<?x3x67xf32>, tensor<?x67x3xf32>) outs(%fp : tensor<?x3x3xf32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %1 = math.fma %a, %b, %acc : f32
    linalg.yield %1 : f32
  } -> tensor<?x3x3xf32>

  // x as floats, with float weights.
  %ex = tensor.empty(%n) : tensor<?x67xf32>
  %xf = linalg.generic {indexing_maps = [#rows, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x67xi8>) outs(%ex : tensor<?x67xf32>) {
  ^bb0(%a: i8, %b: f32):
    %1 = arith.sitofp %a : i8 to f32
    linalg.yield %1 : f32
  } -> tensor<?x67xf32>
  %wf = arith.constant dense<0.125> : tensor<67x35xf32>
  %ef = tensor.empty(%n) : tensor<?x35xf32>
  %ff = linalg.fill ins(%zerof : f32) outs(%ef : tensor<?x35xf32>) -> tensor<?x35xf32>
  %floats = linalg.generic {indexing_maps = #product, iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%xf, %wf : tensor<?x67xf32>, tensor<67x35xf32>) outs(%ff : tensor<?x35xf32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %1 = math.fma %a, %b, %acc : f32
    linalg.yield %1 : f32
  } -> tensor<?x35xf32>
  return %dense, %convolved, %depthwise, %products, %floats : tensor<?x35xi8>, tensor<?x4x5x9xi8>, tensor<?x4x5x5xi8>, tensor<?x3x3xf32>, tensor<?x35xf32>
}
