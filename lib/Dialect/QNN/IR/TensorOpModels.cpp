// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// QuantizableOpInterface for upstream operations that only move data.

#include "ExternalModels.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

namespace {
/// Reshapes: the first operand is the tensor, others (output shape) are
/// indices.
template <typename OpTy>
struct ReshapeModel
    : QuantizableOpInterface::ExternalModel<ReshapeModel<OpTy>, OpTy> {
  OperandRole getOperandRole(Operation *, unsigned operand) const {
    return operand ? OperandRole::NotQuantized : OperandRole::Activation;
  }
  bool requiresSameParameters(Operation *) const { return true; }
};

struct ConcatModel
    : QuantizableOpInterface::ExternalModel<ConcatModel, tensor::ConcatOp> {
  bool requiresSameParameters(Operation *) const { return true; }
};
} // namespace

void qnn::registerTensorOpModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    tensor::CollapseShapeOp::attachInterface<
        ReshapeModel<tensor::CollapseShapeOp>>(*context);
    tensor::ExpandShapeOp::attachInterface<ReshapeModel<tensor::ExpandShapeOp>>(
        *context);
    tensor::ConcatOp::attachInterface<ConcatModel>(*context);
  });
}

void qnn::registerExternalModels(DialectRegistry &registry) {
  registerUniformTypeModels(registry);
  registerTensorOpModels(registry);
}
