// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a function operation by operation with the reference kernels: the
// definition of what a model computes, bit for bit.

#ifndef QNN_REFERENCE_INTERPRETER_H
#define QNN_REFERENCE_INTERPRETER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Reference/Tensor.h"
#include <functional>
#include <string>

namespace qnn {

/// Computes the result of one operation from its operands.
using Kernel = std::function<llvm::Expected<Tensor>(
    llvm::ArrayRef<const Tensor *> operands)>;

/// Is shown the values of qnn.observe.
using Observer = std::function<void(llvm::StringRef name, const Tensor &value)>;

/// What f32 values of a function are computed in.
enum class Precision {
  /// As the operations define it, bit for bit.
  Single,
  /// In f64, for functions of float operations only: inputs and results are of
  /// kind F64. For what needs better numbers than f32 has, as difference
  /// quotients do.
  Double,
};

/// A function of one block over tensors of static shape, prepared to run on
/// many inputs. It does not need the function any more once it is constructed,
/// but its context; run() may be called from several threads at once.
class Interpreter {
public:
  /// An operation without kernel, or a form of one that is not supported, is
  /// reported by run().
  explicit Interpreter(mlir::func::FuncOp function,
                       Precision precision = Precision::Single);

  void setObserver(Observer newObserver) { observer = std::move(newObserver); }

  /// The results for inputs of the shapes and kinds of the arguments.
  llvm::Expected<llvm::SmallVector<Tensor>>
  run(llvm::ArrayRef<Tensor> inputs) const;

private:
  /// One operation. Values are numbered: first arguments, then results.
  struct Step {
    /// Null for qnn.observe.
    Kernel kernel;
    std::string observedName;
    llvm::SmallVector<size_t, 4> operands;
    size_t result = 0;
    /// Values that no later step uses.
    llvm::SmallVector<size_t, 4> lastUses;
    /// "qnn.conv2d of node 'conv1'", for errors.
    std::string description;
  };

  llvm::Error prepare(mlir::func::FuncOp function);
  llvm::Error prepareOperation(mlir::Operation &op,
                               llvm::DenseMap<mlir::Value, size_t> &numbers);
  llvm::Error foldStep(const Step &step);
  /// The result, in the precision of the interpreter.
  llvm::Expected<Tensor>
  runKernel(const Step &step, llvm::ArrayRef<const Tensor *> operands) const;
  void findLastUses();
  llvm::Error checkInputs(llvm::ArrayRef<Tensor> inputs) const;

  /// Zeros of the types of the arguments.
  llvm::SmallVector<Tensor> arguments;
  std::vector<Step> steps;
  /// Values that do not depend on the inputs; empty for the others.
  std::vector<std::unique_ptr<Tensor>> constants;
  llvm::SmallVector<size_t, 4> results;
  Precision precision;
  std::string preparationError;
  Observer observer;
};

} // namespace qnn

#endif // QNN_REFERENCE_INTERPRETER_H
