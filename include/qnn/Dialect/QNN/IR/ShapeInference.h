// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result shapes of operations, for verifiers and for the importer.

#ifndef QNN_DIALECT_QNN_IR_SHAPEINFERENCE_H
#define QNN_DIALECT_QNN_IR_SHAPEINFERENCE_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

namespace qnn {

using Shape = llvm::SmallVector<int64_t, 4>;

/// A window that slides over an image: extents in pixels, {height, width}.
struct Window {
  llvm::ArrayRef<int64_t> kernel;
  llvm::ArrayRef<int64_t> strides;
  llvm::ArrayRef<int64_t> dilations;
  /// {top, bottom, left, right}.
  llvm::ArrayRef<int64_t> pad;
};

/// {OH, OW} of a window over an image of {H, W}; an error for windows that do
/// not fit, strides, dilations or kernels below 1, and negative padding.
llvm::Expected<Shape> inferWindowShape(llvm::ArrayRef<int64_t> image,
                                       const Window &window);

/// How many pixels of an image of `extent` each of `numWindows` windows covers
/// along `axis`, 0 or 1.
Shape countCoveredPixels(int64_t extent, int64_t numWindows,
                         const Window &window, unsigned axis);

/// Shape of a convolution of [N, H, W, C] by [O, KH, KW, C / groups];
/// window.kernel is ignored.
llvm::Expected<Shape> inferConv2DShape(llvm::ArrayRef<int64_t> input,
                                       llvm::ArrayRef<int64_t> weights,
                                       Window window, int64_t groups);

/// Shape of a pool over [N, H, W, C].
llvm::Expected<Shape> inferPool2DShape(llvm::ArrayRef<int64_t> input,
                                       const Window &window);

/// Shape of [..., M, K] by [K, N] or [..., K, N].
llvm::Expected<Shape> inferMatMulShape(llvm::ArrayRef<int64_t> lhs,
                                       llvm::ArrayRef<int64_t> rhs);

/// The numpy broadcast of two shapes.
llvm::Expected<Shape> inferBroadcastShape(llvm::ArrayRef<int64_t> lhs,
                                          llvm::ArrayRef<int64_t> rhs);

/// The input's shape with extent 1 along `axes`, which must be increasing.
llvm::Expected<Shape> inferReducedShape(llvm::ArrayRef<int64_t> input,
                                        llvm::ArrayRef<int64_t> axes);

/// The input's shape with its axes permuted.
llvm::Expected<Shape> inferTransposedShape(llvm::ArrayRef<int64_t> input,
                                           llvm::ArrayRef<int64_t> permutation);

} // namespace qnn

#endif // QNN_DIALECT_QNN_IR_SHAPEINFERENCE_H
