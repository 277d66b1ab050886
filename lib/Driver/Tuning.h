// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options of learning that follow from the model and its data.

#ifndef QNN_LIB_DRIVER_TUNING_H
#define QNN_LIB_DRIVER_TUNING_H

#include "LearningData.h"

namespace qnn {

/// The losses and the optimizer that a model is tuned with: each output learns
/// what the float model gives, features what that has between its operations,
/// and the first output labels if the data have them, which count less where
/// they are few.
std::string chooseTuningStep(size_t numOutputs, llvm::ArrayRef<DataFiles> data,
                             bool hasFeatures);

/// Whether what teachers have for all rows fits into a part of the memory that
/// any machine has, and whether there are few enough of them: each step of an
/// unrolled network has some, and a step of hundreds takes minutes to compile.
bool haveRoomForFeatures(const StepPorts &ports,
                         llvm::ArrayRef<DataFiles> data);

/// Batch, number of steps and validations for so many rows to learn from, and
/// which quantizers are learned.
void chooseTuningSteps(LearningOptions &options, int64_t numRows);

/// A learning rate for the optimizer that the options of a step name: a small
/// part of what weights usually are, for those whose steps have about the size
/// of the learning rate.
double chooseLearningRate(mlir::ModuleOp model, llvm::StringRef step);

/// The learning rates to try, one training each: a model of few rows needs
/// smaller steps than one of many, and nobody knows how much smaller.
llvm::ArrayRef<double> getLearningRates(const LearningOptions &options);

} // namespace qnn

#endif // QNN_LIB_DRIVER_TUNING_H
