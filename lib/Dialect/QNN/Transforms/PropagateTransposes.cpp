// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moves transposes behind the operations that use them, or into weights.

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "qnn/Dialect/QNN/IR/ShapeInference.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-propagate-transposes"

namespace qnn {
#define GEN_PASS_DEF_QNNPROPAGATETRANSPOSESPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static SmallVector<int64_t> invert(ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> inverse(permutation.size());
  for (auto [axis, source] : llvm::enumerate(permutation))
    inverse[source] = axis;
  return inverse;
}

/// `value` with permuted axes, under the same name: it holds the same data.
static Value transpose(OpBuilder &builder, Value value,
                       ArrayRef<int64_t> permutation) {
  RankedTensorType type = typeOf(value);
  Shape shape = cantFail(inferTransposedShape(type.getShape(), permutation));
  return TransposeOp::create(builder, value.getLoc(), type.clone(shape), value,
                             permutation);
}

/// Whether an operand can be had as it was before a transpose by `permutation`
/// without a transpose at run time.
static bool canUntranspose(Value value, ArrayRef<int64_t> permutation) {
  if (auto op = value.getDefiningOp<TransposeOp>())
    return op.getPermutation() == permutation;
  DenseElementsAttr constant;
  return matchPattern(value, m_Constant(&constant));
}

/// An operand as it was before a transpose by `permutation`. Operands of lower
/// rank are constants that broadcast: they get leading axes first.
static Value untranspose(OpBuilder &builder, Value value,
                         ArrayRef<int64_t> permutation) {
  if (auto op = value.getDefiningOp<TransposeOp>())
    return op.getInput();
  DenseElementsAttr constant;
  if (!matchPattern(value, m_Constant(&constant)))
    llvm_unreachable("canUntranspose was not asked");
  Shape shape(permutation.size() - typeOf(value).getRank(), 1);
  llvm::append_range(shape, typeOf(value).getShape());
  Value expanded = arith::ConstantOp::create(
      builder, value.getLoc(), constant.reshape(typeOf(value).clone(shape)));
  return transpose(builder, expanded, invert(permutation));
}

/// Replaces `op` by a copy on untransposed operands, and a transpose of its
/// result.
static void moveBehind(PatternRewriter &rewriter, Operation *op,
                       ValueRange operands, ArrayRef<int64_t> permutation,
                       ArrayRef<NamedAttribute> changedAttributes = {}) {
  RankedTensorType type = typeOf(op->getResult(0));
  Shape shape =
      cantFail(inferTransposedShape(type.getShape(), invert(permutation)));
  OperationState state(op->getLoc(), op->getName(), operands, type.clone(shape),
                       op->getAttrs());
  for (NamedAttribute attribute : changedAttributes)
    state.attributes.set(attribute.getName(), attribute.getValue());
  Operation *moved = rewriter.create(state);
  rewriter.replaceOp(op, transpose(rewriter, moved->getResult(0), permutation));
}

namespace {
/// op(transpose(x), ...) -> transpose(op(x, ...)) for elementwise operations
/// whose other operands are transposed alike or constant.
template <typename OpTy>
struct MoveBehindElementwise : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    TransposeOp first;
    for (Value operand : op->getOperands())
      if (!first)
        first = operand.getDefiningOp<TransposeOp>();
    if (!first)
      return rewriter.notifyMatchFailure(op, "no operand is transposed");
    SmallVector<int64_t> permutation(first.getPermutation());
    if (typeOf(op->getResult(0)).getRank() != int64_t(permutation.size()))
      return rewriter.notifyMatchFailure(op, "the operand is broadcast");
    for (Value operand : op->getOperands())
      if (!canUntranspose(operand, permutation))
        return rewriter.notifyMatchFailure(
            op, "another operand is not transposed alike");
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(untranspose(rewriter, operand, permutation));
    moveBehind(rewriter, op, operands, permutation);
    return success();
  }
};

