// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model that can be run in this process, by the reference interpreter or as
// machine code, behind one interface.

#ifndef QNN_EXECUTION_EXECUTABLEMODEL_H
#define QNN_EXECUTION_EXECUTABLEMODEL_H

#include "mlir/IR/BuiltinOps.h"
#include "qnn/Reference/Tensor.h"
#include "qnn/Target/Object.h"
#include <memory>
#include <string>

namespace qnn {

/// One input or output of a model.
struct Port {
  std::string name;
  ElementKind kind = ElementKind::F32;
  llvm::SmallVector<int64_t> shape;

  int64_t numElements() const;
  /// The shape of several rows. For more than one the rank must not be 0.
  llvm::SmallVector<int64_t> getShapeOfRows(int64_t rows) const;
  size_t numBytes() const { return numElements() * getElementSize(kind); }
};

class ExecutableModel {
public:
  virtual ~ExecutableModel();

  llvm::ArrayRef<Port> getInputs() const { return inputs; }
  llvm::ArrayRef<Port> getOutputs() const { return outputs; }

  /// Whether several rows can run at once: leading extents of inputs and
  /// outputs are then multiplied by their number.
  virtual bool takesRows() const { return false; }

  /// The outputs for one set of inputs, which must match the ports.
  llvm::Expected<llvm::SmallVector<Tensor>> run(llvm::ArrayRef<Tensor> values);

  /// The same into tensors that match the outputs and are no inputs, for
  /// callers who run often.
  virtual llvm::Error runInto(llvm::ArrayRef<const Tensor *> values,
                              llvm::ArrayRef<Tensor *> results) = 0;

  /// Lets `run` use this many threads; the results are the same. Fails for the
  /// interpreter, which has one, and if threads cannot be had.
  virtual llvm::Error useThreads(unsigned count) = 0;

protected:
  /// How many rows the first input has.
  int64_t countRows(const Tensor &input) const;

  llvm::SmallVector<Port> inputs, outputs;
};

using ModelOrError = llvm::Expected<std::unique_ptr<ExecutableModel>>;

/// The reference interpreter on a module whose phase is import to legalize.
ModelOrError interpretModule(mlir::ModuleOp module);

/// Object code from a module of any phase, which is left as it is. Errors of
/// the pipelines go to the context's diagnostic handler.
llvm::Expected<llvm::SmallVector<char>>
compileToObject(mlir::ModuleOp module, const TargetOptions &options);

/// Machine code for this CPU, from a module of any phase, which is left as it
/// is. Errors of the pipelines go to the context's diagnostic handler.
ModelOrError compileModule(mlir::ModuleOp module,
                           const TargetOptions &options = {});

/// A compiled object (.o) or shared library (.so).
ModelOrError loadModel(llvm::StringRef path);

/// An object that emitObject made for this machine.
ModelOrError loadModel(llvm::ArrayRef<char> object);

} // namespace qnn

#endif // QNN_EXECUTION_EXECUTABLEMODEL_H
