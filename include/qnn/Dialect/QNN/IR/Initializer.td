// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the values of a parameter begin, before any is known.

#ifndef QNN_DIALECT_QNN_IR_INITIALIZER_TD
#define QNN_DIALECT_QNN_IR_INITIALIZER_TD

include "mlir/IR/EnumAttr.td"

def QNN_InitializerEnum
    : I32EnumAttr<"Initializer", "distribution of a parameter's first values", [
        I32EnumAttrCase<"Zeros", 0, "zeros">,
        I32EnumAttrCase<"Uniform", 1, "uniform">,
        I32EnumAttrCase<"He", 2, "he">,
        I32EnumAttrCase<"Glorot", 3, "glorot">]> {
  let cppNamespace = "::qnn";
  let genSpecializedAttr = 0;
}

#endif // QNN_DIALECT_QNN_IR_INITIALIZER_TD
