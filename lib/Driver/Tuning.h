// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options of learning that follow from the model and its data.

#ifndef QNN_LIB_DRIVER_TUNING_H
#define QNN_LIB_DRIVER_TUNING_H

#include "LearningData.h"
#include "LearningFunctions.h"

namespace qnn {

/// The loss that labels are learned with: of classes softmax_cross_entropy, or
/// binary_cross_entropy where there is one output; of values mse. Numbers
/// beside 0 and 1 are values for one output, unless it is a sigmoid. Without
/// labels one of classes, which asks for them.
llvm::Expected<std::string> chooseLabelLoss(mlir::ModuleOp model, Ending ending,
                                            llvm::ArrayRef<DataFiles> data);

/// Gives options the losses and the optimizer that a model is tuned with, and
/// makes the loss of one row. Each output learns what the float model gives,
/// features what that has between its operations, and the first output labels
/// if the data have them, which count less where they are few.
FunctionOrError makeTuningLoss(mlir::ModuleOp model,
                               llvm::ArrayRef<Ending> endings,
                               LearningOptions &options,
                               TuningSources &sources);

/// Why the quantizers of a model are not learned, empty if they are: a step
/// updates each by operations of its own, on single numbers, and with hundreds
/// of them takes many minutes to compile.
std::string findQuantizerLimit(mlir::ModuleOp model);

/// Batch and validations for so many rows to learn from, and the number of
/// steps and which quantizers are learned unless the options say so.
void chooseTuningSteps(LearningOptions &options, int64_t numRows,
                       bool learnsQuantizers);

/// A learning rate for the optimizer that the options of a step name: a small
/// part of what weights usually are, for those whose steps have about the size
/// of the learning rate.
double chooseLearningRate(mlir::ModuleOp model, llvm::StringRef step);

/// The learning rates to try, one training each: a model of few rows needs
/// smaller steps than one of many, and nobody knows how much smaller.
llvm::ArrayRef<double> getLearningRates(const LearningOptions &options);

} // namespace qnn

#endif // QNN_LIB_DRIVER_TUNING_H
