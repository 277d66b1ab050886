// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One operation with its constants. Scales follow from the moments of uniformly
// random codes.

#include "qnn/Benchmark/BuildProblem.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Quantization/UniformParams.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

/// Scales of values without a reason for another one: activations of some
/// units, as models have them.
static constexpr double kInputScale = 0.03, kOtherScale = 0.05;
/// Standard deviation of contractions: real values and codes. Three of them fit
/// into a byte, so that few results are clipped.
static constexpr double kResultDeviation = 3, kCodeDeviation = 40;

static float randomFloat(std::mt19937_64 &random, float low, float high) {
  return low + (high - low) * float(random() % (1 << 20)) / float(1 << 20);
}

void qnn::fillRandomly(Tensor &tensor, std::mt19937_64 &random) {
  if (tensor.getKind() == ElementKind::F32) {
    for (float &value : tensor.data<float>())
      value = randomFloat(random, -1, 1);
    return;
  }
  for (char &byte : tensor.getBytes())
    byte = char(random());
}

/// The mean of q - zero point, for codes that are uniformly distributed.
static double getMean(ElementKind kind, int64_t zeroPoint) {
  auto [min, max] = getElementRange(kind);
  return double(min + max) / 2 - double(zeroPoint);
}

/// The mean of (q - zero point)^2.
static double getSecondMoment(ElementKind kind, int64_t zeroPoint) {
  double mean = getMean(kind, zeroPoint);
  return (256.0 * 256.0 - 1) / 12 + mean * mean;
}

namespace {
class ProblemBuilder {
public:
  ProblemBuilder(ImplicitLocOpBuilder &b, func::FuncOp func,
                 const Problem &problem, unsigned seed)
      : b(b), func(func), problem(problem), random(seed) {}

  /// Emits the operation and returns its result.
  Value build();

private:
  Value buildContraction();
  Value buildPool();
  Value buildMean();
  Value buildElementwise();
  Value buildSoftmax();
  Value buildTranspose();

  Value addArgument(Type type) {
    return func.front().addArgument(type, b.getLoc());
  }
  /// A quantized type, or f32.
  Type elementType(ElementKind kind, double scale, int64_t zeroPoint);
  /// The same with the zero point that is the middle of the codes.
  Type elementType(StringRef key, double scale) {
    ElementKind kind = problem.getType(key);
    return elementType(kind, scale, kind == ElementKind::U8 ? 128 : 0);
  }
  /// A type of integers without a scale.
  Type explicitType(ElementKind kind) {
    return IntegerType::get(b.getContext(), 8,
                            kind == ElementKind::U8 ? IntegerType::Unsigned
                                                    : IntegerType::Signed);
  }
  Value input(Type type) {
    return addArgument(RankedTensorType::get(problem.getInputShape(), type));
  }
  Type resultOf(Type type) {
    return RankedTensorType::get(problem.getResultShape(), type);
  }

  // Of contractions.
  bool isExplicit() const {
    StringRef out = problem.getWord("out");
    return !problem.isFloat() && (out == "s32" || out == "f32");
  }
  int64_t zeroPoint(StringRef key) const {
    return problem.getNumber((key + "_zero_point").str());
  }
  int64_t numChannels() const { return problem.getResultShape().back(); }
  double accumulatorDeviation() const;
  Type weightsElementType();
  Value weights();
  SmallVector<double> sumColumns() const;
  Value bias();
  Value contract(Value input, Value weights, Value bias, Type resultType);
  Value rescaleToFloat(Value accumulators);

  ImplicitLocOpBuilder &b;
  func::FuncOp func;
  const Problem &problem;
  std::mt19937_64 random;
  /// Codes of constant weights.
  std::vector<char> codes;
  /// One for each channel, or one.
  SmallVector<double> weightScales;
};
} // namespace

Type ProblemBuilder::elementType(ElementKind kind, double scale,
                                 int64_t zeroPoint) {
  if (kind == ElementKind::F32)
    return b.getF32Type();
  auto [min, max] = getElementRange(kind);
  unsigned flags =
      kind == ElementKind::S8 ? quant::QuantizationFlags::Signed : 0;
  return quant::UniformQuantizedType::get(flags, b.getI8Type(), b.getF32Type(),
                                          roundScale(scale), zeroPoint, min,
                                          max);
}

