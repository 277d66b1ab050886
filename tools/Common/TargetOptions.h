// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The options of what to compile for, for tools that make objects.

#ifndef QNN_TOOLS_COMMON_TARGETOPTIONS_H
#define QNN_TOOLS_COMMON_TARGETOPTIONS_H

#include "qnn/Target/Object.h"
#include "llvm/Support/CommandLine.h"

namespace qnn {

/// Adds --target-triple and --target-cpu to the options of the tool. Call it
/// before they are parsed.
void addTargetOptions(llvm::cl::OptionCategory &category);

/// What they say.
TargetOptions readTargetOptions();

} // namespace qnn

#endif // QNN_TOOLS_COMMON_TARGETOPTIONS_H
