// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calibration: the prepared float model runs on data, and its values leave
// their statistics in a profile.

#ifndef QNN_CALIBRATION_CALIBRATE_H
#define QNN_CALIBRATION_CALIBRATE_H

#include "mlir/IR/BuiltinOps.h"
#include "qnn/Execution/Rows.h"
#include "qnn/Quantization/Profile.h"

namespace qnn {

struct Calibration {
  Profile profile;
  /// The float model that was run. Its first outputs are the model's own, the
  /// others were observed.
  std::unique_ptr<ExecutableModel> floatModel;
};

/// Runs the first `maxRows` rows (all if 0) through the model, compiled for
/// this CPU by our own pipeline, and observes every quantizable value. Memory
/// does not grow with the number of rows. `prepared` is left as it is.
llvm::Expected<Calibration> calibrateModel(mlir::ModuleOp prepared,
                                           llvm::ArrayRef<std::string> data,
                                           int64_t maxRows = 0);

/// The inputs of a row.
using RowSource =
    llvm::function_ref<llvm::Expected<llvm::SmallVector<Tensor>>(int64_t row)>;

/// The same for \p numRows rows of a caller who reads them.
llvm::Expected<Calibration>
calibrateModel(mlir::ModuleOp prepared, int64_t numRows, RowSource getInputs);

/// Fails unless the profile can be of this model: it must know every value that
/// calibration observes, with as many elements.
llvm::Error checkProfile(mlir::ModuleOp prepared, const Profile &profile);

} // namespace qnn

#endif // QNN_CALIBRATION_CALIBRATE_H
