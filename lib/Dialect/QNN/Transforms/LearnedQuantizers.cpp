// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From learned scales and zero points to quantized types.

#include "qnn/Dialect/QNN/Transforms/LearnedQuantizers.h"
#include "QuantizedTypes.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "qnn/Dialect/QNN/Transforms/Annotations.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include "qnn/Quantization/Rounding.h"
#include <cmath>
#include <map>

using namespace mlir;
using namespace qnn;

SmallVector<float> LearnedQuantizer::getInitialScales() const {
  SmallVector<float> scales;
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(Type(type));
  int64_t count = perAxis ? perAxis.getScales().size() : 1;
  for (int64_t group = 0; group < count; ++group)
    scales.push_back(float(type.getGroupScale(group)));
  return scales;
}

static int64_t countSteps(QuantizedElementType type) {
  return type.getCodeMax() - type.getCodeMin();
}

float LearnedQuantizer::getInitialZeroPoint() const {
  return float(type.getGroupZeroPoint(0) - type.getCodeMin()) /
         float(countSteps(type));
}

SmallVector<LearnedQuantizer>
qnn::readLearnedQuantizers(func::FuncOp function) {
  SmallVector<LearnedQuantizer> learned;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    if (function.getArgAttr(i, kZeroPointAttr))
      learned.back().hasZeroPoint = true;
    auto name = function.getArgAttrOfType<StringAttr>(i, kScaleAttr);
    if (!name)
      continue;
    LearnedQuantizer quantizer{name.str(), {}, {}};
    auto values = function.getArgAttrOfType<ArrayAttr>(i, kQuantizerValuesAttr);
    for (auto value : values.getAsRange<StringAttr>())
      quantizer.values.push_back(value.str());
    auto type = function.getArgAttrOfType<TypeAttr>(i, kQuantizerTypeAttr);
    quantizer.type = cast<QuantizedElementType>(type.getValue());
    learned.push_back(std::move(quantizer));
  }
  return learned;
}

/// The same type with other scales and another zero point.
static Type withValues(Type type, ArrayRef<float> scales,
                       std::optional<int64_t> zeroPoint) {
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    SmallVector<double> wide(scales.begin(), scales.end());
    return quant::UniformQuantizedPerAxisType::get(
        perAxis.getFlags(), perAxis.getStorageType(),
        perAxis.getExpressedType(), wide, perAxis.getZeroPoints(),
        perAxis.getQuantizedDimension(), perAxis.getStorageTypeMin(),
        perAxis.getStorageTypeMax());
  }
  auto uniform = cast<quant::UniformQuantizedType>(type);
  return quant::UniformQuantizedType::get(
      uniform.getFlags(), uniform.getStorageType(), uniform.getExpressedType(),
      double(scales.front()), zeroPoint.value_or(uniform.getZeroPoint()),
      uniform.getStorageTypeMin(), uniform.getStorageTypeMax());
}

/// The code nearest to the part of the range, as in the simulation.
static int64_t getZeroPoint(QuantizedElementType type, float part) {
  float codes = part * float(countSteps(type));
  return type.getCodeMin() +
         int64_t(roundToInteger(codes, RoundingMode::HalfEven));
}

static llvm::Error checkValues(const LearnedQuantizer &quantizer,
                               const QuantizerValues &values) {
  size_t count = quantizer.getInitialScales().size();
  if (values.scales.size() != count)
    return llvm::createStringError("scale '" + quantizer.name + "' has " +
                                   Twine(count) + " elements, got " +
                                   Twine(values.scales.size()));
  for (float value : values.scales)
    if (!(value > 0) || !std::isnormal(value))
      return llvm::createStringError("scale '" + quantizer.name +
                                     "' is not a positive normal number");
  if (quantizer.hasZeroPoint != values.zeroPoint.has_value())
    return llvm::createStringError("'" + quantizer.name +
                                   "' needs a zero point if it learns one");
  // The comparison is false for NaN.
  if (values.zeroPoint && !(*values.zeroPoint >= 0 && *values.zeroPoint <= 1))
    return llvm::createStringError("the zero point of '" + quantizer.name +
                                   "' is not a part of the range of codes");
  return llvm::Error::success();
}

