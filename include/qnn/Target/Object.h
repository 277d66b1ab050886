// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the LLVM dialect to object files, assembly and LLVM IR.

#ifndef QNN_TARGET_OBJECT_H
#define QNN_TARGET_OBJECT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <string>

namespace qnn {

struct TargetOptions {
  /// LLVM triple; empty for the host.
  std::string triple;
  /// LLVM CPU name. Empty: the host's for the host, "generic" otherwise; "host"
  /// only fits the host's triple.
  std::string cpu;
  /// LLVM feature string, such as "+avx2,-fma".
  std::string features;
  unsigned optLevel = 3;
};

/// The name of the row of the target table that fits best.
llvm::Expected<std::string> findTargetName(const TargetOptions &options);

/// Fails, and names a feature that is missing, if code for this target cannot
/// run on this machine.
llvm::Error checkRunsOnHost(const TargetOptions &options);

/// Writes the row of the target table that fits best into the module, for the
/// passes of the code generator. To be called before `qnn-lower-pipeline`.
llvm::Error setTarget(mlir::ModuleOp module, const TargetOptions &options);

/// An object that exports `<model>_run` and `<model>_metadata` and needs at
/// most memcpy, memset and memmove; anything else is an error. `module` is what
/// `qnn-codegen-pipeline` makes. Floating-point operations are neither fused
/// nor reassociated.
llvm::Expected<llvm::SmallVector<char>>
emitObject(mlir::ModuleOp module, const TargetOptions &options);

/// The same code as assembly text.
llvm::Expected<llvm::SmallVector<char>>
emitAssembly(mlir::ModuleOp module, const TargetOptions &options);

/// The optimized module as LLVM IR text.
llvm::Expected<llvm::SmallVector<char>>
emitLLVMIR(mlir::ModuleOp module, const TargetOptions &options);

} // namespace qnn

#endif // QNN_TARGET_OBJECT_H
