// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One object for many CPUs, from a module before it is lowered.

#ifndef QNN_LIB_DRIVER_MULTITARGET_H
#define QNN_LIB_DRIVER_MULTITARGET_H

#include "qnn/Target/MultiTarget.h"

namespace qnn {

/// The CPU that stands for all of them.
inline constexpr llvm::StringLiteral kMultiTarget = "multi";

/// Lowers a float or legalized module once for every row of the target table
/// that code can choose at run time. The self-test stores the first row of the
/// calibration data, or noise without data, and what the reference interpreter
/// makes of it. Errors for triples on which nothing can be asked at run time.
llvm::Expected<MultiTargetObject>
compileMultiTarget(mlir::ModuleOp module, const TargetOptions &target,
                   llvm::ArrayRef<std::string> calibrationData);

} // namespace qnn

#endif // QNN_LIB_DRIVER_MULTITARGET_H
