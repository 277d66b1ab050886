// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recurrent layers, unrolled over their steps.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_RECURRENTCELLS_H
#define QNN_DIALECT_QNN_TRANSFORMS_RECURRENTCELLS_H

#include "mlir/IR/Builders.h"
#include <functional>

namespace qnn {

/// A function between the gates of a cell.
enum class Activation { Sigmoid, Tanh, Relu };

/// One direction of a recurrent layer, in `f32`. A matrix has a column for each
/// gate and unit, the units of a gate side by side. What is optional is null.
struct RecurrentLayer {
  /// [batch, steps, inputs].
  mlir::Value input;
  /// [inputs, gates * hidden], [hidden, gates * hidden], [gates * hidden].
  mlir::Value weights, recurrent, bias;
  /// [batch, hidden]; zeros if null.
  mlir::Value initialHidden, initialCell;
  /// Steps run from the last one to the first.
  bool isReverse = false;
  llvm::SmallVector<Activation> activations;
  /// The location of the value with this role.
  std::function<mlir::Location(llvm::StringRef)> getLoc;
};

/// Gates are in the order input, output, forget, cell.
struct LSTMLayer : RecurrentLayer {
  /// [hidden] of the input, output and forget gates: factors of the cell's
  /// state that is added to them (Gers and Schmidhuber 2000).
  std::array<mlir::Value, 3> peepholes;
};

/// Gates are in the order update, reset, candidate.
struct GRULayer : RecurrentLayer {
  /// [hidden, hidden] of a candidate that reads the state after its reset;
  /// `recurrent` then has the first two gates only.
  mlir::Value candidateRecurrent;
  /// [hidden] that is added to the candidate's product with the state before
  /// its reset.
  mlir::Value hiddenBias;
};

/// The results of a layer: [batch, hidden] of each step in the order of the
/// input, and of the last step that was computed.
struct RecurrentOutputs {
  llvm::SmallVector<mlir::Value> hidden;
  mlir::Value lastHidden, lastCell;
};

/// Matrix products and elementwise operations for a layer. The product with the
/// input is one for all steps; a value has the same name in every step, and so
/// the same range.
RecurrentOutputs unrollLSTM(mlir::OpBuilder &builder, const LSTMLayer &layer);
RecurrentOutputs unrollGRU(mlir::OpBuilder &builder, const GRULayer &layer);
/// A layer of one gate.
RecurrentOutputs unrollRNN(mlir::OpBuilder &builder,
                           const RecurrentLayer &layer);

} // namespace qnn

#endif // QNN_DIALECT_QNN_TRANSFORMS_RECURRENTCELLS_H
