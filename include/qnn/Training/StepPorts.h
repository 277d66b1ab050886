// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The roles of a step function's arguments and results.

#ifndef QNN_TRAINING_STEPPORTS_H
#define QNN_TRAINING_STEPPORTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Execution/ExecutableModel.h"

namespace qnn {

/// What an argument or a result is, as its attribute `qnn.role` says.
enum class StepRole {
  Input,
  Parameter,
  Scale,
  ZeroPoint,
  Label,
  Teacher,
  State,
  Mask,
  LearningRate,
  Step,
  Seed,
  Loss,
  Output,
};

/// One argument or result.
struct StepPort : Port {
  StepRole role = StepRole::Input;
  /// Which one of its role.
  size_t number = 0;
  /// Of a mask: the name of its parameter.
  std::string maskOf;
};

/// Whether a step returns a new value: of parameters, scales, zero points and
/// states.
bool isKept(const StepPort &port);

struct StepPorts {
  llvm::SmallVector<StepPort> arguments, results;
};

/// Reads the attributes `qnn.role`, `qnn.name` and `qnn.mask_of`; an argument
/// without role is an input, a result without one an output. Fails for an
/// unknown role, and for a mask of nothing.
llvm::Expected<StepPorts> readStepPorts(mlir::func::FuncOp function);

} // namespace qnn

#endif // QNN_TRAINING_STEPPORTS_H
