// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Metadata from the attributes of the entry function, and as JSON.

#include "qnn/Target/Metadata.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace qnn;

static llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(message);
}

int64_t TensorInfo::numElements() const {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

int64_t TensorInfo::elementBytes() const {
  return llvm::StringSwitch<int64_t>(cType)
      .Cases({"int8_t", "uint8_t"}, 1)
      .Cases({"int16_t", "uint16_t"}, 2)
      .Cases({"int64_t", "uint64_t"}, 8)
      .Default(4);
}

static std::string getCType(Type type) {
  if (type.isF32())
    return "float";
  return (type.isUnsignedInteger() ? "uint" : "int") +
         std::to_string(type.getIntOrFloatBitWidth()) + "_t";
}

static double toDouble(Attribute attr) {
  if (auto value = dyn_cast<FloatAttr>(attr))
    return value.getValueAsDouble();
  return double(cast<IntegerAttr>(attr).getInt());
}

static std::vector<TensorInfo> readTensors(ArrayAttr tensors) {
  std::vector<TensorInfo> result;
  for (auto dictionary : tensors.getAsRange<DictionaryAttr>()) {
    auto type =
        cast<RankedTensorType>(dictionary.getAs<TypeAttr>("type").getValue());
    TensorInfo info;
    info.name = dictionary.getAs<StringAttr>("name").str();
    info.cType = getCType(type.getElementType());
    info.shape.assign(type.getShape().begin(), type.getShape().end());
    Attribute scale = dictionary.get("scale");
    if (isa_and_nonnull<FloatAttr, IntegerAttr>(scale)) {
      auto zeroPoint = dictionary.getAs<IntegerAttr>("zero_point");
      info.quantization = {toDouble(scale), zeroPoint ? zeroPoint.getInt() : 0};
    }
    result.push_back(std::move(info));
  }
  return result;
}

llvm::Expected<ModelMetadata> qnn::getMetadata(ModuleOp module) {
  std::optional<ModelMetadata> metadata;
  for (auto function : module.getOps<FunctionOpInterface>()) {
    auto name = function->getAttrOfType<StringAttr>(kModelNameAttr);
    auto inputs = function->getAttrOfType<ArrayAttr>(kInputsAttr);
    auto outputs = function->getAttrOfType<ArrayAttr>(kOutputsAttr);
    auto arenaBytes = function->getAttrOfType<IntegerAttr>(kArenaBytesAttr);
    if (!name || !inputs || !outputs || !arenaBytes)
      continue;
    // Bodies for blocks of rows come before that of one row.
    ModelMetadata last{name.str(), readTensors(inputs), readTensors(outputs),
                       arenaBytes.getInt()};
    if (metadata) {
      last.arenaBytes = std::max(last.arenaBytes, metadata->arenaBytes);
      last.rowBlocks = metadata->rowBlocks;
    }
    if (auto rows = function->getAttrOfType<DenseI64ArrayAttr>(kRowBlocksAttr))
      llvm::append_range(last.rowBlocks, rows.asArrayRef());
    metadata = std::move(last);
  }
  if (metadata)
    return std::move(*metadata);
  return makeError("no entry function with a planned arena; run "
                   "qnn-lower-pipeline first");
}

static llvm::json::Array formatTensors(const std::vector<TensorInfo> &tensors) {
  llvm::json::Array result;
  for (const TensorInfo &info : tensors) {
    llvm::json::Object object{{"name", info.name},
                              {"type", info.cType},
                              {"shape", llvm::json::Array(info.shape)}};
    if (info.quantization) {
      object["scale"] = info.quantization->scale;
      object["zero_point"] = info.quantization->zeroPoint;
    }
    result.push_back(std::move(object));
  }
  return result;
}

std::string qnn::formatMetadata(const ModelMetadata &metadata) {
  llvm::json::Object object{{"format", 1},
                            {"name", metadata.name},
                            {"inputs", formatTensors(metadata.inputs)},
                            {"outputs", formatTensors(metadata.outputs)},
                            {"arena_bytes", metadata.arenaBytes}};
  if (!metadata.variants.empty())
    object["variants"] = llvm::json::Array(metadata.variants);
  if (metadata.takesRows())
    object["row_blocks"] = llvm::json::Array(metadata.rowBlocks);
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(object));
  return text;
}

static bool fromJSON(const llvm::json::Value &value, TensorInfo &info,
                     llvm::json::Path path) {
  llvm::json::ObjectMapper mapper(value, path);
  std::vector<int64_t> shape;
  std::optional<double> scale;
  std::optional<int64_t> zeroPoint;
  if (!mapper || !mapper.map("name", info.name) ||
      !mapper.map("type", info.cType) || !mapper.map("shape", shape) ||
      !mapper.map("scale", scale) || !mapper.map("zero_point", zeroPoint))
    return false;
  info.shape.assign(shape.begin(), shape.end());
  if (scale)
    info.quantization = {*scale, zeroPoint.value_or(0)};
  return true;
}

static bool readTensors(const llvm::json::Object &object, StringRef key,
                        std::vector<TensorInfo> &tensors,
                        llvm::json::Path path) {
  const llvm::json::Array *array = object.getArray(key);
  if (!array) {
    path.field(key).report("expected array");
    return false;
  }
  for (auto [i, value] : llvm::enumerate(*array)) {
    TensorInfo info;
    if (!fromJSON(value, info, path.field(key).index(i)))
      return false;
    tensors.push_back(std::move(info));
  }
  return true;
}

llvm::Expected<ModelMetadata> qnn::parseMetadata(StringRef json) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(json);
  if (!value)
    return value.takeError();
  llvm::json::Path::Root root("metadata");
  llvm::json::Path path(root);
  llvm::json::ObjectMapper mapper(*value, path);
  ModelMetadata metadata;
  if (!mapper || !mapper.map("name", metadata.name) ||
      !mapper.map("arena_bytes", metadata.arenaBytes) ||
      !mapper.mapOptional("variants", metadata.variants) ||
      !mapper.mapOptional("row_blocks", metadata.rowBlocks) ||
      !readTensors(*value->getAsObject(), "inputs", metadata.inputs, path) ||
      !readTensors(*value->getAsObject(), "outputs", metadata.outputs, path))
    return root.getError();
  return metadata;
}
