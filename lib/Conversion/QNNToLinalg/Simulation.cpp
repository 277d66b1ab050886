// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer arithmetic in floats: fake quantization and exact sums.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Quantization/LevelTable.h"

using namespace mlir;
using namespace qnn;

namespace {

/// Numbers that differ by group become an operand of the loops; equal ones a
/// constant in their body.
class GroupParameter {
public:
  GroupParameter(OpBuilder &builder, Location loc, QuantizedElementType type,
                 ArrayRef<int64_t> shape,
                 llvm::function_ref<double(int64_t)> valueOf,
                 SmallVectorImpl<Value> &inputs) {
    int64_t numGroups = type.getNumGroups(shape);
    SmallVector<float> values;
    for (int64_t group = 0; group < numGroups; ++group)
      values.push_back(float(valueOf(group)));
    constant = values.front();
    if (llvm::all_equal(values))
      return;
    input = inputs.size();
    inputs.push_back(emitOperand(builder, loc, type, shape, values));
  }

  Value get(ScalarEmitter &emitter, ValueRange arguments) const {
    return input < 0 ? emitter.f32(constant) : arguments[input];
  }
  bool isOne() const { return input < 0 && constant == 1.0f; }

private:
  static Value emitOperand(OpBuilder &builder, Location loc,
                           QuantizedElementType type, ArrayRef<int64_t> shape,
                           ArrayRef<float> values) {
    SmallVector<int64_t> groupShape(shape);
    SmallVector<float> elements;
    int64_t axis = type.getGroupAxis();
    if (axis >= 0) {
      groupShape.assign(shape.size() - axis, 1);
      groupShape[0] = values.size();
      elements.assign(values.begin(), values.end());
    } else {
      // Blocks: one number for each element.
      SmallVector<int64_t> index(shape.size());
      for (int64_t i = 0, e = ShapedType::getNumElements(shape); i < e; ++i) {
        int64_t rest = i;
        for (int64_t d = shape.size() - 1; d >= 0; rest /= shape[d--])
          index[d] = rest % shape[d];
        elements.push_back(values[type.getGroup(shape, index)]);
      }
    }
    return arith::ConstantOp::create(
        builder, loc,
        DenseElementsAttr::get(
            RankedTensorType::get(groupShape, builder.getF32Type()),
            ArrayRef<float>(elements)));
  }

  int64_t input = -1;
  float constant = 0;
};

/// The parameters of a uniform type: scale, first and last code minus the zero
/// point, widened by `margin`.
struct UniformOperands {
  template <typename OpTy>
  UniformOperands(OpBuilder &builder, OpTy op, Value scaleOperand,
                  QuantizedElementType type, double margin,
                  SmallVectorImpl<Value> &inputs)
      : scale(
            builder, op.getLoc(), type, shapeOf(op),
            [&](int64_t group) {
              return scaleOperand ? 1.0 : type.getGroupScale(group);
            },
            inputs),
        low(
            builder, op.getLoc(), type, shapeOf(op),
            [&](int64_t group) {
              return double(type.getCodeMin() - type.getGroupZeroPoint(group)) -
                     margin;
            },
            inputs),
        high(
            builder, op.getLoc(), type, shapeOf(op),
            [&](int64_t group) {
              return double(type.getCodeMax() - type.getGroupZeroPoint(group)) +
                     margin;
            },
            inputs) {
    if (!scaleOperand)
      return;
    learned = inputs.size();
    inputs.push_back(scaleOperand);
  }

  template <typename OpTy>
  static ArrayRef<int64_t> shapeOf(OpTy op) {
    return cast<RankedTensorType>(op.getType()).getShape();
  }
  /// Null for a scale of 1.
  Value getScale(ScalarEmitter &emitter, ValueRange arguments) const {
    if (learned >= 0)
      return arguments[learned];
    return scale.isOne() ? Value() : scale.get(emitter, arguments);
  }

