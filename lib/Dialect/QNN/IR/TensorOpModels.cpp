// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// QuantizableOpInterface and DifferentiableOpInterface for upstream operations
// that only move data.

#include "AdjointEmitter.h"
#include "ExternalModels.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

namespace {
/// Reshapes and slices: the first operand is the tensor, others (output shape,
/// offsets) are indices.
template <typename OpTy>
struct ViewModel
    : QuantizableOpInterface::ExternalModel<ViewModel<OpTy>, OpTy> {
  OperandRole getOperandRole(Operation *, unsigned operand) const {
    return operand ? OperandRole::NotQuantized : OperandRole::Activation;
  }
  bool requiresSameParameters(Operation *) const { return true; }
};

struct ConcatModel
    : QuantizableOpInterface::ExternalModel<ConcatModel, tensor::ConcatOp> {
  bool requiresSameParameters(Operation *) const { return true; }
};
/// The adjoint of a reshape is the reshape back.
template <typename OpTy>
struct ReshapeAdjoint
    : DifferentiableOpInterface::ExternalModel<ReshapeAdjoint<OpTy>, OpTy> {
  SmallVector<Value> buildAdjoint(Operation *op, ImplicitLocOpBuilder &builder,
                                  Value cotangent,
                                  ArrayRef<bool> isActive) const {
    SmallVector<Value> gradients(isActive.size());
    gradients[0] = emitReshaped(builder, cotangent, shapeOf(op->getOperand(0)));
    return gradients;
  }
};

struct ConcatAdjoint
    : DifferentiableOpInterface::ExternalModel<ConcatAdjoint,
                                               tensor::ConcatOp> {
  SmallVector<Value> buildAdjoint(Operation *op, ImplicitLocOpBuilder &builder,
                                  Value cotangent,
                                  ArrayRef<bool> isActive) const {
    int64_t axis = cast<tensor::ConcatOp>(op).getDim();
    SmallVector<Value> gradients(isActive.size());
    SmallVector<int64_t> offsets(shapeOf(cotangent).size(), 0);
    for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
      if (isActive[i])
        gradients[i] = emitSlice(builder, cotangent, offsets, shapeOf(operand));
      offsets[axis] += shapeOf(operand)[axis];
    }
    return gradients;
  }
};

/// Zeros where the slice has read nothing.
struct ExtractSliceAdjoint
    : DifferentiableOpInterface::ExternalModel<ExtractSliceAdjoint,
                                               tensor::ExtractSliceOp> {
  std::string getReasonNotDifferentiable(Operation *op) const {
    if (op->getNumOperands() > 1)
      return "its offsets, sizes or strides are not constant";
    return "";
  }
  SmallVector<Value> buildAdjoint(Operation *op, ImplicitLocOpBuilder &builder,
                                  Value cotangent,
                                  ArrayRef<bool> isActive) const {
    auto slice = cast<tensor::ExtractSliceOp>(op);
    Value full = emitReshaped(builder, cotangent, slice.getStaticSizes());
    Value spread = emitSpread(builder, full, slice.getStaticStrides());
    SmallVector<int64_t> low(slice.getStaticOffsets()), high;
    for (auto [axis, extent] : llvm::enumerate(shapeOf(slice.getSource())))
      high.push_back(extent - low[axis] - shapeOf(spread)[axis]);
    return {emitResized(builder, spread, low, high)};
  }
};

template <typename OpTy>
void attachReshapeModels(MLIRContext *context) {
  OpTy::template attachInterface<ViewModel<OpTy>, ReshapeAdjoint<OpTy>>(
      *context);
}
} // namespace

void qnn::registerTensorOpModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    attachReshapeModels<tensor::CollapseShapeOp>(context);
    attachReshapeModels<tensor::ExpandShapeOp>(context);
    tensor::ConcatOp::attachInterface<ConcatModel, ConcatAdjoint>(*context);
    tensor::ExtractSliceOp::attachInterface<ViewModel<tensor::ExtractSliceOp>,
                                            ExtractSliceAdjoint>(*context);
  });
}

void qnn::registerExternalModels(DialectRegistry &registry) {
  registerUniformTypeModels(registry);
  registerTensorOpModels(registry);
}
