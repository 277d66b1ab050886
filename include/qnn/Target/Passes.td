// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes that ask LLVM about a target.

#ifndef QNN_TARGET_PASSES_TD
#define QNN_TARGET_PASSES_TD

include "mlir/Pass/PassBase.td"

def QNNSetTargetPass : Pass<"qnn-set-target", "::mlir::ModuleOp"> {
  let summary = "Name the instruction set that kernels are made for";
  let description = [{
    Writes the row of the target table (`TargetTable.h`) that fits the CPU best
    into the module's attribute `qnn.target`. Passes of the code generator look
    at nothing else, so a test can name any row by hand. `quant-compile` and
    `quant-translate` do the same from their options; an object for a CPU that
    the row does not fit is refused.
  }];
  let options = [
    Option<"triple", "triple", "std::string", /*default=*/"\"\"",
           "LLVM triple (default: this machine's)">,
    Option<"cpu", "cpu", "std::string", /*default=*/"\"\"",
           "LLVM CPU name (default: this one, or generic for another triple)">,
    Option<"features", "features", "std::string", /*default=*/"\"\"",
           "LLVM features, such as +avx2,-fma">
  ];
}

#endif // QNN_TARGET_PASSES_TD
