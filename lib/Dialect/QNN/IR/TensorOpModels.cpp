// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// QuantizableOpInterface, DifferentiableOpInterface and BatchableOpInterface
// for upstream operations that only move data.

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

/// What moves elements is cheap.
template <typename ModelTy, typename OpTy>
struct MovementAdjoint
    : DifferentiableOpInterface::ExternalModel<ModelTy, OpTy> {
  bool isCheapToRecompute(Operation *) const { return true; }
};

/// The adjoint of a reshape is the reshape back.
template <typename OpTy>
struct ReshapeAdjoint : MovementAdjoint<ReshapeAdjoint<OpTy>, OpTy> {
  SmallVector<Value> buildAdjoint(Operation *op, ImplicitLocOpBuilder &builder,
                                  Value cotangent,
                                  ArrayRef<bool> isActive) const {
    SmallVector<Value> gradients(isActive.size());
    gradients[0] = emitReshaped(builder, cotangent, shapeOf(op->getOperand(0)));
    return gradients;
  }
};

struct ConcatAdjoint : MovementAdjoint<ConcatAdjoint, tensor::ConcatOp> {
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
    : MovementAdjoint<ExtractSliceAdjoint, tensor::ExtractSliceOp> {
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

/// Reshapes keep the order of elements, so that the entries of a row along
/// axis 0 may become more or fewer, but stay next to each other.
struct CollapseShapeBatching
    : BatchableOpInterface::ExternalModel<CollapseShapeBatching,
                                          tensor::CollapseShapeOp> {
  std::string getReasonNotBatchable(Operation *, ArrayRef<bool>) const {
    return "";
  }
};

struct ExpandShapeBatching
    : BatchableOpInterface::ExternalModel<ExpandShapeBatching,
                                          tensor::ExpandShapeOp> {
  std::string getReasonNotBatchable(Operation *, ArrayRef<bool>) const {
    return "";
  }
  void updateExtents(Operation *op) const {
    auto expand = cast<tensor::ExpandShapeOp>(op);
    expand.setStaticOutputShape(expand.getType().getShape());
  }
};

struct ConcatBatching
    : BatchableOpInterface::ExternalModel<ConcatBatching, tensor::ConcatOp> {
  std::string getReasonNotBatchable(Operation *op,
                                    ArrayRef<bool> isBatched) const {
    if (cast<tensor::ConcatOp>(op).getDim() == 0)
      return "it joins along axis 0";
    const bool *other = llvm::find(isBatched, false);
    if (other != isBatched.end())
      return "its operand " + std::to_string(other - isBatched.begin()) +
             " does not depend on the inputs";
    return "";
  }
};

struct ExtractSliceBatching
    : BatchableOpInterface::ExternalModel<ExtractSliceBatching,
                                          tensor::ExtractSliceOp> {
  std::string getReasonNotBatchable(Operation *op, ArrayRef<bool>) const {
    auto slice = cast<tensor::ExtractSliceOp>(op);
    if (slice.getDroppedDims().test(0))
      return "it drops axis 0";
    if (slice.getStaticOffsets()[0] != 0 || slice.getStaticStrides()[0] != 1 ||
        slice.getStaticSizes()[0] != slice.getSourceType().getDimSize(0))
      return "it cuts axis 0";
    return "";
  }
  void updateExtents(Operation *op) const {
    auto slice = cast<tensor::ExtractSliceOp>(op);
    SmallVector<int64_t> sizes(slice.getStaticSizes());
    sizes[0] = slice.getType().getDimSize(0);
    slice.setStaticSizes(sizes);
  }
};

template <typename OpTy, typename BatchingT>
void attachReshapeModels(MLIRContext *context) {
  OpTy::template attachInterface<ViewModel<OpTy>, ReshapeAdjoint<OpTy>,
                                 BatchingT>(*context);
}
} // namespace

void qnn::registerTensorOpModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    attachReshapeModels<tensor::CollapseShapeOp, CollapseShapeBatching>(
        context);
    attachReshapeModels<tensor::ExpandShapeOp, ExpandShapeBatching>(context);
    tensor::ConcatOp::attachInterface<ConcatModel, ConcatAdjoint,
                                      ConcatBatching>(*context);
    tensor::ExtractSliceOp::attachInterface<ViewModel<tensor::ExtractSliceOp>,
                                            ExtractSliceAdjoint,
                                            ExtractSliceBatching>(*context);
  });
}

void qnn::registerExternalModels(DialectRegistry &registry) {
  registerUniformTypeModels(registry);
  registerTensorOpModels(registry);
}
