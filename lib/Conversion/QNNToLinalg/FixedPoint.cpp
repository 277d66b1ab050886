// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TFLite's fixed point: a 64-bit product, shifts, integer clipping.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/ADT/SmallVectorExtras.h"

using namespace mlir;
using namespace qnn;

namespace {

/// Numbers of all channels: a constant in the loop body if they are equal, else
/// a row along the last axis that the loop reads.
class ChannelNumbers {
public:
  ChannelNumbers(Type type, SmallVector<int64_t> values)
      : type(type), values(std::move(values)) {}

  /// Whether no channel needs the number.
  bool isZero() const { return llvm::all_of(values, isZeroNumber); }

  /// Makes the row, if one is needed, an operand of the loop.
  void addRow(OpBuilder &builder, Location loc,
              SmallVectorImpl<Value> &inputs) {
    if (llvm::all_equal(values))
      return;
    SmallVector<APInt> elements;
    for (int64_t value : values)
      elements.emplace_back(type.getIntOrFloatBitWidth(), value,
                            /*isSigned=*/true);
    auto tensor = RankedTensorType::get(int64_t(values.size()), type);
    position = inputs.size();
    inputs.push_back(arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(tensor, elements)));
  }

  /// The number in the loop body; `in` are the elements of its operands.
  Value get(ScalarEmitter &emitter, ValueRange in) const {
    return position ? in[*position] : emitter.integer(type, values.front());
  }

private:
  static bool isZeroNumber(int64_t value) { return value == 0; }

  Type type;
  SmallVector<int64_t> values;
  std::optional<size_t> position;
};

/// The multipliers of a rescale, with the shifts that its arithmetic uses.
class FixedPointNumbers {
public:
  explicit FixedPointNumbers(FixedPointRescaleOp op)
      : isSingle(op.getRequantization() == RequantizationMode::TfliteSingle),
        mantissa(i32(op), llvm::map_to_vector(op.getMultiplier(), widen)),
        total(IntegerType::get(op.getContext(), 64),
              llvm::map_to_vector(op.getShift(), getTotal)),
        left(i32(op), llvm::map_to_vector(op.getShift(), getLeft)),
        right(i32(op), llvm::map_to_vector(op.getShift(), getRight)) {}

  void addRows(OpBuilder &builder, Location loc,
               SmallVectorImpl<Value> &inputs) {
    mantissa.addRow(builder, loc, inputs);
    if (isSingle) {
      total.addRow(builder, loc, inputs);
      return;
    }
    left.addRow(builder, loc, inputs);
    right.addRow(builder, loc, inputs);
  }

  FixedPointFactor get(ScalarEmitter &emitter, ValueRange in) const {
    FixedPointFactor factor;
    factor.mantissa = mantissa.get(emitter, in);
    if (isSingle) {
      factor.totalShift = total.get(emitter, in);
      return factor;
    }
    if (!left.isZero())
      factor.left = left.get(emitter, in);
    if (!right.isZero())
      factor.right = right.get(emitter, in);
    return factor;
  }

private:
  static Type i32(FixedPointRescaleOp op) {
    return IntegerType::get(op.getContext(), 32);
  }
  static int64_t widen(int32_t value) { return value; }
  static int64_t getTotal(int32_t shift) { return 31 - shift; }
  static int64_t getLeft(int32_t shift) { return std::max(shift, 0); }
  static int64_t getRight(int32_t shift) { return std::max(-shift, 0); }

  bool isSingle;
  ChannelNumbers mantissa, total, left, right;
};

/// qnn.fixed_point_rescale -> integer multiplication and shifts, clip, narrow.
struct FixedPointRescaleLowering : OpConversionPattern<FixedPointRescaleOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(FixedPointRescaleOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "expects no quantized type");
    FixedPointNumbers numbers(op);
    SmallVector<Value> inputs{adaptor.getInput()};
    numbers.addRows(rewriter, op.getLoc(), inputs);
    auto body = [&](ScalarEmitter &emitter, ValueRange in) {
      Value acc = emitter.subtractZeroPoint(
          in[0], op.getInput().getType().getElementType(),
          op.getInputZeroPoint(), emitter.i32());
      Value scaled = emitter.scaleFixedPoint(acc, numbers.get(emitter, in),
                                             op.getRequantization());
      OutputCodes codes{int64_t(op.getOutputZeroPoint()), int64_t(op.getMin()),
                        int64_t(op.getMax())};
      return emitter.integerToCode(scaled, codes, type.getElementType());
    };
    rewriter.replaceOp(
        op, emitElementwise(rewriter, op.getLoc(), type, inputs, body));
    return success();
  }
};

} // namespace

void qnn::populateFixedPointPatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<FixedPointRescaleLowering>(converter, patterns.getContext());
}
