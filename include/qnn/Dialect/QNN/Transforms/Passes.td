// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on the dialect, in alphabetical order.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_PASSES_TD
#define QNN_DIALECT_QNN_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def QNNAddLossPass : Pass<"qnn-add-loss", "::mlir::ModuleOp"> {
  let summary = "Make a function of its loss from a model";
  let description = [{
    The model becomes `@loss`, which returns the loss, a `tensor<f32>`, before
    its outputs, and has the labels, or the outputs of the model to learn from,
    as further arguments. Arguments and results get `qnn.name` and `qnn.role`.

    * `mse`: of the output, with `f32` labels of its shape (Goodfellow et al.
      2016, 5.1.4).
    * `softmax_cross_entropy`: of two logits or more, with a class for each
      sample (Goodfellow et al. 2016, 6.30). Of one logit it is constant, and
      refused.
    * `binary_cross_entropy`: of one logit for each sample, with labels 0 and 1;
      of several, with `f32` labels of their shape (Bishop 2006, 4.90).
    * `hinge`: of logits, with a class for each sample, one against all others;
      of one logit, with labels 0 and 1 (Cortes and Vapnik 1995; Rifkin and
      Klautau 2004).
    * `kl`: of logits and those of the teacher, divided by `temperature`; times
      its square (Hinton et al. 2015, 2).
    * `feature_mse`: of logits and those of the teacher (Ba and Caruana 2014,
      1).
    * `noise_to_signal`: the energy of that difference by the energy of the
      teacher's logits, which has no unit.

    Classes are `i32`, one for each entry of the batch axis; a class that the
    logits do not have adds nothing to a cross-entropy. The formulas are in
    `lib/Dialect/QNN/Transforms/Losses.cpp`.

    Logits are what a softmax or sigmoid at the end of the model has as input.
    Losses are means over the batch. Several are added with `loss-weights`; they
    may be of several `outputs`, each of which has a teacher of its own, while
    the labels are the same for all.

    Results that `qnn-expose-observers` has added are no outputs but features:
    with `feature-weight` each has an argument to be compared with, which is
    what the teacher has there (Romero et al. 2015), and the mean of their
    `noise_to_signal` is added to the loss.

    Example: `test/Dialect/QNN/add-loss.mlir`. Expects one block and static
    shapes.
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"\"model\"",
           "The model's function">,
    ListOption<"loss", "loss", "std::string", "Names of losses to add">,
    ListOption<"lossWeights", "loss-weights", "double",
               "A factor for each loss; 1 by default">,
    Option<"temperature", "temperature", "double", /*default=*/"1.0",
           "What logits are divided by (kl)">,
    Option<"featureWeight", "feature-weight", "double", /*default=*/"0.0",
           "Factor of the mean error of features">,
    ListOption<"outputs", "outputs", "unsigned",
               "Index of the output that each loss is of; 0 by default">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::qnn::QNNDialect",
                           "::mlir::tensor::TensorDialect"];
}

