// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reshapes, transposes, slices, and the windows of convolutions and pools.

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

/// `shape` elements from `offsets` on, `strides` apart.
mlir::Value slice(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::Value value, llvm::ArrayRef<int64_t> offsets,
                  llvm::ArrayRef<int64_t> shape,
                  llvm::ArrayRef<int64_t> strides);

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

/// Makes the extents behind the first two of `weights` the kernel; an error if
/// attribute 'kernel_shape' gives others.
mlir::LogicalResult checkKernel(NodeContext &node,
                                llvm::ArrayRef<int64_t> weights,
                                std::optional<Shape> &kernel);

/// A window along one axis of an image, as the model has it.
struct WindowAxis {
  int64_t image = 1, kernel = 1, stride = 1, dilation = 1;
  /// The padding; where auto_pad is another than NOTSET, it does not count.
  int64_t before = 0, after = 0;

  /// From the first tap to the last.
  int64_t getExtent() const { return dilation * (kernel - 1) + 1; }
};

/// The axes of the window over an input of [N, C, L] or [N, C, H, W]; an error
/// for attributes that do not fit the input or each other.
mlir::FailureOr<llvm::SmallVector<WindowAxis>>
readWindow(NodeContext &node, const WindowAttributes &attributes,
           llvm::ArrayRef<int64_t> inputShape);

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
