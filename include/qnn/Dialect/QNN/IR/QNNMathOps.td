// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions, quotients and comparisons of floats.

#ifndef QNN_DIALECT_QNN_IR_QNNMATHOPS_TD
#define QNN_DIALECT_QNN_IR_QNNMATHOPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

class QNN_UnaryOp<string mnemonic, string function,
                  list<string> quantizableMethods = []>
    : QNN_Op<mnemonic, [Pure, QNN_CheapToRecompute,
                        QNN_Differentiable, QNN_Batchable<>,
                        QNN_Quantizable<quantizableMethods>]> {
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = [{
    static constexpr ::qnn::ElementaryFunction kFunction =
      ::qnn::ElementaryFunction::}] # function # [{;
  }];
  code commonConstraints = [{

    Of codes: the code, rounded half to even, of the function of the number that
    a code stands for; a table.

    Constraints: input and result have one shape, and both are float or
    quantized.
  }];
}

def QNN_ExpOp : QNN_UnaryOp<"exp", "Exp"> {
  let summary = "Exponential";
  let description = [{
    `expReference(x)` of `docs/Numerics.md`: within 2 units in the last place,
    0 below -87.33654, infinite above 88.37626.
  }] # commonConstraints;
}

def QNN_LogOp : QNN_UnaryOp<"log", "Log", ["getReasonToStayFloat"]> {
  let summary = "Natural logarithm";
  let description = [{
    `logReference(x)` of `docs/Numerics.md`: within 1 unit in the last place;
    -inf for 0 and denormal numbers, NaN for less.
  }] # commonConstraints;
}

def QNN_SqrtOp : QNN_UnaryOp<"sqrt", "Sqrt"> {
  let summary = "Square root, rounded to nearest";
  let description = [{
    NaN for negative numbers. The gradient at 0 is infinite.
  }] # commonConstraints;
}

def QNN_TanhOp : QNN_UnaryOp<"tanh", "Tanh", ["getKnownResultRange"]> {
  let summary = "Hyperbolic tangent";
  let description = [{
    `tanhReference(x)` of `docs/Numerics.md`: within 2 units in the last place.
  }] # commonConstraints;
}

def QNN_SigmoidOp : QNN_UnaryOp<"sigmoid", "Sigmoid", ["getKnownResultRange"]> {
  let summary = "1 / (1 + exp(-x))";
  let description = [{
    `sigmoidReference(x)` of `docs/Numerics.md`: within 3 units in the last
    place.
  }] # commonConstraints;
}

def QNN_AbsOp : QNN_UnaryOp<"abs", "Abs"> {
  let summary = "Magnitude";
  let description = [{
    `x` without its sign. The gradient at 0 is 0.
  }] # commonConstraints;
}

def QNN_SignOp : QNN_UnaryOp<"sign", "Sign", ["getKnownResultRange"]> {
  let summary = "1, -1, or 0 for 0 and NaN";
  let description = [{
    `x > 0 ? 1 : x < 0 ? -1 : 0`. Its gradient is 0 everywhere.
  }] # commonConstraints;
}

class QNN_FloatBinaryOp<string mnemonic>
    : QNN_Op<mnemonic, [Pure, QNN_CheapToRecompute,
                        QNN_Differentiable, QNN_Batchable<>]> {
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, results)
  }];
  code commonConstraints = [{

    Constraints:
    1. The result has the shape to which numpy broadcasts those of lhs and rhs.
    2. lhs, rhs and result are `f32` tensors.
  }];
}

def QNN_DivOp : QNN_FloatBinaryOp<"div"> {
  let summary = "Quotient with broadcasting";
  let description = "The `f32` quotient." # commonConstraints;
}

def QNN_MaximumOp : QNN_FloatBinaryOp<"maximum"> {
  let summary = "The larger one of two elements, with broadcasting";
  let description = [{
    `lhs > rhs ? lhs : rhs`: a NaN on either side gives `rhs`. The gradient goes
    to the element that is taken, on a tie to `rhs`.
  }] # commonConstraints;
}

def QNN_MinimumOp : QNN_FloatBinaryOp<"minimum"> {
  let summary = "The smaller one of two elements, with broadcasting";
  let description = [{
    `lhs < rhs ? lhs : rhs`: a NaN on either side gives `rhs`. The gradient goes
    to the element that is taken, on a tie to `rhs`.
  }] # commonConstraints;
}

#endif // QNN_DIALECT_QNN_IR_QNNMATHOPS_TD