def QNNAddOptimizerPass : Pass<"qnn-add-optimizer", "::mlir::ModuleOp"> {
  let summary = "Make a training step of a loss and its gradient";
  let description = [{
    `@loss_gradient`, which `qnn-differentiate` has made of `@loss`, becomes
    `@step`, the only function: it returns loss and outputs, then the new value
    of each parameter, scale and state in the order of the arguments. Further
    arguments are the optimizer's states and the learning rate `lr`. With `g`
    the gradient of a parameter `w`:

    * `sgd`: `w - lr g` (Robbins and Monro 1951).
    * `momentum`: `v = mu v + g`, `w - lr v` (Polyak 1964; Sutskever et al.
      2013).
    * `nesterov`: `v = mu v + g`, `w - lr (g + mu v)` (Nesterov 1983; Sutskever
      et al. 2013).
    * `adagrad`: `a = a + g^2`, `w - lr g / (sqrt(a) + eps)` (Duchi et al.
      2011).
    * `rmsprop`: `a = rho a + (1 - rho) g^2`, `w - lr g / (sqrt(a) + eps)`
      (Tieleman and Hinton 2012).
    * `adam`: algorithm 1 of Kingma and Ba 2015.
    * `adamw`: algorithm 2 of Loshchilov and Hutter 2019, which is `adam` with
      decoupled weight decay.

    Before the rule gradients are clipped: all together to the norm `clip-norm`
    (Pascanu et al. 2013), each element to `clip-value`, or each element at
    random to plus or minus `clip-stochastic` or 0, such that its mean is that
    of clipping by value (Wen et al. 2017). Weight decay `l` adds `l w` to the
    gradient, decoupled to what `lr` multiplies; biases and scales do not decay.

    With `relative-rates` the learning rate of a parameter is multiplied by the
    root of the mean square of its elements (1 if all are 0), as in LAMB (You et
    al. 2020), and that of a scale by the scale, which is learning its logarithm
    (Jain et al. 2020): with optimizers whose steps have about the size of the
    learning rate, `lr` then is the part of itself by which anything changes in
    a step. Zero points are parts of a range already.

    A scale never is less than half of what it was, and stays a normal number.
    `scale-decay` adds this part of a scale to its gradient: with
    `learn-quantizers=pact` the decay of clips (Choi et al. 2018).
    With `masks`, a new parameter of rank 2 or more is multiplied by an argument
    of its shape, so that what is pruned stays exactly 0.

    Quantized parameters are held as floats that are rounded where they are
    used (`shadow`, Courbariaux et al. 2015), or, of at most 16 bits,
    `projected`: the new value is rounded to what a code stands for, nearest or
    at random such that its mean is the value (Gupta et al. 2015). Then steps
    shorter than half the distance of codes change nothing, or on the average
    what they should.

    All of this is one elementwise operation for each parameter, once it is
    fused. The formulas are in `lib/Dialect/QNN/Transforms/Optimizers.cpp`.

    Example: `test/Dialect/QNN/add-optimizer.mlir`.
  }];
  let options = [
    Option<"optimizer", "optimizer", "std::string", /*default=*/"\"sgd\"",
           "Name of the optimizer">,
    Option<"momentum", "momentum", "double", /*default=*/"0.9",
           "mu (momentum, nesterov)">,
    Option<"beta1", "beta1", "double", /*default=*/"0.9",
           "Decay of the first moment (adam, adamw)">,
    Option<"beta2", "beta2", "double", /*default=*/"0.999",
           "Decay of the second moment (adam, adamw)">,
    Option<"decay", "decay", "double", /*default=*/"0.9", "rho (rmsprop)">,
    Option<"epsilon", "epsilon", "double", /*default=*/"1e-8",
           "eps, what keeps quotients finite">,
    Option<"weightDecay", "weight-decay", "double", /*default=*/"0.0",
           "l, of parameters of rank 2 or more">,
    Option<"decoupled", "decoupled", "bool", /*default=*/"false",
           "Weights decay by themselves, not as part of the gradient">,
    Option<"clipValue", "clip-value", "double", /*default=*/"0.0",
           "Bound of each element of gradients; 0 for none">,
    Option<"clipNorm", "clip-norm", "double", /*default=*/"0.0",
           "Bound of the norm of all gradients; 0 for none">,
    Option<"clipStochastic", "clip-stochastic", "double", /*default=*/"0.0",
           "Magnitude that elements of gradients have or not; 0 for none">,
    Option<"scaleLearningRate", "scale-learning-rate", "double",
           /*default=*/"1.0",
           "Factor of the learning rate of scales and zero points">,
    Option<"relativeRates", "relative-rates", "bool", /*default=*/"false",
           "Learning rates are parts of what is learned">,
    Option<"scaleDecay", "scale-decay", "double", /*default=*/"0.0",
           "Part of scales that is added to their gradients">,
    Option<"masks", "masks", "bool", /*default=*/"false",
           "Multiply new weights by masks">,
    Option<"hold", "hold", "std::string", /*default=*/"\"shadow\"",
           "What parameters are between steps: shadow (floats) or projected "
           "(what their codes stand for)">,
    Option<"projectedRounding", "projected-rounding", "std::string",
           /*default=*/"\"nearest\"",
           "How new parameters get onto the grid: nearest or stochastic">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::qnn::QNNDialect",
                           "::mlir::tensor::TensorDialect"];
}

