// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on the dialect, in alphabetical order.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_PASSES_TD
#define QNN_DIALECT_QNN_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def QNNChooseQuantizationPass
    : Pass<"qnn-choose-quantization", "::mlir::func::FuncOp"> {
  let summary = "Choose element types from a calibration profile";
  let description = [{
    The strategy: writes, and changes nothing. Every operation with an integer
    form gets `qnn.operand_types` and `qnn.result_types` (a type, or `unit`
    where the value keeps its type), every other one `qnn.stays_float` with the
    reason. `qnn-quantize` obeys; the attributes can be read, tested and edited
    between.

    * activations: `u8`, asymmetric, one scale for a tensor, from the calibrated
      range; a range that an operation knows (softmax, raw bytes) comes first;
      values that must share parameters get the union of their ranges.
    * weights: `s8` without -128, symmetric, one scale for each output channel,
      large enough that the `i32` bias cannot overflow.
    * bias: `i32`, zero point 0, the product of both scales.
    * `requantization`, if not `float`, on operations that have it, and as
      `qnn.requantization` on the function, for what `qnn-quantize` inserts.

    Example: `test/Dialect/QNN/choose-quantization.mlir`. Expects a prepared
    function whose values have names, and the profile of that model.
  }];
  let options = [
    Option<"profile", "profile", "std::string", /*default=*/"\"\"",
           "Profile written by calibration">,
    Option<"calibrator", "calibrator", "std::string", /*default=*/"\"mse\"",
           "How a range comes from statistics: minmax, percentile, mse">,
    Option<"percentile", "percentile", "double", /*default=*/"99.99",
           "Percent of the values inside of the range (percentile)">,
    Option<"perChannel", "per-channel", "bool", /*default=*/"true",
           "One scale for each output channel of weights">,
    Option<"requantization", "requantization", "std::string",
           /*default=*/"\"float\"",
           "From accumulators to codes: float, tflite_single, tflite_double">
  ];
  let dependentDialects = ["::mlir::quant::QuantDialect"];
}

