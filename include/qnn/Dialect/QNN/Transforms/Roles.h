// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes that say what the arguments and results of a training step are.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_ROLES_H
#define QNN_DIALECT_QNN_TRANSFORMS_ROLES_H

#include "llvm/ADT/StringRef.h"

namespace qnn {

/// Of an argument that was a parameter: its name.
inline constexpr llvm::StringLiteral kParameterAttr = "qnn.parameter";
/// Of an argument that is a learned scale: its name. (A number is the scale of
/// an input that is quantized.)
inline constexpr llvm::StringLiteral kScaleAttr = "qnn.scale";
/// The same of a learned zero point.
inline constexpr llvm::StringLiteral kZeroPointAttr = "qnn.zero_point";
/// Of a step's argument that is a mask: the name of the parameter that it is
/// of.
inline constexpr llvm::StringLiteral kMaskOfAttr = "qnn.mask_of";

/// Of every argument and result of a step: a name, unique among arguments and
/// among results, and one of the roles below. The new value of an argument has
/// the name and the role of the argument.
inline constexpr llvm::StringLiteral kNameAttr = "qnn.name";
inline constexpr llvm::StringLiteral kRoleAttr = "qnn.role";

namespace role {
inline constexpr llvm::StringLiteral kInput = "input";
inline constexpr llvm::StringLiteral kParameter = "parameter";
inline constexpr llvm::StringLiteral kScale = "scale";
/// As a part of the range of codes.
inline constexpr llvm::StringLiteral kZeroPoint = "zero_point";
inline constexpr llvm::StringLiteral kLabel = "label";
/// Outputs of the model to learn from.
inline constexpr llvm::StringLiteral kTeacher = "teacher";
/// What the optimizer remembers: zeros before the first step.
inline constexpr llvm::StringLiteral kState = "state";
/// 1 where a parameter may be other than 0, 0 elsewhere.
inline constexpr llvm::StringLiteral kMask = "mask";
inline constexpr llvm::StringLiteral kLearningRate = "learning_rate";
/// A tensor<i32>, another number for each step.
inline constexpr llvm::StringLiteral kSeed = "seed";
/// Of results only.
inline constexpr llvm::StringLiteral kLoss = "loss";
inline constexpr llvm::StringLiteral kOutput = "output";
} // namespace role

} // namespace qnn

#endif // QNN_DIALECT_QNN_TRANSFORMS_ROLES_H
