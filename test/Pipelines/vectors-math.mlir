// No loop of elementary functions, comparisons, labels or random numbers is
// left on scalars: a remark would say so.
// RUN: quant-opt %s -split-input-file -verify-diagnostics -qnn-lower-pipeline -qnn-codegen-pipeline -o /dev/null

module attributes {qnn.target = "avx512vnni"} {
  func.func @unary(%x: tensor<64x48xf32>) -> (tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>) {
    %0 = qnn.abs %x : (tensor<64x48xf32>) -> tensor<64x48xf32>
    %1 = qnn.exp %x : (tensor<64x48xf32>) -> tensor<64x48xf32>
    %2 = qnn.log %x : (tensor<64x48xf32>) -> tensor<64x48xf32>
    %3 = qnn.sigmoid %x : (tensor<64x48xf32>) -> tensor<64x48xf32>
    %4 = qnn.sign %x : (tensor<64x48xf32>) -> tensor<64x48xf32>
    %5 = qnn.sqrt %x : (tensor<64x48xf32>) -> tensor<64x48xf32>
    %6 = qnn.tanh %x : (tensor<64x48xf32>) -> tensor<64x48xf32>
    return %0, %1, %2, %3, %4, %5, %6 : tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>
  }
}

// -----

module attributes {qnn.target = "avx512vnni"} {
  func.func @binary(%x: tensor<64x48xf32>, %y: tensor<48xf32>) -> (tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>) {
    %0 = qnn.div %x, %y : (tensor<64x48xf32>, tensor<48xf32>) -> tensor<64x48xf32>
    %1 = qnn.maximum %x, %y : (tensor<64x48xf32>, tensor<48xf32>) -> tensor<64x48xf32>
    %2 = qnn.minimum %x, %y : (tensor<64x48xf32>, tensor<48xf32>) -> tensor<64x48xf32>
    return %0, %1, %2 : tensor<64x48xf32>, tensor<64x48xf32>, tensor<64x48xf32>
  }
}

// -----

module attributes {qnn.target = "avx512vnni"} {
  func.func @log_softmax(%x: tensor<64x48xf32>) -> tensor<64x48xf32> {
    %0 = qnn.log_softmax %x axis(1) : (tensor<64x48xf32>) -> tensor<64x48xf32>
    return %0 : tensor<64x48xf32>
  }
}

// -----

module attributes {qnn.target = "avx512vnni"} {
  func.func @training(%labels: tensor<64xi32>, %seed: tensor<2xi32>) -> (tensor<64x48xf32>, tensor<64x48xf32>) {
    %0 = qnn.one_hot %labels depth(48) : (tensor<64xi32>) -> tensor<64x48xf32>
    %1 = qnn.random_uniform %seed stream(1) : (tensor<2xi32>) -> tensor<64x48xf32>
    return %0, %1 : tensor<64x48xf32>, tensor<64x48xf32>
  }
}
