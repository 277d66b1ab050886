// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Softmax: maximum, exponentials (from the f32 recipe or a table), sum,
// quotient.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include <algorithm>
#include <cstdlib>
#include <limits>

using namespace mlir;
using namespace qnn;

/// Element by element over `full`, together with one value for each row.
static Value emitWithRows(OpBuilder &builder, Location loc,
                          RankedTensorType type, Value full, ValueRange rows,
                          int64_t axis, ScalarBody body) {
  unsigned rank = type.getRank();
  SmallVector<AffineExpr> exprs;
  for (unsigned loop = 0; loop < rank; ++loop)
    if (loop != axis)
      exprs.push_back(builder.getAffineDimExpr(loop));
  AffineMap identity = builder.getMultiDimIdentityMap(rank);
  LoopNest nest{rank, {identity}, identity};
  SmallVector<Value> inputs{full};
  for (Value row : rows) {
    inputs.push_back(row);
    nest.inputMaps.push_back(
        AffineMap::get(rank, 0, exprs, builder.getContext()));
  }
  return emitLoops(builder, loc, nest, inputs, emitEmpty(builder, loc, type),
                   body);
}

/// The largest element along the axis, which disappears.
static Value emitMaximum(OpBuilder &builder, Location loc, Value input,
                         int64_t axis) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  return emitReduction(builder, loc, input, axis,
                       builder.getF32FloatAttr(-infinity),
                       [](ScalarEmitter &emitter, ValueRange arguments) {
                         return emitter.atLeast(arguments[0], arguments[1]);
                       });
}

static Value emitSum(OpBuilder &builder, Location loc, Value input,
                     int64_t axis) {
  return emitReduction(builder, loc, input, axis, builder.getF32FloatAttr(0.0f),
                       [](ScalarEmitter &emitter, ValueRange arguments) {
                         return emitter.emit<arith::AddFOp>(arguments[1],
                                                            arguments[0]);
                       });
}

namespace {

/// qnn.softmax on floats.
struct SoftmaxLowering : OpConversionPattern<SoftmaxOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getType());
    if (!isFloatTensor(type))
      return rewriter.notifyMatchFailure(op, "expects the float form");
    Location loc = op.getLoc();
    int64_t axis = op.getAxis();
    Value maximum = emitMaximum(rewriter, loc, adaptor.getInput(), axis);
    Value powers = emitWithRows(
        rewriter, loc, type, adaptor.getInput(), maximum, axis,
        [](ScalarEmitter &emitter, ValueRange in) {
          return emitter.exp(emitter.emit<arith::SubFOp>(in[0], in[1]));
        });
    Value sum = emitSum(rewriter, loc, powers, axis);
    rewriter.replaceOp(
        op, emitWithRows(rewriter, loc, type, powers, sum, axis,
                         [](ScalarEmitter &emitter, ValueRange in) {
                           return emitter.emit<arith::DivFOp>(in[0], in[1]);
                         }));
    return success();
  }
};

/// qnn.log_softmax.
struct LogSoftmaxLowering : OpConversionPattern<LogSoftmaxOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(LogSoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    int64_t axis = op.getAxis();
    auto subtract = [](ScalarEmitter &emitter, ValueRange in) {
      return emitter.emit<arith::SubFOp>(in[0], in[1]);
    };
    Value maximum = emitMaximum(rewriter, loc, adaptor.getInput(), axis);
    Value shifted = emitWithRows(rewriter, loc, type, adaptor.getInput(),
                                 maximum, axis, subtract);
    Value powers = emitElementwise(rewriter, loc, type, shifted,
                                   [](ScalarEmitter &emitter, ValueRange in) {
                                     return emitter.exp(in[0]);
                                   });
    Value sum = emitSum(rewriter, loc, powers, axis);
    Value logarithm =
        emitElementwise(rewriter, loc, tensorType(sum), sum,
                        [](ScalarEmitter &emitter, ValueRange in) {
                          return emitter.log(in[0]);
                        });
    rewriter.replaceOp(op, emitWithRows(rewriter, loc, type, shifted, logarithm,
                                        axis, subtract));
    return success();
  }
};

