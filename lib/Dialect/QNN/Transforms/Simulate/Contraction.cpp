// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolution and matrix product as sums of floats that are exact, because no
// sum leaves 2^24.

#include "../Legalize/IntegerContraction.h"
#include "Patterns.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace qnn;

/// The largest part of a bias that stays within the sums when the rest, a
/// multiple of twice that, is added afterwards.
static constexpr int64_t kMaxLow = kHighStep / 2;

namespace {
/// How factors are split: into `factor = radix * high + low` digits; not at all
/// for a radix of 1.
struct Radices {
  int64_t input = 1, weights = 1;
};

/// The products of one digit of the weights and one of the input.
struct Term {
  Value input, weights;
  int64_t factor;
};

/// The bias as a part of the sums and one that is added to them; each may be
/// null.
struct BiasParts {
  Value low, high;
};

/// Emits the accumulators of one contraction as floats, rounded as the integer
/// program rounds its integers.
template <typename OpTy>
class AccumulatorEmitter {
public:
  AccumulatorEmitter(ConversionPatternRewriter &rewriter, OpTy op,
                     const IntegerContraction &contraction,
                     const Quantizers &quantizers, Value input, Value weights)
      : rewriter(rewriter), op(op), contraction(contraction),
        quantizers(quantizers), input(input), weights(weights) {}

  FailureOr<Value> emit();

private:
  int64_t getLargestInput() const {
    return quantizers.getLargestMagnitude(op->getOperand(0));
  }
  SmallVector<int64_t> getLargestSums(Radices radices) const;
  std::optional<Radices> chooseRadices() const;
  FailureOr<BiasParts> splitBias(ArrayRef<int64_t> largestSums);
  SmallVector<Term> makeTerms(Radices radices);
  SmallVector<std::pair<Value, int64_t>> makeDigits(Value value, int64_t radix);
  Value emitProducts(Value lhs, Value rhs, Value bias);
  Value emitSum(ArrayRef<Value> terms);

  ConversionPatternRewriter &rewriter;
  OpTy op;
  const IntegerContraction &contraction;
  const Quantizers &quantizers;
  Value input, weights;
};
} // namespace

/// The power of two whose digits of an integer are alike.
static int64_t getRadix(int64_t magnitude) {
  return int64_t(1) << llvm::divideCeil(llvm::Log2_64_Ceil(magnitude + 1), 2);
}

/// The largest magnitude of a digit.
static int64_t getLargestDigit(int64_t magnitude, int64_t radix) {
  if (radix == 1)
    return magnitude;
  return std::max((magnitude + radix / 2) / radix, radix / 2);
}

/// What the products of each channel can add up to, of the worst digits.
template <typename OpTy>
SmallVector<int64_t>
AccumulatorEmitter<OpTy>::getLargestSums(Radices radices) const {
  SmallVector<int64_t> sums;
  // What constant weights prove is for the zero point of the type.
  bool isProved = radices.input == 1 && radices.weights == 1 &&
                  !quantizers.learnsZeroPoint(op->getOperand(0));
  for (int64_t channel = 0; channel < contraction.numChannels; ++channel) {
    AccumulatorBound bound = contraction.getBound(channel, /*bias=*/0);
    int64_t digits =
        contraction.depth * getLargestDigit(getLargestInput(), radices.input) *
        getLargestDigit(getLargestMagnitude(contraction.weightsType),
                        radices.weights);
    sums.push_back(isProved ? std::max(-bound.min, bound.max) : digits);
  }
  return sums;
}

/// The fewest digits with which all sums are exact.
template <typename OpTy>
std::optional<Radices> AccumulatorEmitter<OpTy>::chooseRadices() const {
  int64_t ofInput = getRadix(getLargestInput());
  int64_t ofWeights = getRadix(getLargestMagnitude(contraction.weightsType));
  for (Radices radices : {Radices{1, 1}, Radices{1, ofWeights},
                          Radices{ofInput, 1}, Radices{ofInput, ofWeights}})
    if (llvm::all_of(getLargestSums(radices), [](int64_t sum) {
          return sum + kMaxLow <= kMaxExactInteger;
        }))
      return radices;
  return std::nullopt;
}

/// The whole bias joins the sums if it is known to fit beside the products.
template <typename OpTy>
FailureOr<BiasParts>
AccumulatorEmitter<OpTy>::splitBias(ArrayRef<int64_t> largestSums) {
  Value bias = contraction.bias;
  if (!bias)
    return BiasParts{};
  Location loc = op.getLoc();
  ArrayRef<int64_t> codes = contraction.biasCodes;
  auto part = [&](CodePart which) {
    SmallVector<float> values;
    for (int64_t code : codes)
      values.push_back(selectPart(code, which));
    return emitFloats(rewriter, loc, values, int64_t(codes.size()));
  };
  Value scale = quantizers.emitProduct(rewriter, loc, op->getOperand(0),
                                       op->getOperand(1));
  if (!codes.empty() && scale)
    return op.emitError("expects a bias that is quantized from floats to learn "
                        "the scale of its codes");
  if (!codes.empty()) {
    bool fits =
        llvm::all_of_zip(largestSums, codes, [](int64_t sum, int64_t b) {
          return sum + std::abs(b) <= kMaxExactInteger;
        });
    if (fits)
      return BiasParts{part(CodePart::Code), Value()};
    Value low = part(CodePart::Low);
    return BiasParts{low, part(CodePart::High)};
  }
  auto quantize = bias.getDefiningOp<QuantizeOp>();
  if (!quantize)
    return op.emitError("expects a bias that is a constant or quantized from "
                        "floats to simulate");
  Value real = rewriter.getRemappedValue(quantize.getInput());
  auto create = [&](CodePart which) -> Value {
    return FakeQuantizeOp::create(rewriter, loc, real.getType(), real, scale,
                                  getQuantizedElementType(bias.getType()),
                                  /*codes=*/false, quantize.getRounding(),
                                  APFloat(0.0f), which == CodePart::High,
                                  which == CodePart::Low);
  };
  Value low = create(CodePart::Low);
  return BiasParts{low, create(CodePart::High)};
}

