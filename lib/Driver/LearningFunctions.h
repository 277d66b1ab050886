// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions that a model learns with, made from it by passes.

#ifndef QNN_LIB_DRIVER_LEARNINGFUNCTIONS_H
#define QNN_LIB_DRIVER_LEARNINGFUNCTIONS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Dialect/QNN/Transforms/LearnedQuantizers.h"
#include "qnn/Driver/Learning.h"

namespace qnn {

/// What a function computes in.
enum class Arithmetic {
  Float,
  /// The integers that the annotations of the model choose, in floats.
  Simulated,
};

/// A function made of a model.
struct LearningFunction {
  /// With this function only.
  mlir::OwningOpRef<mlir::ModuleOp> module;
  StepPorts ports;
  /// In the order of the arguments with the role of a scale.
  llvm::SmallVector<LearnedQuantizer> quantizers;
};

using FunctionOrError = llvm::Expected<LearningFunction>;

/// The values between operations become further results, which a loss may
/// compare with those of the float model.
void buildFeaturesPipeline(mlir::OpPassManager &pm);

/// The function @loss for so many rows; `model` is left as it is.
FunctionOrError makeLoss(mlir::ModuleOp model, Arithmetic arithmetic,
                         const LearningOptions &options, int64_t rows);

/// The function @step for so many rows.
FunctionOrError makeStep(mlir::ModuleOp model, Arithmetic arithmetic,
                         const LearningOptions &options, int64_t rows);

/// A function and its machine code.
struct CompiledFunction {
  LearningFunction source;
  TrainingFunction code;
};

/// Compiles a function, or passes its error on.
llvm::Expected<CompiledFunction> compileFunction(FunctionOrError function,
                                                 unsigned threads);

/// A step, and the loss by which its weights are chosen.
struct CompiledTraining {
  CompiledFunction step, loss;
};

/// Compiles both for the batch and the number of threads of the options.
llvm::Expected<CompiledTraining>
compileTraining(mlir::ModuleOp model, Arithmetic arithmetic,
                const LearningOptions &options);

/// What a function begins with: the parameters of the model, the scales and
/// zero points of its types, zeros for states, ones for masks.
llvm::Expected<TensorMap> makeInitialState(mlir::ModuleOp model,
                                           const LearningFunction &function);

/// Gives the parameters of the model the values of a state.
llvm::Error setParameters(mlir::ModuleOp model, const TensorMap &state);

/// Gives the annotations of the model the scales and zero points of a state.
llvm::Error setQuantizers(mlir::ModuleOp annotated,
                          const LearningFunction &function,
                          const TensorMap &state);

} // namespace qnn

#endif // QNN_LIB_DRIVER_LEARNINGFUNCTIONS_H
