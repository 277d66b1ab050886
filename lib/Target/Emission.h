// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What all emitted files share: translation to LLVM IR, optimization, and the
// check that an object needs nothing it may not need.

#ifndef QNN_LIB_TARGET_EMISSION_H
#define QNN_LIB_TARGET_EMISSION_H

#include "TargetMachine.h"
#include "qnn/Target/Metadata.h"
#include "llvm/IR/Module.h"

namespace qnn {

/// A model in LLVM IR, with all that must live as long.
struct Translation {
  ModelMetadata metadata;
  std::unique_ptr<llvm::TargetMachine> machine;
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module;
};

/// LLVM IR for the machine's triple, from what `qnn-codegen-pipeline` makes.
llvm::Expected<std::unique_ptr<llvm::Module>>
translateToLLVM(mlir::ModuleOp module, const ModelMetadata &metadata,
                const llvm::TargetMachine &machine, llvm::LLVMContext &context);

/// Adds the string that makes a bare object usable.
void addMetadata(llvm::Module &module, const ModelMetadata &metadata);

/// Hides every definition but those with one of the names. Functions keep their
/// names as local symbols, for profilers.
void hideAllBut(llvm::Module &module, llvm::ArrayRef<std::string> exported);

void optimize(llvm::Module &module, llvm::TargetMachine &machine,
              unsigned optLevel);

llvm::Expected<llvm::SmallVector<char>> emitFile(Translation &translation,
                                                 llvm::CodeGenFileType type);

/// An object file; an error if it needs other functions than memcpy, memset and
/// memmove, which every C library has, and `allowed`.
llvm::Expected<llvm::SmallVector<char>>
emitObjectFile(Translation &translation, llvm::StringRef allowed = "");

} // namespace qnn

#endif // QNN_LIB_TARGET_EMISSION_H