// --- Contractions ------------------------------------------------------------

double ProblemBuilder::accumulatorDeviation() const {
  double products =
      problem.countOperations() / 2 /
      double(ShapedType::getNumElements(problem.getResultShape()));
  return std::sqrt(
      products * getSecondMoment(problem.getType("in"), zeroPoint("in")) *
      getSecondMoment(problem.getType("weights"), zeroPoint("weights")));
}

Type ProblemBuilder::weightsElementType() {
  ElementKind kind = problem.getType("weights");
  if (kind == ElementKind::F32)
    return b.getF32Type();
  if (isExplicit())
    return explicitType(kind);
  bool perChannel = problem.getWord("scales") == "channel";
  double scale = kResultDeviation / (accumulatorDeviation() * kInputScale);
  for (int64_t i = 0, e = perChannel ? numChannels() : 1; i < e; ++i)
    weightScales.push_back(
        roundScale(scale * double(randomFloat(random, 0.75, 1.25))));
  if (!perChannel)
    return elementType(kind, weightScales[0], zeroPoint("weights"));
  auto [min, max] = getElementRange(kind);
  SmallVector<int64_t> zeroPoints(numChannels(), zeroPoint("weights"));
  return quant::UniformQuantizedPerAxisType::get(
      kind == ElementKind::S8 ? quant::QuantizationFlags::Signed : 0,
      b.getI8Type(), b.getF32Type(), weightScales, zeroPoints,
      problem.getKind() == "gemm" ? 1 : 0, min, max);
}

Value ProblemBuilder::weights() {
  auto type =
      RankedTensorType::get(problem.getWeightsShape(), weightsElementType());
  if (problem.getKind() == "gemm" && problem.getWord("rhs") == "input")
    return addArgument(type);
  Tensor values(type.getShape(),
                problem.isFloat() ? ElementKind::F32 : ElementKind::U8);
  fillRandomly(values, random);
  if (problem.isFloat())
    return arith::ConstantOp::create(
        b, DenseElementsAttr::getFromRawBuffer(type, values.getBytes()));
  codes.assign(values.getBytes().begin(), values.getBytes().end());
  return qnn::ConstantOp::create(
      b, type,
      DenseElementsAttr::getFromRawBuffer(type.clone(b.getI8Type()), codes));
}

/// For each channel, the sum of weights minus zero point.
SmallVector<double> ProblemBuilder::sumColumns() const {
  int64_t channels = numChannels();
  bool isLastAxis = problem.getKind() == "gemm";
  int64_t perChannel = int64_t(codes.size()) / channels;
  SmallVector<double> sums(channels, 0);
  for (auto [i, code] : llvm::enumerate(codes)) {
    double value = problem.getType("weights") == ElementKind::U8
                       ? double(uint8_t(code))
                       : double(int8_t(code));
    sums[isLastAxis ? i % channels : i / perChannel] +=
        value - double(zeroPoint("weights"));
  }
  return sums;
}

/// Random, and such that the mean of the accumulators is 0.
Value ProblemBuilder::bias() {
  auto type = RankedTensorType::get({numChannels()}, b.getI32Type());
  if (problem.isFloat()) {
    Tensor values(type.getShape(), ElementKind::F32);
    fillRandomly(values, random);
    return arith::ConstantOp::create(
        b, DenseElementsAttr::getFromRawBuffer(type.clone(b.getF32Type()),
                                               values.getBytes()));
  }
  double deviation = accumulatorDeviation();
  double mean = getMean(problem.getType("in"), zeroPoint("in"));
  SmallVector<int32_t> values;
  for (double sum : sumColumns()) {
    double value = deviation * double(randomFloat(random, -1, 1)) - mean * sum;
    values.push_back(
        int32_t(std::clamp(value, -double(1 << 30), double(1 << 30))));
  }
  auto attr = DenseElementsAttr::get(type, llvm::ArrayRef<int32_t>(values));
  if (isExplicit())
    return arith::ConstantOp::create(b, attr);
  SmallVector<double> scales;
  for (double scale : weightScales)
    scales.push_back(biasScale(roundScale(kInputScale), scale));
  int64_t min = std::numeric_limits<int32_t>::min();
  int64_t max = std::numeric_limits<int32_t>::max();
  SmallVector<int64_t> zeroPoints(scales.size(), 0);
  unsigned flags = quant::QuantizationFlags::Signed;
  Type element;
  if (scales.size() == 1 && problem.getWord("scales") == "tensor")
    element = quant::UniformQuantizedType::get(
        flags, b.getI32Type(), b.getF32Type(), scales[0], 0, min, max);
  else
    element = quant::UniformQuantizedPerAxisType::get(
        flags, b.getI32Type(), b.getF32Type(), scales, zeroPoints, 0, min, max);
  return qnn::ConstantOp::create(b, type.clone(element), attr);
}

