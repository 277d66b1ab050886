// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The options of quant-train.

#ifndef QNN_TOOLS_QUANT_TRAIN_TRAINOPTIONS_H
#define QNN_TOOLS_QUANT_TRAIN_TRAINOPTIONS_H

#include "qnn/Driver/Compiler.h"
#include "llvm/Support/CommandLine.h"

/// The category of the options that only this tool has.
llvm::cl::OptionCategory &getTrainCategory();

/// What the command line says; an error for what makes no sense.
llvm::Expected<qnn::CompileOptions> readTrainOptions();

#endif // QNN_TOOLS_QUANT_TRAIN_TRAINOPTIONS_H