/// mean(transpose(x), axes) -> transpose(mean(x, axes of x))
struct MoveBehindMean : OpRewritePattern<MeanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MeanOp op,
                                PatternRewriter &rewriter) const override {
    auto input = op.getInput().getDefiningOp<TransposeOp>();
    if (!input)
      return rewriter.notifyMatchFailure(op, "input is not transposed");
    ArrayRef<int64_t> permutation = input.getPermutation();
    SmallVector<int64_t> axes;
    for (int64_t axis : op.getAxes())
      axes.push_back(permutation[axis]);
    llvm::sort(axes);
    moveBehind(rewriter, op, input.getInput(), permutation,
               rewriter.getNamedAttr(op.getAxesAttrName(),
                                     rewriter.getDenseI64ArrayAttr(axes)));
    return success();
  }
};

/// softmax(transpose(x), axis) -> transpose(softmax(x, axis of x))
struct MoveBehindSoftmax : OpRewritePattern<SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SoftmaxOp op,
                                PatternRewriter &rewriter) const override {
    auto input = op.getInput().getDefiningOp<TransposeOp>();
    if (!input)
      return rewriter.notifyMatchFailure(op, "input is not transposed");
    ArrayRef<int64_t> permutation = input.getPermutation();
    Attribute axis = rewriter.getI64IntegerAttr(permutation[op.getAxis()]);
    moveBehind(rewriter, op, input.getInput(), permutation,
               rewriter.getNamedAttr(op.getAxisAttrName(), axis));
    return success();
  }
};

/// pad(transpose(x)) -> transpose(pad(x))
struct MoveBehindPad : OpRewritePattern<PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(PadOp op,
                                PatternRewriter &rewriter) const override {
    auto input = op.getInput().getDefiningOp<TransposeOp>();
    if (!input)
      return rewriter.notifyMatchFailure(op, "input is not transposed");
    SmallVector<int64_t> permutation(input.getPermutation());
    SmallVector<int64_t> low(permutation.size()), high(permutation.size());
    for (auto [axis, source] : llvm::enumerate(permutation)) {
      low[source] = op.getLow()[axis];
      high[source] = op.getHigh()[axis];
    }
    moveBehind(rewriter, op, input.getInput(), permutation,
               {rewriter.getNamedAttr(op.getLowAttrName(),
                                      rewriter.getDenseI64ArrayAttr(low)),
                rewriter.getNamedAttr(op.getHighAttrName(),
                                      rewriter.getDenseI64ArrayAttr(high))});
    return success();
  }
};

/// concat(transpose(a), transpose(b), dim) -> transpose(concat(a, b, dim of a))
struct MoveBehindConcat : OpRewritePattern<tensor::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::ConcatOp op,
                                PatternRewriter &rewriter) const override {
    auto first = op.getInputs().front().getDefiningOp<TransposeOp>();
    if (!first)
      return rewriter.notifyMatchFailure(op, "input is not transposed");
    SmallVector<int64_t> permutation(first.getPermutation());
    for (Value input : op.getInputs())
      if (!canUntranspose(input, permutation))
        return rewriter.notifyMatchFailure(
            op, "another input is not transposed alike");
    SmallVector<Value> inputs;
    for (Value input : op.getInputs())
      inputs.push_back(untranspose(rewriter, input, permutation));
    Attribute dim = rewriter.getI64IntegerAttr(permutation[op.getDim()]);
    moveBehind(rewriter, op, inputs, permutation,
               rewriter.getNamedAttr(op.getDimAttrName(), dim));
    return success();
  }
};

