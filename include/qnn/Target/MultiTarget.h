// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects that run on many CPUs and use what each of them has.

#ifndef QNN_TARGET_MULTITARGET_H
#define QNN_TARGET_MULTITARGET_H

#include "qnn/Target/Metadata.h"
#include "qnn/Target/Object.h"
#include "llvm/TargetParser/Triple.h"

namespace qnn {

/// The bytes of each input and of each output that the model must have for
/// them.
struct SelfTest {
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  /// Whether products of floats are fused with their sums: rows that cannot do
  /// that give other last bits and are not compared.
  bool needsFma = false;
};

/// An object with what its header says.
struct MultiTargetObject {
  llvm::SmallVector<char> bytes;
  ModelMetadata metadata;
};

/// The rows of the target table whose features code can ask for at run time,
/// best first. The last one needs none.
llvm::SmallVector<llvm::StringRef>
getMultiTargetRows(const llvm::Triple &triple);

/// An object that exports `<model>_run`, `<model>_run_parallel`,
/// `<model>_metadata` and `int <model>_selftest(void)`. `variants` are the
/// results of `qnn-codegen-pipeline` of one model, each for another row, best
/// first, the last one for every CPU of the triple. The first call asks the CPU
/// which is the first that it can run. The self-test runs every variant that
/// the CPU can run, but those that `test` leaves out, on stored inputs and
/// returns 0, or 1 and more for the first whose outputs differ: its number,
/// counted from 1.
llvm::Expected<MultiTargetObject>
emitMultiTargetObject(llvm::ArrayRef<mlir::ModuleOp> variants,
                      const TargetOptions &options, const SelfTest &test);

} // namespace qnn

#endif // QNN_TARGET_MULTITARGET_H
