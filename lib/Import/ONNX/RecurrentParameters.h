// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parameters of recurrent operators, by direction.

#ifndef QNN_LIB_IMPORT_ONNX_RECURRENTPARAMETERS_H
#define QNN_LIB_IMPORT_ONNX_RECURRENTPARAMETERS_H

#include "NodeContext.h"
#include "qnn/Dialect/QNN/Transforms/RecurrentCells.h"

namespace qnn::importer {

/// What the model says, the input as [batch, steps, inputs].
struct Recurrence {
  mlir::Value input, initialHidden, initialCell;
  const Tensor *weights = nullptr, *recurrent = nullptr, *bias = nullptr,
               *lengths = nullptr, *peepholes = nullptr;
  std::optional<int64_t> hiddenSize;
  std::string direction = "forward";
  std::vector<std::string> activations;
  int64_t layout = 0, linearBeforeReset = 0;

  int64_t numGates = 1;
  int64_t batch = 0, steps = 0, inputs = 0, hidden = 0;

  int64_t getNumDirections() const {
    return direction == "bidirectional" ? 2 : 1;
  }
};

/// One direction of an operator whose operands have been checked, unrolled.
RecurrentOutputs runLSTM(NodeContext &node, const Recurrence &op,
                         int64_t direction);
RecurrentOutputs runGRU(NodeContext &node, const Recurrence &op,
                        int64_t direction);
RecurrentOutputs runRNN(NodeContext &node, const Recurrence &op,
                        int64_t direction);

} // namespace qnn::importer

#endif // QNN_LIB_IMPORT_ONNX_RECURRENTPARAMETERS_H
