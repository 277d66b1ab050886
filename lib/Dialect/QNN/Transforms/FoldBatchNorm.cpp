// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folds multiplication and addition by constants per channel into the weights
// and bias of the convolution or matrix product before them.

#include "Movement.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-fold-batch-norm"

namespace qnn {
#define GEN_PASS_DEF_QNNFOLDBATCHNORMPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

using FloatVector = SmallVector<float>;

static std::optional<FloatVector> constantValues(Value value) {
  DenseFPElementsAttr attr;
  if (!value || !matchPattern(value, m_Constant(&attr)) ||
      !attr.getElementType().isF32())
    return std::nullopt;
  return llvm::to_vector(attr.getValues<float>());
}

/// The constant as one value for each channel of the last axis, if it varies
/// along no other.
static std::optional<FloatVector> channelValues(Value value, int64_t channels) {
  std::optional<FloatVector> values = constantValues(value);
  if (!values)
    return std::nullopt;
  auto shape = cast<RankedTensorType>(value.getType()).getShape();
  if (values->size() == 1)
    return FloatVector(channels, values->front());
  if (int64_t(values->size()) != channels || shape.back() != channels)
    return std::nullopt;
  return values;
}

/// The constant, which meets the result of the movement, as one value for each
/// channel of its source.
static std::optional<FloatVector> factorsOf(const Movement &movement,
                                            Value constant) {
  int64_t channels = lastExtent(movement.result);
  std::optional<FloatVector> values = channelValues(constant, channels);
  if (!values || !movement.keepsChannels(channels))
    return std::nullopt;
  FloatVector factors;
  for (int64_t i = 0; i < lastExtent(movement.source); ++i)
    factors.push_back((*values)[i % channels]);
  return factors;
}

static Value makeConstant(OpBuilder &builder, Location loc,
                          RankedTensorType type, ArrayRef<float> values) {
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, values));
}

/// The channel that an element of the weights makes, by its linear index.
static int64_t outputChannel(Conv2DOp op, int64_t element) {
  auto type = cast<RankedTensorType>(op.getWeights().getType());
  return element / (type.getNumElements() / type.getDimSize(0));
}
static int64_t outputChannel(MatMulOp op, int64_t element) {
  return element % cast<RankedTensorType>(op.getRhs().getType()).getDimSize(1);
}

static OpOperand &weightsOf(Operation *op) { return op->getOpOperand(1); }
static Value weightsFormOf(Conv2DOp op) { return op.getWeights(); }
static Value weightsFormOf(MatMulOp op) {
  // A batch of matrices has no weights of one channel.
  auto type = cast<RankedTensorType>(op.getRhs().getType());
  return type.getRank() == 2 ? op.getRhs() : Value();
}

namespace {
/// What a match found: the contraction, its constants, and the other operand.
template <typename OpTy>
struct Affine {
  OpTy contraction;
  Movement movement; // Of the contraction's result.
  FloatVector weights, bias, factor;
};

/// The contraction whose only use is `op`, with constant operands and a second
/// operand of `op` that depends on the channel only. Movement between may make
/// one channel of several of the contraction.
template <typename OpTy, typename BinaryOp>
FailureOr<Affine<OpTy>> matchAffine(BinaryOp op, PatternRewriter &rewriter) {
  for (bool swapped : {false, true}) {
    Value first = swapped ? op.getRhs() : op.getLhs();
    Value second = swapped ? op.getLhs() : op.getRhs();
    Movement movement = getMovement(first);
    auto contraction = movement.source.template getDefiningOp<OpTy>();
    if (!contraction || !isFloatTensor(first.getType()))
      continue;
    if (!contraction->hasOneUse() || contraction.getClampMinAttr() ||
        contraction.getClampMaxAttr() || first.getType() != op.getType())
      return rewriter.notifyMatchFailure(
          op, "contraction is clamped, broadcast, or used elsewhere");
    auto weights = constantValues(weightsFormOf(contraction));
    auto factor = factorsOf(movement, second);
    Value biasValue = contraction.getBias();
    auto bias = biasValue
                    ? constantValues(biasValue)
                    : std::optional(FloatVector(lastExtent(contraction), 0.0f));
    if (!weights || !factor || !bias)
      return rewriter.notifyMatchFailure(
          op, "weights, bias or operand are not constants per channel");
    return Affine<OpTy>{contraction, movement, *weights, *bias, *factor};
  }
  return rewriter.notifyMatchFailure(op, "no operand is a contraction");
}

/// Replaces `op` by the contraction with new constants, under the name of `op`.
template <typename OpTy>
void rewriteAffine(const Affine<OpTy> &affine, Operation *op,
                   bool weightsChanged, PatternRewriter &rewriter) {
  OpTy contraction = affine.contraction;
  rewriter.setInsertionPoint(contraction);
  Location loc = contraction.getLoc();
  int64_t channels = affine.bias.size();
  Value weights = weightsOf(contraction).get();
  if (weightsChanged)
    weights =
        makeConstant(rewriter, weights.getLoc(),
                     cast<RankedTensorType>(weights.getType()), affine.weights);
  auto biasType = RankedTensorType::get({channels}, rewriter.getF32Type());
  Value bias = makeConstant(rewriter, loc, biasType, affine.bias);
  rewriter.modifyOpInPlace(contraction, [&] {
    weightsOf(contraction).set(weights);
    contraction.getBiasMutable().assign(bias);
    affine.movement.rename(op->getLoc());
  });
  rewriter.replaceOp(op, affine.movement.result);
}

/// mul(conv(x, w) + b, c) -> conv(x, w * c) + b * c
template <typename OpTy>
struct FoldMulInto : OpRewritePattern<MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MulOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getClampMinAttr() || op.getClampMaxAttr())
      return rewriter.notifyMatchFailure(op, "product is clamped");
    FailureOr<Affine<OpTy>> affine = matchAffine<OpTy>(op, rewriter);
    if (failed(affine))
      return failure();
    for (auto [i, weight] : llvm::enumerate(affine->weights))
      weight = float(double(weight) *
                     affine->factor[outputChannel(affine->contraction, i)]);
    for (auto [bias, factor] : llvm::zip(affine->bias, affine->factor))
      bias = float(double(bias) * factor);
    rewriteAffine(*affine, op, /*weightsChanged=*/true, rewriter);
    return success();
  }
};

/// add(conv(x, w) + b, c) -> conv(x, w) + (b + c)
template <typename OpTy>
struct FoldAddInto : OpRewritePattern<AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AddOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getClampMinAttr() || op.getClampMaxAttr())
      return rewriter.notifyMatchFailure(op, "sum is clamped");
    FailureOr<Affine<OpTy>> affine = matchAffine<OpTy>(op, rewriter);
    if (failed(affine))
      return failure();
    for (auto [bias, term] : llvm::zip(affine->bias, affine->factor))
      bias = float(double(bias) + term);
    rewriteAffine(*affine, op, /*weightsChanged=*/false, rewriter);
    return success();
  }
};

struct FoldBatchNormPass
    : qnn::impl::QNNFoldBatchNormPassBase<FoldBatchNormPass> {
  using Base::Base;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldMulInto<Conv2DOp>, FoldMulInto<MatMulOp>,
                 FoldAddInto<Conv2DOp>, FoldAddInto<MatMulOp>>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
