// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scales and zero points that were arguments of a simulated function, back in
// the types that annotations ask for.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_LEARNEDQUANTIZERS_H
#define QNN_DIALECT_QNN_TRANSFORMS_LEARNEDQUANTIZERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace qnn {

/// Attributes of an argument that is a scale, beside `qnn.scale`: the names of
/// the values that have it, and their type, which is the one to start from. The
/// argument of their zero point, if there is one, is the next.
inline constexpr llvm::StringLiteral kQuantizerValuesAttr =
    "qnn.quantizer_values";
inline constexpr llvm::StringLiteral kQuantizerTypeAttr = "qnn.quantizer_type";

/// What an argument with `qnn.scale` stands for, and one with `qnn.zero_point`
/// behind it.
struct LearnedQuantizer {
  std::string name;
  llvm::SmallVector<std::string> values;
  QuantizedElementType type;
  bool hasZeroPoint = false;

  /// The scales of the type.
  llvm::SmallVector<float> getInitialScales() const;
  /// The zero point of the type, as a part of the range of codes.
  float getInitialZeroPoint() const;
};

/// All of a function that qnn-simulate-quantization made, in the order of its
/// arguments.
llvm::SmallVector<LearnedQuantizer>
readLearnedQuantizers(mlir::func::FuncOp function);

/// What the arguments of a quantizer are in the end.
struct QuantizerValues {
  llvm::ArrayRef<float> scales;
  /// As a part of the range of codes.
  std::optional<float> zeroPoint;
};

/// Gives the annotations of `module` (qnn-choose-quantization) the scales and
/// zero points that were learned, in the order of `learned`; biases get the
/// products of the scales. qnn-quantize then makes exactly the grid that was
/// simulated. An error for scales that are no positive normal floats, zero
/// points that are no part of the range, and a quantizer that no annotation
/// has.
llvm::Error writeLearnedQuantizers(mlir::ModuleOp module,
                                   llvm::ArrayRef<LearnedQuantizer> learned,
                                   llvm::ArrayRef<QuantizerValues> values);

} // namespace qnn

#endif // QNN_DIALECT_QNN_TRANSFORMS_LEARNEDQUANTIZERS_H
