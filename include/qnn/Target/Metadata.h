// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a caller must know about a compiled model. An object carries it as a
// JSON string in the symbol `<model>_metadata`.

#ifndef QNN_TARGET_METADATA_H
#define QNN_TARGET_METADATA_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace qnn {

/// The real value of a code q is scale * (q - zeroPoint).
struct TensorQuantization {
  double scale = 1.0;
  int64_t zeroPoint = 0;
};

/// An input or an output.
struct TensorInfo {
  std::string name;
  /// "float", or an integer type of <stdint.h> such as "uint8_t".
  std::string cType;
  llvm::SmallVector<int64_t> shape;
  std::optional<TensorQuantization> quantization;

  int64_t numElements() const;
  int64_t elementBytes() const;
  int64_t bytes() const { return numElements() * elementBytes(); }
};

struct ModelMetadata {
  /// The prefix of all exported symbols.
  std::string name;
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  /// What the model uses; 0 if it needs no memory of its own.
  int64_t arenaBytes = 0;
  /// Rows of the target table to choose from at run time; empty for one CPU.
  /// With more than one the object exports a self-test.
  std::vector<std::string> variants = {};
  /// How many rows run at once, the largest block first. Empty unless the
  /// entries take a number of rows; shapes and bytes then are those of one row.
  std::vector<int64_t> rowBlocks = {};

  bool takesRows() const { return !rowBlocks.empty(); }
  std::string entrySymbol() const { return name + "_run"; }
  std::string parallelEntrySymbol() const { return name + "_run_parallel"; }
  std::string selfTestSymbol() const { return name + "_selftest"; }
  std::string metadataSymbol() const { return name + "_metadata"; }
};

/// Reads what `qnn-lower-pipeline` left on the entry function. Works on its
/// result and on that of `qnn-codegen-pipeline`.
llvm::Expected<ModelMetadata> getMetadata(mlir::ModuleOp module);

std::string formatMetadata(const ModelMetadata &metadata);
llvm::Expected<ModelMetadata> parseMetadata(llvm::StringRef json);

} // namespace qnn

#endif // QNN_TARGET_METADATA_H