  GroupParameter scale, low, high;
  int64_t learned = -1;
};

/// x -> dequantize(quantize(x)), or the integer between.
struct FakeQuantizeLowering : OpConversionPattern<FakeQuantizeOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(FakeQuantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<QuantizedElementType>(op.getQuantizedType());
    auto tensor = cast<RankedTensorType>(op.getType());
    SmallVector<Value> inputs{adaptor.getInput()};
    auto emit = [&](ScalarBody body) {
      rewriter.replaceOp(
          op, emitElementwise(rewriter, op.getLoc(), tensor, inputs, body));
      return success();
    };
    if (!type.isUniform())
      return emit([&](ScalarEmitter &emitter, ValueRange in) {
        return emitNearestLevel(emitter, in[0], type.getCodeValues());
      });
    UniformOperands operands(rewriter, op, adaptor.getScale(), type,
                             /*margin=*/0, inputs);
    bool isWide = type.getCodeType().getWidth() > 16;
    return emit([&](ScalarEmitter &emitter, ValueRange in) {
      return isWide ? emitWide(emitter, op, operands, in)
                    : emitNarrow(emitter, op, operands, in);
    });
  }

private:
  /// The level behind the last boundary that is less than the value.
  static Value emitNearestLevel(ScalarEmitter &emitter, Value value,
                                ArrayRef<float> levels) {
    SmallVector<float> boundaries = levelBoundaries(levels);
    Value result = emitter.f32(levels.front());
    for (auto [boundary, level] : llvm::zip(boundaries, levels.drop_front())) {
      Value limit = emitter.f32(boundary);
      Value isAbove =
          emitter.emit<arith::CmpFOp>(arith::CmpFPredicate::OGT, value, limit);
      Value next = emitter.f32(level);
      result = emitter.emit<arith::SelectOp>(isAbove, next, result);
    }
    return result;
  }

  static Value emitNarrow(ScalarEmitter &emitter, FakeQuantizeOp op,
                          const UniformOperands &operands, ValueRange in) {
    Value value = in[0];
    Value scale = operands.getScale(emitter, in);
    if (scale)
      value = emitter.emit<arith::DivFOp>(value, scale);
    value = emitter.atLeast(value, operands.low.get(emitter, in));
    value = emitter.atMost(value, operands.high.get(emitter, in));
    value = emitter.roundToFloat(value, op.getRounding());
    if (scale && op.getPart() == CodePart::Value)
      value = emitter.emit<arith::MulFOp>(value, scale);
    return value;
  }

  /// In f64, which has room for the codes.
  static Value emitWide(ScalarEmitter &emitter, FakeQuantizeOp op,
                        const UniformOperands &operands, ValueRange in) {
    Value value = emitter.toDouble(in[0]);
    Value scale = operands.getScale(emitter, in);
    if (scale) {
      scale = emitter.toDouble(scale);
      value = emitter.emit<arith::DivFOp>(value, scale);
    }
    auto type = cast<QuantizedElementType>(op.getQuantizedType());
    value = emitter.atLeast(value, emitter.f64(double(type.getCodeMin())));
    value = emitter.atMost(value, emitter.f64(double(type.getCodeMax())));
    value = emitter.roundDouble(value);
    if (op.getPart() == CodePart::Value && scale)
      value = emitter.emit<arith::MulFOp>(value, scale);
    if (op.getHigh() || op.getLow()) {
      Value step = emitter.f64(double(kHighStep));
      Value quotient = emitter.emit<arith::DivFOp>(value, step);
      Value multiple = emitter.roundDouble(quotient);
      Value high = emitter.emit<arith::MulFOp>(multiple, step);
      value = op.getHigh() ? high : emitter.emit<arith::SubFOp>(value, high);
    }
    return emitter.toSingle(value);
  }
};