Value ProblemBuilder::contract(Value input, Value weights, Value bias,
                               Type resultType) {
  StringRef epilogue = problem.getWord("epilogue");
  FloatAttr min, max;
  if (epilogue.starts_with("relu"))
    min = b.getF32FloatAttr(0);
  if (epilogue == "relu6")
    max = b.getF32FloatAttr(6);
  int64_t inputZeroPoint = isExplicit() ? zeroPoint("in") : 0;
  int64_t weightsZeroPoint = isExplicit() ? zeroPoint("weights") : 0;
  if (problem.getKind() == "gemm")
    return MatMulOp::create(b, resultType, input, weights, bias, min, max,
                            RoundingMode::HalfEven, inputZeroPoint,
                            weightsZeroPoint);
  return Conv2DOp::create(
      b, resultType, input, weights, bias, problem.getNumbers("stride"),
      problem.getPad(), problem.getNumbers("dilation"), problem.getGroups(),
      min, max, RoundingMode::HalfEven, inputZeroPoint, weightsZeroPoint);
}

Value ProblemBuilder::rescaleToFloat(Value accumulators) {
  SmallVector<float> multipliers;
  bool perChannel = problem.getWord("scales") == "channel";
  for (int64_t i = 0, e = perChannel ? numChannels() : 1; i < e; ++i)
    multipliers.push_back(float(kResultDeviation / accumulatorDeviation()) *
                          randomFloat(random, 0.75, 1.25));
  auto type =
      RankedTensorType::get({int64_t(multipliers.size())}, b.getF32Type());
  return RescaleOp::create(
      b, resultOf(b.getF32Type()), accumulators,
      DenseElementsAttr::get(type, llvm::ArrayRef<float>(multipliers)),
      /*divide=*/false, /*input_zero_point=*/0, /*output_zero_point=*/0,
      /*min=*/IntegerAttr(), /*max=*/IntegerAttr());
}

Value ProblemBuilder::buildContraction() {
  ElementKind in = problem.getType("in"), out = problem.getType("out");
  Value data =
      input(isExplicit() ? explicitType(in)
                         : elementType(in, kInputScale, zeroPoint("in")));
  Value factor = weights();
  // A sum with a bias that is not constant is no operation of ours.
  bool isDynamic = isa<BlockArgument>(factor);
  Value offset = isDynamic ? Value() : bias();
  if (isExplicit()) {
    Value accumulators =
        contract(data, factor, offset, resultOf(b.getI32Type()));
    return out == ElementKind::F32 ? rescaleToFloat(accumulators)
                                   : accumulators;
  }
  Type type = resultOf(
      elementType(out, kResultDeviation / kCodeDeviation, zeroPoint("out")));
  Value result = contract(data, factor, offset, type);
  if (problem.getWord("epilogue") != "add")
    return result;
  Type other = resultOf(elementType(out, kOtherScale, zeroPoint("out")));
  return AddOp::create(b, type, result, addArgument(other), FloatAttr(),
                       FloatAttr());
}

// --- The others --------------------------------------------------------------

Value ProblemBuilder::buildPool() {
  int64_t kernel[] = {problem.getNumber("kh"), problem.getNumber("kw")};
  SmallVector<int64_t> strides = problem.getNumbers("stride");
  SmallVector<int64_t> dilations = problem.getNumbers("dilation");
  Value data = input(elementType("in", kOtherScale));
  if (problem.getWord("op") == "max")
    return MaxPool2DOp::create(b, resultOf(elementType("out", kOtherScale)),
                               data, kernel, strides, problem.getPad(),
                               dilations);
  double elements = double(kernel[0] * kernel[1]);
  Type type = elementType("out", kOtherScale * 2 / std::sqrt(elements));
  return AvgPool2DOp::create(b, resultOf(type), data, kernel, strides,
                             problem.getPad(), dilations);
}