/// matmul(collapse(transpose(x)), w) -> matmul(collapse(x), rows of w permuted)
/// for constant weights, if the transpose only moves axes that together count
/// the rows of w.
struct FoldIntoWeights : OpRewritePattern<MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MatMulOp op,
                                PatternRewriter &rewriter) const override {
    auto collapse = op.getLhs().getDefiningOp<tensor::CollapseShapeOp>();
    auto input = collapse ? collapse.getSrc().getDefiningOp<TransposeOp>()
                          : TransposeOp();
    if (!input)
      return rewriter.notifyMatchFailure(op, "input is not transposed");
    DenseElementsAttr weights;
    if (typeOf(op.getRhs()).getRank() != 2 ||
        !matchPattern(op.getRhs(), m_Constant(&weights)))
      return rewriter.notifyMatchFailure(op, "weights are not a constant");
    int64_t first = collapse.getReassociationIndices().back().front();
    ArrayRef<int64_t> permutation = input.getPermutation();
    for (auto [axis, source] : llvm::enumerate(permutation))
      if (int64_t(axis) < first && source != int64_t(axis))
        return rewriter.notifyMatchFailure(op, "moves an axis of the result");
    rewriter.modifyOpInPlace(op, [&] {
      op.getRhsMutable().assign(
          permuteRows(rewriter, op.getRhs(), weights,
                      typeOf(input).getShape().drop_front(first),
                      permutation.drop_front(first)));
      op.getLhsMutable().assign(tensor::CollapseShapeOp::create(
          rewriter, collapse.getLoc(), collapse.getResultType(),
          input.getInput(), collapse.getReassociationIndices()));
    });
    return success();
  }

private:
  /// The rows of `weights`, counted by axes of `shape`, in the order from which
  /// `permutation`, which begins with the number of the first axis, makes
  /// these.
  static Value permuteRows(OpBuilder &builder, Value value,
                           DenseElementsAttr weights, ArrayRef<int64_t> shape,
                           ArrayRef<int64_t> permutation) {
    int64_t first = *llvm::min_element(permutation);
    SmallVector<int64_t> inner;
    for (int64_t source : permutation)
      inner.push_back(source - first);
    SmallVector<int64_t> order = invert(inner);
    order.push_back(order.size());
    RankedTensorType type = typeOf(value);
    Shape expandedShape(shape);
    expandedShape.push_back(type.getDimSize(1));
    Value expanded = arith::ConstantOp::create(
        builder, value.getLoc(), weights.reshape(type.clone(expandedShape)));
    SmallVector<ReassociationIndices> groups(2);
    for (int64_t axis = 0; axis < int64_t(shape.size()); ++axis)
      groups[0].push_back(axis);
    groups[1].push_back(shape.size());
    return tensor::CollapseShapeOp::create(builder, value.getLoc(), type,
                                           transpose(builder, expanded, order),
                                           groups);
  }
};

/// transpose(transpose(x)) -> transpose(x)
struct ComposeTransposes : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<TransposeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "input is not transposed");
    SmallVector<int64_t> composed;
    for (int64_t axis : op.getPermutation())
      composed.push_back(inner.getPermutation()[axis]);
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), inner.getInput(),
                                             composed);
    return success();
  }
};

/// A transpose that keeps the order of all axes longer than 1 is a reshape:
///
///   qnn.transpose %x [0, 3, 1, 2] : 1x1x1x8 -> 1x8x1x1
///   -> collapse to 8, expand to 1x8x1x1
struct TransposeToReshape : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    RankedTensorType input = typeOf(op.getInput()), result = typeOf(op);
    if (!input.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "extents are not known");
    int64_t last = -1;
    for (int64_t axis : op.getPermutation()) {
      if (input.getDimSize(axis) == 1)
        continue;
      if (axis < last)
        return rewriter.notifyMatchFailure(op, "moves elements");
      last = axis;
    }
    auto flat = input.clone({input.getNumElements()});
    ReassociationIndices all =
        llvm::to_vector(llvm::seq<int64_t>(0, input.getRank()));
    SmallVector<ReassociationIndices> reassociation = {all};
    Value collapsed = tensor::CollapseShapeOp::create(
        rewriter, op.getLoc(), flat, op.getInput(), reassociation);
    rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(op, result, collapsed,
                                                       reassociation);
    return success();
  }
};

struct PropagateTransposesPass
    : qnn::impl::QNNPropagateTransposesPassBase<PropagateTransposesPass> {
  using Base::Base;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns
        .add<MoveBehindElementwise<AddOp>, MoveBehindElementwise<SubOp>,
             MoveBehindElementwise<MulOp>, MoveBehindElementwise<ClampOp>,
             MoveBehindMean, MoveBehindSoftmax, MoveBehindPad, MoveBehindConcat,
             FoldIntoWeights, ComposeTransposes, TransposeToReshape>(
            &getContext());
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns,
                                                         &getContext());
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
