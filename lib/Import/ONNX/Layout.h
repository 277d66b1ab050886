// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reshapes, transposes, and the windows of convolutions and pools.

#ifndef QNN_LIB_IMPORT_ONNX_LAYOUT_H
#define QNN_LIB_IMPORT_ONNX_LAYOUT_H

#include "NodeContext.h"

namespace qnn::importer {

/// The value with another shape of as many elements, by tensor.collapse_shape
/// and tensor.expand_shape.
mlir::Value reshape(mlir::OpBuilder &builder, mlir::Location loc,
                    mlir::Value value, llvm::ArrayRef<int64_t> shape);

/// qnn.transpose; the permutation must be one.
mlir::Value transpose(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value value, llvm::ArrayRef<int64_t> permutation);

/// [N, C, L] or [N, C, H, W] to [N, H, W, C], where H of the former is 1.
mlir::Value toChannelsLast(NodeContext &node, mlir::Value value);

/// The way back, to the given rank; `value` is the node's result.
mlir::Value toChannelsFirst(NodeContext &node, mlir::Value value, size_t rank);

/// The attributes of a window as the model has them.
struct WindowAttributes {
  std::string autoPad = "NOTSET";
  std::optional<Shape> kernel, strides, dilations, pads;
  int64_t ceilMode = 0;
};

/// A window in two dimensions with its padding known; see Window.
struct ResolvedWindow {
  Shape kernel, strides, dilations, pad;
  /// Padding at the ends beyond the model's own, for a last partial window.
  bool hasExtraPadding = false;

  Window get() const { return {kernel, strides, dilations, pad}; }
};

/// The window over an input of [N, C, L] or [N, C, H, W].
mlir::FailureOr<ResolvedWindow>
resolveWindow(NodeContext &node, const WindowAttributes &attributes,
              llvm::ArrayRef<int64_t> inputShape);

} // namespace qnn::importer

#endif // QNN_LIB_IMPORT_ONNX_LAYOUT_H