def QNNDifferentiatePass : Pass<"qnn-differentiate", "::mlir::ModuleOp"> {
  let summary = "Make a function of gradients from a function";
  let description = [{
    `@f_gradient` beside `@f`, in reverse mode. Its arguments are those of `@f`
    and, for each `f32` result of `@f`, the gradient of a loss with respect to
    it (the cotangent). Its results are the gradients of that loss with respect
    to the chosen arguments, in the order in which they are chosen; with
    `keep-results`, the results of `@f` stand before them.

    ```mlir
    func.func @f(%x: tensor<2xf32>, %w: tensor<2xf32>) -> tensor<2xf32> {
      %0 = qnn.mul %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      return %0 : tensor<2xf32>
    }
    // --qnn-differentiate=arguments=1
    func.func @f_gradient(%x: tensor<2xf32>, %w: tensor<2xf32>,
                          %dy: tensor<2xf32>) -> tensor<2xf32> {
      %0 = qnn.mul %dy, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      return %0 : tensor<2xf32>
    }
    ```

    Each operation builds its own adjoint (`DifferentiableOpInterface`) out of
    operations of the float form. What the backward pass needs of the forward
    pass it uses as it is; what neither needs is left out. Contributions to one
    value are added from its last use to its first. An argument that no result
    depends on has a gradient of zeros.

    Example: `test/Dialect/QNN/differentiate.mlir`. Expects one block and static
    shapes. Refuses, naming the operation and its node: an operation between a
    chosen argument and a result that has no adjoint.
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"\"\"",
           "The function to differentiate; may be left out if there is one">,
    ListOption<"arguments", "arguments", "unsigned",
               "Indices of the arguments to differentiate with respect to; "
               "all of element type f32 by default">,
    Option<"keepResults", "keep-results", "bool", /*default=*/"false",
           "Return the function's own results, too">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::qnn::QNNDialect",
                           "::mlir::tensor::TensorDialect"];
}

def QNNExposeObserversPass
    : Pass<"qnn-expose-observers", "::mlir::func::FuncOp"> {
  let summary = "Return observed values as further results";
  let description = [{
    Replaces `qnn.observe` by function results, in order, so that whoever runs
    the compiled function sees the values. The names are in the function's
    attribute `qnn.observed`.

    Example: `test/Dialect/QNN/expose-observers.mlir`.
  }];
}

def QNNFoldBatchNormPass : Pass<"qnn-fold-batch-norm", "::mlir::func::FuncOp"> {
  let summary = "Fold constants per channel into weights and bias";
  let description = [{
    `mul` and `add` of a convolution or matrix product with a constant that
    depends on the channel only become part of its weights and bias: that is
    batch normalization, and a bias that a model adds on its own. The arithmetic
    is in double, rounded once. Reshapes, slices and transposes may stand
    between if they leave channels where they are, or several of the contraction
    become one, as the phases of a transposed convolution do.

    Example: `test/Dialect/QNN/fold-batch-norm.mlir`. Expects channels last.
  }];
}

def QNNFuseClampPass : Pass<"qnn-fuse-clamp", "::mlir::func::FuncOp"> {
  let summary = "Attach activations to the operation before them";
  let description = [{
    A `qnn.clamp` becomes the `clamp_min` and `clamp_max` of the operation whose
    only use it is. The result has the name of the clamped value, so that its
    range is the one after the activation. Reshapes, slices and transposes may
    stand between.

    Example: `test/Dialect/QNN/fuse-clamp.mlir`.
  }];
}

def QNNInsertObserversPass
    : Pass<"qnn-insert-observers", "::mlir::func::FuncOp"> {
  let summary = "Observe every value that can be quantized";
  let description = [{
    One `qnn.observe` for each float value that a quantizable operation reads or
    writes, but not for constants. Values of one name hold the same data in
    another order and are observed once.

    Example: `test/Dialect/QNN/insert-observers.mlir`. A value without a name is
    an error: print IR with `--mlir-print-debuginfo` between tools.
  }];
}

def QNNLegalizePass : Pass<"qnn-legalize", "::mlir::ModuleOp"> {
  let summary = "Spell quantized operations out as integer arithmetic";
  let description = [{
    From types with scales to explicit operations: exact accumulators, then
    `qnn.rescale` with the multipliers, zero points, rounding and range, or
    `qnn.fixed_point_rescale` for a `requantization` of TFLite. No quantized
    type is left. Accumulators are `i32` where the weights prove that no input
    can overflow it, else `i64`.

    Example: `test/Dialect/QNN/legalize-contraction.mlir` (and its neighbours).
    Refuses, naming the operation: blockwise types, zero points that differ
    between channels, nonlinear types on operations that compute, accumulators
    of `i64` with a `requantization` of TFLite.
  }];
  let dependentDialects = ["::qnn::QNNDialect"];
}

def QNNPropagateTransposesPass
    : Pass<"qnn-propagate-transposes", "::mlir::func::FuncOp"> {
  let summary = "Move transposes toward the results, where they cancel";
  let description = [{
    Importing from a channels-first format leaves a transpose on each side of
    every convolution. This moves them behind elementwise operations, means,
    softmax, padding and concatenation until they meet their inverse; those that
    only move axes of extent 1 become reshapes. Where the moved axes are
    flattened into the rows of constant weights of a `qnn.matmul`, the rows are
    permuted instead.

    Example: `test/Dialect/QNN/propagate-transposes.mlir`.
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def QNNQuantizePass : Pass<"qnn-quantize", "::mlir::func::FuncOp"> {
  let summary = "Give values the element types that were chosen";
  let description = [{
    Obeys `qnn.operand_types` and `qnn.result_types`: the same operations with
    quantized types, `qnn.quantize`, `qnn.dequantize` and `qnn.requantize` where
    a value has another type than its user asks for, constants as codes.

    Example: `test/Dialect/QNN/quantize.mlir`.
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect"];
}

def QNNSetBatchPass : Pass<"qnn-set-batch", "::mlir::func::FuncOp"> {
  let summary = "Change how many rows a function takes in a call";
  let description = [{
    A function of inputs of N rows (their leading extent) becomes the same of
    `batch` rows: the leading extent of each value that depends on an input is
    multiplied by `batch / N`. Row by row the result is what it was, because
    every operation on the way must treat the entries along axis 0 one by one
    (`BatchableOpInterface`). Reshapes may give a row several entries:

    ```mlir
    func.func @f(%x: tensor<1x49x8xf32>) -> tensor<49x8xf32> {
      %0 = tensor.collapse_shape %x [[0, 1], [2]] : ...
    // --qnn-set-batch=batch=16
    func.func @f(%x: tensor<16x49x8xf32>) -> tensor<784x8xf32> {
      %0 = tensor.collapse_shape %x [[0, 1], [2]] : ...
    ```

    Arguments with the attribute `qnn.parameter`, or `qnn.scale` naming a
    learned scale, are not inputs and keep their types. Float, quantized and
    explicit form are all the same to it.

    Example: `test/Dialect/QNN/set-batch.mlir`. Expects one block, static
    shapes, and as many rows in each input. Refuses, naming the operation and
    its node: an operation that mixes rows or moves axis 0, that has constants
    or parameters of a type which differ along it, or of which this is not
    known.
  }];
  let options = [
    Option<"batch", "batch", "int64_t", /*default=*/"1",
           "How many rows the inputs have afterwards">
  ];
}

def QNNVerifyPhasePass : Pass<"qnn-verify-phase", "::mlir::func::FuncOp"> {
  let summary = "Check what must be true at the end of a phase";
  let description = [{
    * `import`: known operations only, every extent known and not zero, values
      are `f32`, `ui8` (raw input) or, in a model that came quantized,
      quantized.
    * `prepare`: and no transpose of a constant, no clamp that could be
      attached.
    * `quantize`: as `import`; no value is dequantized only to be quantized
      again; no annotation is left.
    * `legalize`: no quantized type.

    Example: `test/Dialect/QNN/verify-phase.mlir`.
  }];
  let options = [
    Option<"phase", "phase", "std::string", /*default=*/"\"import\"",
           "import, prepare, quantize or legalize">
  ];
}

#endif // QNN_DIALECT_QNN_TRANSFORMS_PASSES_TD
