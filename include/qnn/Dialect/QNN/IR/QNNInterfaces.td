// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What passes may ask of a quantized element type and of a quantizable
// operation, so that no pass lists types or operations.

#ifndef QNN_DIALECT_QNN_IR_QNNINTERFACES_TD
#define QNN_DIALECT_QNN_IR_QNNINTERFACES_TD

include "mlir/IR/OpBase.td"

def QNN_QuantizedElementType : TypeInterface<"QuantizedElementType"> {
  let cppNamespace = "::qnn";
  let description = [{
    An element type that stores an integer code for a real number. Parameters
    may vary along the tensor: a *group* is a set of elements that share them
    (one group for per-tensor types, one for each channel, one for each block).
  }];
  let methods = [
    InterfaceMethod<"The signless integer type that holds a code.",
      "::mlir::IntegerType", "getCodeType">,
    InterfaceMethod<"Whether codes are signed.", "bool", "isCodeSigned">,
    InterfaceMethod<"The smallest legal code.", "int64_t", "getCodeMin">,
    InterfaceMethod<"The largest legal code.", "int64_t", "getCodeMax">,
    InterfaceMethod<"The float type of the values that codes stand for.",
      "::mlir::FloatType", "getValueType">,
    InterfaceMethod<"How many groups a tensor of this shape has.",
      "int64_t", "getNumGroups", (ins "::llvm::ArrayRef<int64_t>":$shape)>,
    InterfaceMethod<
      "The group of the element at `index` of a tensor of this shape.",
      "int64_t", "getGroup", (ins "::llvm::ArrayRef<int64_t>":$shape,
                                  "::llvm::ArrayRef<int64_t>":$index)>,
    InterfaceMethod<[{The code that stands for `value`: rounded by `rounding`
      and clipped to the legal codes; NaN gives the smallest code. Nonlinear
      types take the nearest level, the lower one on a tie, whatever
      `rounding`.}],
      "int64_t", "quantizeValue", (ins "double":$value, "int64_t":$group,
                                       "::qnn::RoundingMode":$rounding)>,
    InterfaceMethod<"The value that `code` stands for.",
      "double", "dequantizeCode", (ins "int64_t":$code, "int64_t":$group)>,
    InterfaceMethod<[{Whether `value = scale * (code - zero point)` with the
      parameters of the group.}], "bool", "isUniform">,
    InterfaceMethod<"The scale of a group; 0 unless uniform.",
      "double", "getGroupScale", (ins "int64_t":$group)>,
    InterfaceMethod<"The zero point of a group; 0 unless uniform.",
      "int64_t", "getGroupZeroPoint", (ins "int64_t":$group)>,
    InterfaceMethod<[{The axis along which groups are slices, -1 if there is one
      group for the whole tensor, -2 if groups are blocks.}],
      "int64_t", "getGroupAxis">,
    InterfaceMethod<[{The values of all legal codes in increasing order, for
      types of one group; empty for types with more.}],
      "::llvm::SmallVector<float>", "getCodeValues">
  ];
}

def QNN_QuantizableOpInterface : OpInterface<"QuantizableOpInterface"> {
  let cppNamespace = "::qnn";
  let description = [{
    An operation that has an integer form. Choosing and quantizing passes ask
    these questions only; a new operation, also one of another dialect, is
    quantized by answering them.
  }];
  let methods = [
    InterfaceMethod<"What the operand is to the operation.",
      "::qnn::OperandRole", "getOperandRole", (ins "unsigned":$operand),
      /*methodBody=*/"", /*defaultImplementation=*/[{
        return ::qnn::OperandRole::Activation;
      }]>,
    InterfaceMethod<[{The axis of a `Weights` operand along which each slice
      may have a scale of its own (the output channels); none if the weights
      need one scale.}],
      "std::optional<int64_t>", "getWeightsChannelAxis", (ins), "", [{
        return std::nullopt;
      }]>,
    InterfaceMethod<[{Whether activations and results must share scale and zero
      point, because codes are only moved or compared.}],
      "bool", "requiresSameParameters", (ins), "", [{ return false; }]>,
    InterfaceMethod<[{The range that the result cannot leave, whatever the
      input; better than any calibrated one.}],
      "std::optional<std::pair<double, double>>", "getKnownResultRange", (ins),
      "", [{ return std::nullopt; }]>,
    InterfaceMethod<[{Why this operation has no integer form as it stands
      (operands that are not constant, attributes out of range); empty if it
      has one. Shown to the user.}],
      "std::string", "getReasonToStayFloat", (ins), "", [{ return ""; }]>,
    InterfaceMethod<"How many bits activations of its integer form may have.",
      "int64_t", "getMaxActivationBits", (ins), "", [{ return 16; }]>,
    InterfaceMethod<[{Asks for an arithmetic of the requantization. Operations
      without an exact accumulator have one only, and ignore this.}],
      "void", "requestRequantization", (ins "::qnn::RequantizationMode":$mode),
      "", [{ return; }]>
  ];
}

def QNN_DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::qnn";
  let description = [{
    An operation of one result whose float form has a derivative. The adjoint is
    made of operations that can be run, compiled and read like any others.
  }];
  let methods = [
    InterfaceMethod<[{The gradients of the operands, in their types, from that
      of the result: one value for each operand, null where it is 0, or where
      `isActive` is false (the gradient is not asked for). `builder` stands
      where the operation's operands and result are defined.}],
      "::llvm::SmallVector<::mlir::Value>", "buildAdjoint",
      (ins "::mlir::ImplicitLocOpBuilder &":$builder,
           "::mlir::Value":$cotangent,
           "::llvm::ArrayRef<bool>":$isActive)>,
    InterfaceMethod<[{Why this operation has no adjoint as it stands; empty if
      it has one. Shown to the user.}],
      "std::string", "getReasonNotDifferentiable", (ins), "",
      [{ return ""; }]>,
    InterfaceMethod<[{Whether a backward pass may rather compute the result
      again than keep it: it costs about as much as reading the operands.}],
      "bool", "isCheapToRecompute", (ins), "", [{
        return ConcreteOp::template hasTrait<::qnn::CheapToRecompute>();
      }]>
  ];
}

def QNN_BatchableOpInterface : OpInterface<"BatchableOpInterface"> {
  let cppNamespace = "::qnn";
  let description = [{
    An operation that can treat the entries along axis 0 one by one: entry `i`
    of each result depends on the entries `i` of the *batched* operands, all of
    which have as many, and on the whole of the others. So it computes the same
    for each entry, however many there are.
  }];
  let methods = [
    InterfaceMethod<[{Why it cannot if these operands are batched (at least one
      is); empty if it can. Shown to the user. By default the operation is
      elementwise and broadcasts as in numpy.}],
      "std::string", "getReasonNotBatchable",
      (ins "::llvm::ArrayRef<bool>":$isBatched), "", [{
        return ::qnn::getReasonNotElementwise($_op, isBatched);
      }]>,
    InterfaceMethod<[{Makes attributes that repeat extents agree with the
      result types, of which the leading extents have changed.}],
      "void", "updateExtents", (ins), "", [{ return; }]>
  ];
}

#endif // QNN_DIALECT_QNN_IR_QNNINTERFACES_TD
