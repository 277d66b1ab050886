// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options about pruning, for tools that learn.

#ifndef QNN_TOOLS_COMMON_SPARSITYOPTIONS_H
#define QNN_TOOLS_COMMON_SPARSITYOPTIONS_H

#include "qnn/Driver/Learning.h"
#include "llvm/Support/CommandLine.h"

namespace qnn {

/// Adds --sparsity and --sparsity-pattern to the options of the tool. Call it
/// before they are parsed.
void addSparsityOptions(llvm::cl::OptionCategory &category);

/// Whether one of them is given.
bool isSparsityGiven();

/// Writes what they say into the options; fails for a part that is not between
/// 0 and 1 or not that of the pattern, for an unknown pattern, for blocks
/// without a part, and for a training without a known end.
llvm::Error readSparsityOptions(LearningOptions &options);

} // namespace qnn

#endif // QNN_TOOLS_COMMON_SPARSITYOPTIONS_H
