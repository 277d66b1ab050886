// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model as the driver compiles it, with the reference beside it.

#ifndef QNN_LIB_BENCHMARK_COMPILEDFILE_H
#define QNN_LIB_BENCHMARK_COMPILEDFILE_H

#include "qnn/Benchmark/Models.h"
#include "qnn/Target/CompiledModel.h"

namespace qnn {

class CompiledFile {
public:
  /// Compiles in a temporary folder, and interprets the first `rows` rows.
  static llvm::Expected<std::unique_ptr<CompiledFile>>
  create(const mlir::DialectRegistry &registry, const ModelRequest &request,
         const TargetOptions &target, bool isFloat, int64_t threads,
         int64_t rows);

  /// Two for each product of a convolution or matrix product.
  double countOperations() const { return operations; }
  /// Of constants, and of inputs and outputs.
  int64_t countBytes() const { return bytes; }
  llvm::StringRef getTarget() const { return target; }

  /// Runs the first row.
  llvm::Error run();
  /// Runs the rows; whether the outputs are those of the reference.
  llvm::Expected<bool> check();

private:
  CompiledFile() = default;
  llvm::Error interpret(mlir::ModuleOp module,
                        llvm::ArrayRef<std::string> paths, int64_t rows);

  /// Inputs of a row and what the reference gives for them.
  struct Example {
    llvm::SmallVector<Tensor> inputs, outputs;
    llvm::SmallVector<const void *> pointers;
  };

  std::string target;
  bool isExact = true;
  double operations = 0;
  int64_t bytes = 0;
  std::unique_ptr<CompiledModel> model;
  std::vector<Example> examples;
  llvm::SmallVector<Tensor> results;
  llvm::SmallVector<void *> resultPointers;
};

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_COMPILEDFILE_H
