// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The few shapes of linalg operations that all lowerings are made of.

#ifndef QNN_LIB_CONVERSION_QNNTOLINALG_TENSOREMITTER_H
#define QNN_LIB_CONVERSION_QNNTOLINALG_TENSOREMITTER_H

#include "ScalarEmitter.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinTypes.h"

namespace qnn {

/// The scalar result from the elements of the inputs (and, in a reduction, the
/// accumulator as the last argument).
using ScalarBody =
    llvm::function_ref<mlir::Value(ScalarEmitter &, mlir::ValueRange)>;

/// One loop nest: an extent is known from the maps; `reduction` loops are
/// those that the result's map lacks.
struct LoopNest {
  unsigned numLoops;
  llvm::SmallVector<mlir::AffineMap> inputMaps;
  mlir::AffineMap resultMap;
};

mlir::RankedTensorType tensorType(mlir::Value value);

/// A tensor of the same shape with another element type.
mlir::RankedTensorType withElementType(mlir::RankedTensorType type,
                                       mlir::Type elementType);

mlir::Value emitEmpty(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::RankedTensorType type);

/// A tensor with `value` in every element.
mlir::Value emitFilled(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::RankedTensorType type, mlir::TypedAttr value);

/// The input between borders of `value`; the input itself if there are none.
mlir::Value emitPadded(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value input, llvm::ArrayRef<int64_t> low,
                       llvm::ArrayRef<int64_t> high, mlir::TypedAttr value);

/// NHWC with [top, bottom, left, right] around the image.
mlir::Value emitPaddedImage(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value input, llvm::ArrayRef<int64_t> pad,
                            mlir::TypedAttr value);

/// Element by element; inputs broadcast to the result's shape as in numpy.
mlir::Value emitElementwise(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::RankedTensorType type,
                            mlir::ValueRange inputs, ScalarBody body);

/// The bounds of an operation applied to a float result; integers and results
/// without bounds pass.
mlir::Value emitClampedFloat(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value value,
                             std::optional<llvm::APFloat> low,
                             std::optional<llvm::APFloat> high);

/// `init` updated in the order of the loops, the last one innermost.
mlir::Value emitLoops(mlir::OpBuilder &builder, mlir::Location loc,
                      const LoopNest &nest, mlir::ValueRange inputs,
                      mlir::Value init, ScalarBody body);

/// The input reduced along `axes`, which disappear.
mlir::Value emitReduction(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value input, llvm::ArrayRef<int64_t> axes,
                          mlir::TypedAttr init, ScalarBody body);

/// Brings back axes of extent 1 that a reduction removed.
mlir::Value emitExpandedAxes(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value input, mlir::RankedTensorType type,
                             llvm::ArrayRef<int64_t> axes);

} // namespace qnn

#endif // QNN_LIB_CONVERSION_QNNTOLINALG_TENSOREMITTER_H
