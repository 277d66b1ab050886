// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The option --threads, for tools that run models.

#ifndef QNN_TOOLS_COMMON_THREADSOPTION_H
#define QNN_TOOLS_COMMON_THREADSOPTION_H

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"

namespace qnn {

/// Adds --threads to the options of the tool. Call it before they are parsed.
void addThreadsOption(llvm::cl::OptionCategory &category);

/// What --threads says, 1 if it is not given; an error for 0.
llvm::Expected<unsigned> readThreadsOption();

} // namespace qnn

#endif // QNN_TOOLS_COMMON_THREADSOPTION_H
