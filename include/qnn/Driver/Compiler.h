// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The whole way from a model file to an object: what quant-compile does, as a
// library. Calls the same pipelines as quant-opt and quant-translate.

#ifndef QNN_DRIVER_COMPILER_H
#define QNN_DRIVER_COMPILER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "qnn/Driver/Learning.h"
#include "qnn/Driver/Summary.h"
#include "qnn/Import/ONNX.h"
#include "qnn/Pipelines/Phases.h"
#include "qnn/Quantization/BitWidths.h"
#include "qnn/Target/Object.h"
#include <string>
#include <vector>

namespace qnn {

struct CompileOptions {
  std::string model;
  std::string outputDirectory = ".";
  ImportOptions import;
  TargetOptions target;

  /// One .npy file for each input; or profiles instead of them, of disjoint
  /// parts of the data.
  std::vector<std::string> calibrationData;
  std::vector<std::string> profiles;
  /// Rows to calibrate on; 0 for all.
  int64_t samples = 0;
  std::string calibrator = "mse";
  double percentile = 99.99;
  bool perChannel = true;
  BitWidths bits;
  /// float, tflite_single or tflite_double.
  std::string requantization = "float";

  /// Make an object that takes any number of rows in a call.
  bool dynamicRows = false;

  /// Learn from data before the weights are fixed. Without tuning the data
  /// stand for calibrationData.
  std::optional<LearningOptions> learning;

  /// Compile the float model: no calibration, no quantization.
  bool floatModel = false;
  /// Stop after this phase and write its IR instead of an object.
  Phase compileTo = Phase::Emit;
  /// A folder for the IR after each phase; empty for none.
  std::string dumpDirectory;
};

/// Compiles a model and writes its files. On failure every error has been
/// emitted (diagnostics of `context`, or the returned Error), and no output
/// file of an earlier run was changed.
llvm::Expected<CompileSummary> compile(mlir::MLIRContext &context,
                                       const CompileOptions &options);

} // namespace qnn

#endif // QNN_DRIVER_COMPILER_H
