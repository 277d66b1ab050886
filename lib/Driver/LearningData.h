// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The data of a learning, opened and divided.

#ifndef QNN_LIB_DRIVER_LEARNINGDATA_H
#define QNN_LIB_DRIVER_LEARNINGDATA_H

#include "mlir/IR/BuiltinOps.h"
#include "qnn/Driver/Learning.h"
#include "qnn/Training/RowOrder.h"

namespace qnn {

/// Rows and what the float model says of them.
struct LearningRows {
  Dataset data;
  /// The logits to learn, with features behind them, and the outputs to compare
  /// with; empty if nothing needs them.
  std::vector<Tensor> teachers, references;
};

/// Whether an output of a model ends with a softmax or a sigmoid.
enum class Ending { Softmax, Sigmoid, Other };

/// Of each output of the function of a model, up to the first that cannot be
/// learned because it is no `f32` tensor with a batch axis.
llvm::SmallVector<Ending> findEndings(mlir::ModuleOp model);

/// What labels must be, from the ports of a loss for one row; nothing if it
/// takes none.
std::optional<LabelFormat> getLabelFormat(const StepPorts &ports);

/// What outputs are judged by; \p step is LearningOptions::step.
Metric chooseMetric(const StepPorts &ports, llvm::ArrayRef<Ending> endings,
                    llvm::StringRef step);

/// Opens files. `model` is the float model with the weights that its outputs
/// are to be compared with, always if it is tuned, else if there are no labels.
llvm::Expected<LearningRows>
openRows(mlir::ModuleOp model, llvm::ArrayRef<DataFiles> files,
         const StepPorts &ports, const std::optional<TuningSources> &tuning);

} // namespace qnn

#endif // QNN_LIB_DRIVER_LEARNINGDATA_H
