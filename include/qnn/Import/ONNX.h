// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Import of ONNX models into the qnn dialect.

#ifndef QNN_IMPORT_ONNX_H
#define QNN_IMPORT_ONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <string>

namespace qnn {

/// The axis order of the function's first argument.
enum class RawLayout {
  /// As the model has it.
  AsModel,
  /// [N, ..., C]: a qnn.transpose to the model's [N, C, ...] follows.
  NHWC,
};

struct ImportOptions {
  /// Name of the function; empty: the file's stem, made an identifier.
  std::string name;
  /// Values of named dynamic dimensions.
  llvm::StringMap<int64_t> dims;

  // The rest is about raw data for the model's first input.
  RawLayout inputLayout = RawLayout::AsModel;
  /// Arguments of qnn.normalize: one element, or one for each channel, which
  /// is axis 1 of the model's input. Both empty: no normalization.
  llvm::SmallVector<float> inputMean, inputScale;
  /// The argument is ui8 and normalized, by default with mean 0 and scale 1.
  bool inputIsU8 = false;
};

/// Reads an ONNX model into a module with one function on f32 tensors. Argument
/// and result names are `qnn.name` attributes; an operation that makes the
/// value "v" in node "n" has the location "v"("n"). Null after an emitted
/// error.
mlir::OwningOpRef<mlir::ModuleOp> importONNX(llvm::StringRef path,
                                             mlir::MLIRContext &context,
                                             const ImportOptions &options);

/// The same from memory; the buffer's identifier stands for the path.
mlir::OwningOpRef<mlir::ModuleOp> importONNX(llvm::MemoryBufferRef buffer,
                                             mlir::MLIRContext &context,
                                             const ImportOptions &options);

/// Prints docs/SupportedOps.md from the table of handlers.
void printSupportedONNXOps(llvm::raw_ostream &os);

} // namespace qnn

#endif // QNN_IMPORT_ONNX_H
