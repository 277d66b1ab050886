// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From learned scales to quantized types.

#include "qnn/Dialect/QNN/Transforms/LearnedScales.h"
#include "QuantizedTypes.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "qnn/Dialect/QNN/Transforms/Annotations.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include <cmath>
#include <map>

using namespace mlir;
using namespace qnn;

SmallVector<float> LearnedScale::getInitialScales() const {
  SmallVector<float> scales;
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(Type(type));
  int64_t count = perAxis ? perAxis.getScales().size() : 1;
  for (int64_t group = 0; group < count; ++group)
    scales.push_back(float(type.getGroupScale(group)));
  return scales;
}

SmallVector<LearnedScale> qnn::readLearnedScales(func::FuncOp function) {
  SmallVector<LearnedScale> learned;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto name = function.getArgAttrOfType<StringAttr>(i, kScaleAttr);
    if (!name)
      continue;
    LearnedScale scale{i, name.str(), {}, {}};
    auto values = function.getArgAttrOfType<ArrayAttr>(i, kScaleValuesAttr);
    for (auto value : values.getAsRange<StringAttr>())
      scale.values.push_back(value.str());
    auto type = function.getArgAttrOfType<TypeAttr>(i, kScaleTypeAttr);
    scale.type = cast<QuantizedElementType>(type.getValue());
    learned.push_back(std::move(scale));
  }
  return learned;
}

/// The same type with other scales.
static Type withScales(Type type, ArrayRef<float> scales) {
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
      double(scales.front()), uniform.getZeroPoint(),
      uniform.getStorageTypeMin(), uniform.getStorageTypeMax());
}

namespace {
/// Rewrites the annotations of one module.
class AnnotationWriter {
public:
  llvm::Error add(const LearnedScale &scale, ArrayRef<float> values);
  void visit(Operation *op);
  llvm::Error finish() const;

private:
  Attribute rewrite(Attribute annotation, Value value);

  /// The new type of each value and old type, and whether it was met.
  std::map<std::pair<std::string, const void *>, std::pair<Type, bool>> types;
};
} // namespace

llvm::Error AnnotationWriter::add(const LearnedScale &scale,
                                  ArrayRef<float> values) {
  if (values.size() != scale.getInitialScales().size())
    return llvm::createStringError("scale '" + scale.name + "' has " +
                                   Twine(scale.getInitialScales().size()) +
                                   " elements, got " + Twine(values.size()));
  for (float value : values)
    if (!(value > 0) || !std::isnormal(value))
      return llvm::createStringError("scale '" + scale.name +
                                     "' is not a positive normal number");
  Type type = withScales(scale.type, values);
  for (const std::string &name : scale.values) {
    auto [entry, isNew] = types.try_emplace(
        {name, Type(scale.type).getAsOpaquePointer()}, type, false);
    if (!isNew && entry->second.first != type)
      return llvm::createStringError("value '" + name +
                                     "' has two scales of one type");
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
      return llvm::createStringError("no annotation has the scale of value '" +
                                     key.first + "'");
  return llvm::Error::success();
}

llvm::Error qnn::writeLearnedScales(ModuleOp module,
                                    ArrayRef<LearnedScale> learned,
                                    ArrayRef<ArrayRef<float>> scales) {
  AnnotationWriter writer;
  for (auto [scale, values] : llvm::zip_equal(learned, scales))
    if (llvm::Error error = writer.add(scale, values))
      return error;
  module.walk([&](Operation *op) { writer.visit(op); });
  return writer.finish();
}
