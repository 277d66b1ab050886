// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options of learning that follow from the model and its data.

#ifndef QNN_LIB_DRIVER_TUNING_H
#define QNN_LIB_DRIVER_TUNING_H

#include "LearningData.h"

namespace qnn {

/// The losses that a model is tuned with: each output learns what the float
/// model gives (Hinton et al. 2015 for classifiers, else the squared error),
/// and the first one labels if the data have them.
std::string chooseTuningStep(llvm::ArrayRef<Ending> endings,
                             llvm::ArrayRef<DataFiles> data);

/// Batch, number of steps and validations for so many rows to learn from.
void chooseTuningSteps(LearningOptions &options, int64_t numRows);

/// A learning rate for the optimizer that the options of a step name: a small
/// part of what weights usually are, for those whose steps have about the size
/// of the learning rate.
double chooseLearningRate(mlir::ModuleOp model, llvm::StringRef step);

/// What to multiply the learning rate by, one training each: a model of few
/// rows needs smaller steps than one of many, and nobody knows how much
/// smaller.
llvm::ArrayRef<double> getRateFactors(const LearningOptions &options);

} // namespace qnn

#endif // QNN_LIB_DRIVER_TUNING_H