/// The digits of integers, each with its factor.
template <typename OpTy>
SmallVector<std::pair<Value, int64_t>>
AccumulatorEmitter<OpTy>::makeDigits(Value value, int64_t radix) {
  if (radix == 1)
    return {{value, 1}};
  Location loc = op.getLoc();
  Value quotient = emitScaled(rewriter, loc, value, 1.0f / float(radix));
  Value high = FakeQuantizeOp::create(
      rewriter, loc, value.getType(), quotient, /*scale=*/Value(),
      getIntegersType(rewriter.getContext()),
      /*codes=*/false, RoundingMode::HalfEven, APFloat(0.0f));
  Value multiple = emitScaled(rewriter, loc, high, float(radix));
  Value low = SubOp::create(rewriter, loc, value.getType(), value, multiple,
                            FloatAttr(), FloatAttr());
  return {{high, radix}, {low, 1}};
}

template <typename OpTy>
SmallVector<Term> AccumulatorEmitter<OpTy>::makeTerms(Radices radices) {
  SmallVector<Term> terms;
  auto ofInput = makeDigits(input, radices.input);
  auto ofWeights = makeDigits(weights, radices.weights);
  for (auto [lhs, lhsFactor] : ofInput)
    for (auto [rhs, rhsFactor] : ofWeights)
      terms.push_back({lhs, rhs, lhsFactor * rhsFactor});
  return terms;
}

template <typename OpTy>
Value AccumulatorEmitter<OpTy>::emitProducts(Value lhs, Value rhs, Value bias) {
  SmallVector<Value> operands{lhs, rhs};
  if (bias)
    operands.push_back(bias);
  return createAccumulator(rewriter, op, operands, rewriter.getF32Type(),
                           /*inputZeroPoint=*/0, /*weightsZeroPoint=*/0);
}

/// Two exact terms are rounded once by the addition; more need room.
template <typename OpTy>
Value AccumulatorEmitter<OpTy>::emitSum(ArrayRef<Value> terms) {
  if (terms.size() == 1)
    return terms.front();
  Type type = getCarrierType(op.getType());
  if (terms.size() == 2)
    return AddOp::create(rewriter, op.getLoc(), type, terms[0], terms[1],
                         FloatAttr(), FloatAttr());
  return ExactSumOp::create(rewriter, op.getLoc(), type, terms);
}

template <typename OpTy>
FailureOr<Value> AccumulatorEmitter<OpTy>::emit() {
  std::optional<Radices> radices = chooseRadices();
  if (!radices)
    return op.emitError("expects fewer than ")
           << contraction.depth
           << " products in a sum to simulate: sums of their digits can leave "
              "2^24";
  FailureOr<BiasParts> bias = splitBias(getLargestSums(*radices));
  if (failed(bias))
    return failure();
  SmallVector<Term> terms = makeTerms(*radices);
  SmallVector<Value> sums;
  for (const Term &term : terms) {
    // The smallest digits take the bias: their factor is 1.
    Value sum = emitProducts(term.input, term.weights,
                             term.factor == 1 ? bias->low : Value());
    sums.push_back(emitScaled(rewriter, op.getLoc(), sum, float(term.factor)));
  }
  if (bias->high)
    sums.push_back(bias->high);
  Value value = emitSum(sums);
  if (terms.size() == 1)
    return value;
  Value surrogate = emitProducts(input, weights, bias->high);
  return emitStraightThrough(rewriter, op.getLoc(), value, surrogate);
}

namespace {
/// contraction(q types) -> contraction(floats), multiplied, rounded.
template <typename OpTy>
struct SimulateContraction : SimulationPattern<OpTy> {
  using SimulationPattern<OpTy>::SimulationPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<IntegerContraction> contraction = describeContraction(op);
    if (failed(contraction) || failed(checkFloatRequantization(op)))
      return failure();
    FailureOr<Value> accumulator =
        AccumulatorEmitter<OpTy>(rewriter, op, *contraction, this->quantizers,
                                 adaptor.getOperands()[0],
                                 adaptor.getOperands()[1])
            .emit();
    if (failed(accumulator))
      return failure();
    Multiplier multiplier{op->getOperand(0), op->getOperand(1), op.getResult(),
                          contraction->getMultipliers(),
                          contraction->getMultiplierShape()};
    rewriter.replaceOp(op, this->quantizers.emitRequantized(
                               rewriter, op, *accumulator, multiplier,
                               op.getRounding(), op.getClampMinAttr(),
                               op.getClampMaxAttr()));
    return success();
  }
};
} // namespace

void qnn::populateSimulateContractionPatterns(TypeConverter &converter,
                                              RewritePatternSet &patterns,
                                              const Quantizers &quantizers) {
  patterns.add<SimulateContraction<Conv2DOp>, SimulateContraction<MatMulOp>>(
      converter, patterns.getContext(), quantizers);
}