namespace {
/// Rewrites the annotations of one module.
class AnnotationWriter {
public:
  llvm::Error add(const LearnedQuantizer &quantizer,
                  const QuantizerValues &values);
  void visit(Operation *op);
  llvm::Error finish() const;

private:
  Attribute rewrite(Attribute annotation, Value value);

  /// The new type of each value and old type, and whether it was met.
  std::map<std::pair<std::string, const void *>, std::pair<Type, bool>> types;
};
} // namespace

llvm::Error AnnotationWriter::add(const LearnedQuantizer &quantizer,
                                  const QuantizerValues &values) {
  if (llvm::Error error = checkValues(quantizer, values))
    return error;
  std::optional<int64_t> zeroPoint;
  if (values.zeroPoint)
    zeroPoint = getZeroPoint(quantizer.type, *values.zeroPoint);
  Type type = withValues(quantizer.type, values.scales, zeroPoint);
  for (const std::string &name : quantizer.values) {
    auto [entry, isNew] = types.try_emplace(
        {name, Type(quantizer.type).getAsOpaquePointer()}, type, false);
    if (!isNew && entry->second.first != type)
      return llvm::createStringError("value '" + name +
                                     "' has two quantizers of one type");
  }
  return llvm::Error::success();
}

/// The name that the value has in a simulated function.
static StringRef getSimulatedName(Value value) {
  if (auto parameter = value.getDefiningOp<ParameterOp>())
    return parameter.getName();
  return getValueName(value);
}

Attribute AnnotationWriter::rewrite(Attribute annotation, Value value) {
  auto type = dyn_cast<TypeAttr>(annotation);
  if (!type)
    return annotation;
  auto found = types.find(
      {getSimulatedName(value).str(), type.getValue().getAsOpaquePointer()});
  if (found == types.end())
    return annotation;
  found->second.second = true;
  return TypeAttr::get(found->second.first);
}

void AnnotationWriter::visit(Operation *op) {
  auto operands = op->getAttrOfType<ArrayAttr>(annotation::kOperandTypes);
  auto results = op->getAttrOfType<ArrayAttr>(annotation::kResultTypes);
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!operands || !results || !quantizable)
    return;
  SmallVector<Attribute> ofOperands, ofResults;
  for (auto [value, annotation] : llvm::zip(op->getOperands(), operands))
    ofOperands.push_back(rewrite(annotation, value));
  for (auto [value, annotation] : llvm::zip(op->getResults(), results))
    ofResults.push_back(rewrite(annotation, value));
  for (auto [i, annotation] : llvm::enumerate(ofOperands))
    if (quantizable.getOperandRole(i) == OperandRole::Bias)
      annotation =
          TypeAttr::get(biasType(cast<TypeAttr>(ofOperands[0]).getValue(),
                                 cast<TypeAttr>(ofOperands[1]).getValue()));
  Builder builder(op->getContext());
  op->setAttr(annotation::kOperandTypes, builder.getArrayAttr(ofOperands));
  op->setAttr(annotation::kResultTypes, builder.getArrayAttr(ofResults));
}

llvm::Error AnnotationWriter::finish() const {
  for (const auto &[key, type] : types)
    if (!type.second)
      return llvm::createStringError(
          "no annotation has the quantizer of value '" + key.first + "'");
  return llvm::Error::success();
}

llvm::Error qnn::writeLearnedQuantizers(ModuleOp module,
                                        ArrayRef<LearnedQuantizer> learned,
                                        ArrayRef<QuantizerValues> values) {
  AnnotationWriter writer;
  for (auto [quantizer, ofQuantizer] : llvm::zip_equal(learned, values))
    if (llvm::Error error = writer.add(quantizer, ofQuantizer))
      return error;
  module.walk([&](Operation *op) { writer.visit(op); });
  return writer.finish();
}
