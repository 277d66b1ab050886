// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The options of quant-train that say what a step does.

#ifndef QNN_TOOLS_QUANT_TRAIN_STEPOPTIONS_H
#define QNN_TOOLS_QUANT_TRAIN_STEPOPTIONS_H

#include "qnn/Driver/Learning.h"
#include "llvm/Support/CommandLine.h"

/// The value of an option that is a finite number, if it is given.
llvm::Expected<std::optional<double>>
readNumber(const llvm::cl::opt<std::string> &option);

/// Writes step and quantizers to learn into the options; fails for what has no
/// meaning, alone or with the other options.
llvm::Error readStepOptions(qnn::LearningOptions &options);

/// The first option that is given and says how to quantize; null if none is.
const llvm::cl::Option *findQuantizingStepOption();

#endif // QNN_TOOLS_QUANT_TRAIN_STEPOPTIONS_H