Value ProblemBuilder::buildMean() {
  double elements = double(problem.getNumber("h") * problem.getNumber("w"));
  Value data = input(elementType("in", kOtherScale));
  Type type = elementType("out", kOtherScale * 2 / std::sqrt(elements));
  return MeanOp::create(b, resultOf(type), data, ArrayRef<int64_t>{1, 2});
}

Value ProblemBuilder::buildElementwise() {
  StringRef op = problem.getWord("op");
  if (op == "lookup") {
    Value data = input(explicitType(problem.getType("in")));
    Tensor table({256}, ElementKind::U8);
    fillRandomly(table, random);
    auto type = RankedTensorType::get({256}, b.getI8Type());
    int64_t offset = getElementRange(problem.getType("in")).first;
    return LookupOp::create(
        b, resultOf(explicitType(problem.getType("out"))), data,
        DenseElementsAttr::getFromRawBuffer(type, table.getBytes()), offset);
  }
  Value data = input(elementType("in", kOtherScale));
  if (op == "quantize")
    // Floats in [-1, 1], one in ten of them clipped.
    return QuantizeOp::create(b, resultOf(elementType("out", 0.9 / 128)), data);
  if (op == "dequantize")
    return DequantizeOp::create(b, resultOf(b.getF32Type()), data);
  if (op == "requantize")
    return RequantizeOp::create(b, resultOf(elementType("out", 0.04)), data);
  if (op == "clamp")
    return ClampOp::create(b, resultOf(elementType("out", 0.04)), data,
                           b.getF32FloatAttr(-0.5), b.getF32FloatAttr(3));
  Value other = input(elementType("in", 0.07));
  FloatAttr unbounded;
  if (op == "add")
    return AddOp::create(b, resultOf(elementType("out", 0.1)), data, other,
                         unbounded, unbounded);
  if (op == "sub")
    return SubOp::create(b, resultOf(elementType("out", 0.1)), data, other,
                         unbounded, unbounded);
  return MulOp::create(b, resultOf(elementType("out", 0.5)), data, other,
                       unbounded, unbounded);
}

Value ProblemBuilder::buildSoftmax() {
  Value data = input(elementType("in", kOtherScale));
  ElementKind out = problem.getType("out");
  // Results are in [0, 1].
  Type type = elementType(out, 1.0 / 256, out == ElementKind::S8 ? -128 : 0);
  return SoftmaxOp::create(b, resultOf(type), data, /*axis=*/1);
}

Value ProblemBuilder::buildTranspose() {
  Type type = elementType("in", kOtherScale);
  bool toNCHW = problem.getWord("to") == "nchw";
  return TransposeOp::create(b, resultOf(type), input(type),
                             toNCHW ? ArrayRef<int64_t>{0, 3, 1, 2}
                                    : ArrayRef<int64_t>{0, 2, 3, 1});
}

Value ProblemBuilder::build() {
  if (problem.isContraction())
    return buildContraction();
  if (problem.getKind() == "pool")
    return buildPool();
  if (problem.getKind() == "mean")
    return buildMean();
  if (problem.getKind() == "eltwise")
    return buildElementwise();
  if (problem.getKind() == "softmax")
    return buildSoftmax();
  assert(problem.getKind() == "transpose" && "a kind without a builder");
  return buildTranspose();
}

OwningOpRef<ModuleOp> qnn::buildProblem(MLIRContext &context,
                                        const Problem &problem, unsigned seed) {
  context.loadDialect<func::FuncDialect, arith::ArithDialect, QNNDialect,
                      mlir::quant::QuantDialect>();
  ImplicitLocOpBuilder b(UnknownLoc::get(&context), &context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(b.getLoc());
  b.setInsertionPointToEnd(module->getBody());
  auto func = func::FuncOp::create(b, "kernel", b.getFunctionType({}, {}));
  b.setInsertionPointToEnd(func.addEntryBlock());
  Value result = ProblemBuilder(b, func, problem, seed).build();
  func::ReturnOp::create(b, result);
  func.setType(
      b.getFunctionType(func.front().getArgumentTypes(), result.getType()));
  return module;
}
