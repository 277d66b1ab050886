// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a compilation did, for people.

#ifndef QNN_DRIVER_SUMMARY_H
#define QNN_DRIVER_SUMMARY_H

#include "mlir/IR/BuiltinOps.h"
#include "qnn/Driver/Learning.h"
#include "qnn/Quantization/BitWidths.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace qnn {

/// Signal-to-quantization-noise ratio of one output on the calibration rows.
struct OutputQuality {
  std::string name;
  /// 10 * log10(sum of float^2 / sum of (float - int8)^2); infinite if equal,
  /// NaN if an output is not finite.
  double decibels;
};

struct CompileSummary {
  std::string model;
  /// The float model was compiled.
  bool floatModel = false;
  int64_t numQuantized = 0, numFloat = 0;
  /// Of what is quantized.
  BitWidths bits;
  /// "node 'n' (qnn.op): reason" for each operation that stays float.
  std::vector<std::string> floatReasons;
  int64_t weightBytes = 0, arenaBytes = 0, objectBytes = 0;
  /// What no plan of the arena could go below; not known of an object for
  /// several targets.
  std::optional<int64_t> arenaLowerBound;
  /// "transpose at node 'n': bytes" for each operation that only moves data.
  std::vector<std::string> movements;
  uint64_t calibrationSamples = 0;
  std::vector<OutputQuality> outputs;
  std::optional<LearningSummary> learning;
  /// The part of the quantized weights that is zero, if it was asked for.
  std::optional<double> sparsity;
  /// Files that were written.
  std::vector<std::string> files;
  std::string target;
  /// Rows of the target table that the object has code for, if several.
  std::vector<std::string> variants;
  /// Rows that run at once, the largest block first, of an object that takes
  /// any number.
  std::vector<int64_t> rowBlocks;

  void print(llvm::raw_ostream &os) const;
};

/// Counts what the annotations of qnn-choose-quantization say.
void countChoices(mlir::ModuleOp annotated, CompileSummary &summary);

/// The most bytes of the arena that are live at any one time, as planned.
std::optional<int64_t> getArenaLowerBound(mlir::ModuleOp lowered);

/// Lists copies and transposes that are left in a lowered module.
void listMovements(mlir::ModuleOp lowered, CompileSummary &summary);

/// The part of the codes of constant weights, not of biases, that stands for
/// zero.
double measureZeroWeights(mlir::ModuleOp quantized);

/// Bytes of all constants.
int64_t countConstantBytes(mlir::ModuleOp module);

} // namespace qnn

#endif // QNN_DRIVER_SUMMARY_H