def QNNChooseQuantizationPass
    : Pass<"qnn-choose-quantization", "::mlir::func::FuncOp"> {
  let summary = "Choose element types from a calibration profile";
  let description = [{
    The strategy: writes, and changes nothing. Every operation with an integer
    form gets `qnn.operand_types` and `qnn.result_types` (a type, or `unit`
    where the value keeps its type), every other one `qnn.stays_float` with the
    reason. `qnn-quantize` obeys; the attributes can be read, tested and edited
    between.

    * activations: `u8` (`activation-bits`), asymmetric, one scale for a tensor,
      from the calibrated range; a range that an operation knows (softmax, raw
      bytes) comes first, and keeps 8 bits; values that must share parameters
      get the union of their ranges.
    * weights: `s8` without -128 (`weight-bits`), symmetric, one scale for each
      output channel, large enough that the `i32` bias cannot overflow.
    * fewer than 8 bits: the same storage with a narrower range, `u8<0:15>`.
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
    Option<"weightBits", "weight-bits", "int64_t", /*default=*/"8",
           "Bits of weights, 2 to 8">,
    Option<"activationBits", "activation-bits", "int64_t", /*default=*/"8",
           "Bits of activations, 2 to 8 or 16">,
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
    and, for each chosen result of `@f`, the gradient of a loss with respect to
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
    pass it uses as it is, so that it is kept until then; what neither needs is
    left out. Contributions to one
    value are added from its last use to its first. An argument that no result
    depends on has a gradient of zeros.

    With `recompute`, the backward pass keeps only arguments and the results of
    contractions and reductions. Whatever it needs that was computed from those
    element by element, or moved (`isCheapToRecompute` of the interface), it
    computes again, once, right before its first use. The gradients are the same
    bytes; the memory of the forward pass is free earlier, for some more
    arithmetic. Passes that merge equal operations (`-cse`) would undo this.

    Example: `test/Dialect/QNN/differentiate.mlir`. Expects one block and static
    shapes. Refuses, naming the operation and its node: an operation between a
    chosen argument and a result that has no adjoint.
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"\"\"",
           "The function to differentiate; may be left out if there is one">,
    ListOption<"arguments", "arguments", "unsigned",
               "Indices of the arguments to differentiate with respect to; by "
               "default those of the role parameter or scale, or if there are "
               "none, all of element type f32">,
    ListOption<"results", "results", "unsigned",
               "Indices of the results that the loss depends on; all of "
               "element type f32 by default">,
    Option<"keepResults", "keep-results", "bool", /*default=*/"false",
           "Return the function's own results, too">,
    Option<"recompute", "recompute", "bool", /*default=*/"false",
           "Compute cheap values of the forward pass again instead of keeping "
           "them">
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

def QNNExposeParametersPass
    : Pass<"qnn-expose-parameters", "::mlir::func::FuncOp"> {
  let summary = "Make arguments of parameters";
  let description = [{
    Each `qnn.parameter`, in order, becomes an argument behind the model's
    inputs, with the attribute `qnn.parameter`, its name. Its values are
    dropped: whoever runs the function has them from the module before.

    Example: `test/Dialect/QNN/expose-parameters.mlir`. Expects unique names.
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

def QNNFreezeParametersPass
    : Pass<"qnn-freeze-parameters", "::mlir::func::FuncOp"> {
  let summary = "Make constants of parameters";
  let description = [{
    Each `qnn.parameter` becomes an `arith.constant` of the same name. Then the
    model is like any other.

    Example: `test/Dialect/QNN/freeze-parameters.mlir`. Expects values: a
    parameter with an initializer only is an error.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
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
    writes, but not for constants. Values of one name have one range: each that
    is computed is observed (the state of a recurrent cell after every step),
    but not those that hold the same data in another shape or order.

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

def QNNMarkParametersPass
    : Pass<"qnn-mark-parameters", "::mlir::func::FuncOp"> {
  let summary = "Make parameters of constant weights and biases";
  let description = [{
    A constant that a quantizable operation has as weights or bias becomes a
    `qnn.parameter`. Its name is that of the constant, else the node's with
    `/weights` or `/bias`; behind a name that is taken a number follows. Several
    operations that use one constant share the parameter, but for tensors of one
    value, which are equal by chance.

    Example: `test/Dialect/QNN/mark-parameters.mlir`. Expects a prepared model.
  }];
  let dependentDialects = ["::qnn::QNNDialect"];
}

def QNNMaterializeParametersPass
    : Pass<"qnn-materialize-parameters", "::mlir::func::FuncOp"> {
  let summary = "Give parameters the values of their initializers";
  let description = [{
    Numbers depend on the seed, the parameter's name and the element's index, on
    nothing else. What `fan-in` and `fan-out` of an initializer are follows from
    the use: the elements of the weights for each channel of the layer's result
    and of its input.

    Example: `test/Dialect/QNN/materialize-parameters.mlir`. Refuses an
    initializer other than `zeros` of a parameter that no layer has as weights
    or bias.
  }];
  let options = [
    Option<"seed", "seed", "uint32_t", /*default=*/"0",
           "Which of the random numbers">
  ];
}

def QNNNameValuesPass : Pass<"qnn-name-values", "::mlir::func::FuncOp"> {
  let summary = "Name the values that have no name";
  let description = [{
    After the operation that makes them, with a number behind a name that is
    taken; arguments are `input`. So a model that was written by hand, whose
    locations are lines of a file, can be calibrated and reported on like an
    imported one.

    Example: `test/Dialect/QNN/name-values.mlir`.
  }];
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

def QNNReturnLogitsPass : Pass<"qnn-return-logits", "::mlir::func::FuncOp"> {
  let summary = "Return what the last softmax or sigmoid of a model reads";
  let description = [{
    Makes the model to learn from: where `qnn-add-loss` expects logits as
    `teacher`, this function returns them.

    Example: `test/Dialect/QNN/return-logits.mlir`.
  }];
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

    Of one row (N = 1), what is the same for all rows is repeated where an
    operation wants it with rows (a class token that is joined), and matrices
    that hold the entries of a row along axis 0 (attention of rank 2) are
    multiplied and transposed with an axis of rows before them.

    Arguments with the attribute `qnn.parameter`, or `qnn.scale` naming a
    learned scale, are not inputs and keep their types. Float, quantized and
    explicit form are all the same to it.

    Example: `test/Dialect/QNN/set-batch.mlir`. Expects one block, static
    shapes, and as many rows in each input. Refuses, naming the operation and
    its node: an operation that mixes rows or moves axis 0, that has parameters
    of its own or of a type which differ along it, or of which this is not
    known.
  }];
  let options = [
    Option<"batch", "batch", "int64_t", /*default=*/"1",
           "How many rows the inputs have afterwards">
  ];
}

def QNNSimulateQuantizationPass
    : Pass<"qnn-simulate-quantization", "::mlir::ModuleOp"> {
  let summary = "Compute quantized operations exactly, in floats";
  let description = [{
    From quantized types to `f32` in which the same integers are computed: a
    value of scale `s` and zero point `z` becomes the floats `q - z` of its
    codes `q`, so that padding and real zeros are 0. Arguments and results of
    quantized types become such floats, too. A function simulated is one that
    can be differentiated, and the forward pass is the integer program, byte for
    byte; see `docs/Numerics.md` for why.

    ```mlir
    %y = qnn.matmul %x, %w : quantized types
    // ->
    %0 = qnn.matmul %x, %w : tensor<1x8xf32>, ...
    %1 = qnn.mul %0, %multipliers : ...     // as the integer program does
    %y = qnn.fake_quantize %1 as !quant.uniform<u8:f32, 1.0:3> : ...
    ```

    * Floats that are quantized (`qnn.quantize`) become `qnn.fake_quantize` of
      their own type; of an argument with `qnn.parameter` with a margin of 1/2.
    * Sums of products are exact if no accumulator leaves 2^24, which constant
      weights or the types of computed ones prove. Where they do not, weights
      (and activations) are split into two digits, and the sums of each product
      of digits added by `qnn.exact_sum`; the gradient is that of the product
      that is not split (`qnn.straight_through`).
    * Softmax runs its integer form between casts, with the gradient of the
      float one.
    * Values of nonlinear types and of blocks become what they stand for.

    With `learn-quantizers`, scales are further arguments of the function, with
    the attributes `qnn.scale` (a name), `qnn.quantizer_values` (names of the
    values that have it) and `qnn.quantizer_type` (their type, whose scale is
    the one to start from), and multipliers are computed from them as the
    compiler computes them. Which arguments there are, and their gradients:

    * `lsq` (Esser et al. 2020): all scales. Inside of the range that of
      `round(x / s) - x / s`, outside the code at the end.
    * `lsq+` (Bhalgat et al. 2020): zero points of activations, too, in an
      argument `qnn.zero_point` each: a part of the range of codes, of which the
      zero point is the nearest code. Their gradient is that of the end of the
      range which the value has left, and 0 inside.
    * `pact` (Choi et al. 2018): scales of activations without negative values.
      The learned clip `a` is the last code times the scale; its gradient is
      that of the values beyond it, and 0 inside.

    Values of one name and type share a scale, as those of each step of an
    unrolled network do, and as values do between which codes move as they are.

    Scales behind tables (softmax, raw bytes) stay numbers, as do those of
    constants, and zero points of more than 8 bits.

    Example: `test/Dialect/QNN/simulate-quantization.mlir`. Refuses, naming the
    operation, what `qnn-legalize` refuses, a `requantization` of TFLite, and
    sums beyond 2^24 of means and of digits.
  }];
  let options = [
    Option<"learnQuantizers", "learn-quantizers", "std::string",
           /*default=*/"\"\"",
           "Scales as arguments, and zero points: lsq, lsq+ or pact">,
    Option<"normalizeQuantizerGradients", "normalize-quantizer-gradients",
           "bool", /*default=*/"true",
           "Divide gradients of scales by sqrt(elements * largest code), the "
           "elements of all values that have the scale; with pact by the "
           "square of the largest code">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::qnn::QNNDialect",
                           "::mlir::tensor::TensorDialect"];
}

def QNNUnrollRecurrentPass
    : Pass<"qnn-unroll-recurrent", "::mlir::func::FuncOp"> {
  let summary = "Recurrent layers as one operation after the other";
  let description = [{
    `qnn.lstm` and `qnn.gru` become what the import makes of ONNX's: one matrix
    product of all steps with the input, then for each step a product with the
    state and elementwise operations. A value has the same name in every step,
    the name of the layer and its own (`hidden/update`), and so one range. All
    steps read the same weights, whose gradient so is the sum over time.

    Example: `test/Dialect/QNN/unroll-recurrent.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::qnn::QNNDialect",
                           "::mlir::tensor::TensorDialect"];
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