/// qnn.integer_softmax.
struct IntegerSoftmaxLowering : OpConversionPattern<IntegerSoftmaxOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(IntegerSoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    auto table = dyn_cast<DenseElementsAttr>(op.getTable());
    if (!type || !table)
      return rewriter.notifyMatchFailure(op, "expects a dense table");
    Location loc = op.getLoc();
    Value maximum = emitMaximum(rewriter, op, adaptor.getInput());
    Value powers = emitPowers(rewriter, op, adaptor.getInput(), maximum);
    Value sum = emitReduction(
        rewriter, loc, powers, op.getAxis(),
        rewriter.getIntegerAttr(getSumType(op, table), 0),
        [](ScalarEmitter &emitter, ValueRange arguments) {
          Value wide = emitter.resize(arguments[0], arguments[1].getType());
          return emitter.emit<arith::AddIOp>(arguments[1], wide);
        });
    OutputCodes codes{int64_t(op.getOutputZeroPoint()), int64_t(op.getMin()),
                      int64_t(op.getMax()), op.getRounding()};
    auto body = [&](ScalarEmitter &emitter, ValueRange in) {
      Value power = emitter.toFloat(in[0], in[0].getType(), 0);
      Value total = emitter.toFloat(in[1], in[1].getType(), 0);
      Value value = emitter.emit<arith::DivFOp>(power, total);
      value = emitter.emit<arith::MulFOp>(
          value, emitter.f32(op.getMultiplier().convertToFloat()));
      return emitter.toCode(value, codes, type.getElementType());
    };
    rewriter.replaceOp(
        op, emitWithRows(rewriter, loc, type, powers, sum, op.getAxis(), body));
    return success();
  }

private:
  /// i32 if the sum of a row fits: CPUs of 32 bits have no conversion of i64 to
  /// floats.
  static Type getSumType(IntegerSoftmaxOp op, DenseElementsAttr table) {
    int64_t largest = 0;
    for (int32_t entry : table.getValues<int32_t>())
      largest = std::max(largest, std::abs(int64_t(entry)));
    int64_t extent = op.getType().getDimSize(op.getAxis());
    bool fits = extent <= std::numeric_limits<int32_t>::max() /
                              std::max<int64_t>(largest, 1);
    return IntegerType::get(op.getContext(), fits ? 32 : 64);
  }

  static Value emitMaximum(OpBuilder &builder, IntegerSoftmaxOp op,
                           Value input) {
    Type element = op.getInput().getType().getElementType();
    return emitReduction(
        builder, op.getLoc(), input, op.getAxis(),
        builder.getI32IntegerAttr(std::numeric_limits<int32_t>::min()),
        [&](ScalarEmitter &emitter, ValueRange arguments) {
          Value code =
              emitter.extend(arguments[0], element, arguments[1].getType());
          return emitter.emit<arith::MaxSIOp>(code, arguments[1]);
        });
  }

  /// T[max - code] as i32.
  static Value emitPowers(OpBuilder &builder, IntegerSoftmaxOp op, Value input,
                          Value maximum) {
    Location loc = op.getLoc();
    Type element = op.getInput().getType().getElementType();
    Value table =
        arith::ConstantOp::create(builder, loc, cast<TypedAttr>(op.getTable()));
    auto type = withElementType(tensorType(input), builder.getI32Type());
    return emitWithRows(
        builder, loc, type, input, maximum, op.getAxis(),
        [&](ScalarEmitter &emitter, ValueRange in) {
          Value code = emitter.extend(in[0], element, in[1].getType());
          Value distance = emitter.emit<arith::SubIOp>(in[1], code);
          Value position = emitter.toIndex(distance, distance.getType(), 0);
          return emitter.emit<tensor::ExtractOp>(table, position);
        });
  }
};

} // namespace

void qnn::populateSoftmaxPatterns(const TypeConverter &converter,
                                  RewritePatternSet &patterns) {
  patterns.add<IntegerSoftmaxLowering, LogSoftmaxLowering, SoftmaxLowering>(
      converter, patterns.getContext());
}