/// The cotangent where the value is inside of the range.
struct FakeQuantizeGradientLowering
    : OpConversionPattern<FakeQuantizeGradientOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(FakeQuantizeGradientOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<QuantizedElementType>(op.getQuantizedType());
    auto tensor = cast<RankedTensorType>(op.getType());
    SmallVector<Value> inputs{adaptor.getCotangent(), adaptor.getInput()};
    auto emit = [&](ScalarBody body) {
      rewriter.replaceOp(
          op, emitElementwise(rewriter, op.getLoc(), tensor, inputs, body));
      return success();
    };
    if (!type.isUniform()) {
      SmallVector<float> levels = type.getCodeValues();
      return emit([&](ScalarEmitter &emitter, ValueRange in) {
        Value low = emitter.f32(levels.front());
        Value high = emitter.f32(levels.back());
        return selectInside(emitter, in[1], low, high, in[0]);
      });
    }
    UniformOperands operands(rewriter, op, adaptor.getScale(), type,
                             double(op.getMargin().convertToFloat()), inputs);
    return emit([&](ScalarEmitter &emitter, ValueRange in) {
      Value gradient = in[0], value = in[1];
      Value scale = operands.getScale(emitter, in);
      if (scale)
        value = emitter.emit<arith::DivFOp>(value, scale);
      if (scale && op.getCodes())
        gradient = emitter.emit<arith::DivFOp>(gradient, scale);
      if (op.getOfScale()) {
        Value product = emitter.emit<arith::MulFOp>(gradient, value);
        gradient = emitter.emit<arith::NegFOp>(product);
      }
      Value low = operands.low.get(emitter, in);
      Value high = operands.high.get(emitter, in);
      return selectInside(emitter, value, low, high, gradient);
    });
  }

private:
  /// A NaN is inside of no range.
  static Value selectInside(ScalarEmitter &emitter, Value value, Value low,
                            Value high, Value gradient) {
    Value isAbove =
        emitter.emit<arith::CmpFOp>(arith::CmpFPredicate::OGT, value, low);
    Value isBelow =
        emitter.emit<arith::CmpFOp>(arith::CmpFPredicate::OLT, value, high);
    Value zero = emitter.f32(0.0f);
    Value above = emitter.emit<arith::SelectOp>(isAbove, gradient, zero);
    return emitter.emit<arith::SelectOp>(isBelow, above, zero);
  }
};

/// Sums in f64.
struct ExactSumLowering : OpConversionPattern<ExactSumOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(ExactSumOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto body = [](ScalarEmitter &emitter, ValueRange in) {
      Value sum = emitter.toDouble(in[0]);
      // Behind the terms there is the result as it was.
      for (Value term : in.drop_front().drop_back()) {
        Value wide = emitter.toDouble(term);
        sum = emitter.emit<arith::AddFOp>(sum, wide);
      }
      return emitter.toSingle(sum);
    };
    rewriter.replaceOp(op, emitElementwise(rewriter, op.getLoc(),
                                           cast<RankedTensorType>(op.getType()),
                                           adaptor.getTerms(), body));
    return success();
  }
};

/// Quotient of products in f64.
struct RequantizeMultiplierLowering
    : OpConversionPattern<RequantizeMultiplierOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(RequantizeMultiplierOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto product = [](ScalarEmitter &emitter, ValueRange factors) {
      Value result = emitter.toDouble(factors.front());
      for (Value factor : factors.drop_front()) {
        Value wide = emitter.toDouble(factor);
        result = emitter.emit<arith::MulFOp>(result, wide);
      }
      return result;
    };
    size_t numFactors = op.getWeights() ? 2 : 1;
    auto body = [&](ScalarEmitter &emitter, ValueRange in) {
      Value above = product(emitter, in.take_front(numFactors));
      // Behind the operands there is the result as it was.
      Value below = product(emitter, in.drop_front(numFactors).drop_back());
      Value quotient = emitter.emit<arith::DivFOp>(above, below);
      return emitter.toSingle(quotient);
    };
    rewriter.replaceOp(op, emitElementwise(rewriter, op.getLoc(),
                                           cast<RankedTensorType>(op.getType()),
                                           adaptor.getOperands(), body));
    return success();
  }
};

} // namespace

void qnn::populateSimulationPatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<FakeQuantizeLowering, FakeQuantizeGradientLowering,
               ExactSumLowering, RequantizeMultiplierLowering>(
      converter, patterns.getContext());
}
