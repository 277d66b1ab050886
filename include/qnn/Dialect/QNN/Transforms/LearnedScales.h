// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scales that were arguments of a simulated function, back in the types that
// annotations ask for.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_LEARNEDSCALES_H
#define QNN_DIALECT_QNN_TRANSFORMS_LEARNEDSCALES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/Support/Error.h"

namespace qnn {

/// Attributes of an argument that is a scale, beside `qnn.scale`: the names of
/// the values that have it, and their type with the scale to start from.
inline constexpr llvm::StringLiteral kScaleValuesAttr = "qnn.scale_values";
inline constexpr llvm::StringLiteral kScaleTypeAttr = "qnn.scale_type";

/// What an argument with `qnn.scale` stands for.
struct LearnedScale {
  unsigned argument = 0;
  std::string name;
  llvm::SmallVector<std::string> values;
  QuantizedElementType type;

  /// The scales of the type.
  llvm::SmallVector<float> getInitialScales() const;
};

/// All of a function that qnn-simulate-quantization made.
llvm::SmallVector<LearnedScale> readLearnedScales(mlir::func::FuncOp function);

/// Gives the annotations of `module` (qnn-choose-quantization) the scales that
/// were learned, in the order of `learned`; biases get the products of theirs.
/// qnn-quantize then makes exactly the grid that was simulated. An error for
/// scales that are no positive normal floats, and for one that no annotation
/// has.
llvm::Error writeLearnedScales(mlir::ModuleOp module,
                               llvm::ArrayRef<LearnedScale> learned,
                               llvm::ArrayRef<llvm::ArrayRef<float>> scales);

} // namespace qnn

#endif // QNN_DIALECT_QNN_TRANSFORMS_LEARNEDSCALES_H
