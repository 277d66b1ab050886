// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Access to operands and attributes, with the errors that both can have.

#include "NodeContext.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/Support/Endian.h"
#include <cmath>

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

InFlightDiagnostic GraphState::error() {
  return emitError(builder.getUnknownLoc()) << path << ": ";
}

InFlightDiagnostic NodeContext::error() {
  return std::move(graph.error() << describe(node) << ": ");
}

Location NodeContext::getLoc(StringRef suffix) {
  std::string name = *llvm::find_if(
      node.outputs, [](StringRef output) { return !output.empty(); });
  if (!suffix.empty())
    name += "/" + suffix.str();
  OpBuilder &builder = graph.builder;
  return NameLoc::get(builder.getStringAttr(name),
                      NameLoc::get(builder.getStringAttr(node.name)));
}

Location NodeContext::getOutputLoc(size_t index) {
  OpBuilder &builder = graph.builder;
  return NameLoc::get(builder.getStringAttr(node.outputs[index]),
                      NameLoc::get(builder.getStringAttr(node.name)));
}

Location NodeContext::getLocOf(Value value) {
  OpBuilder &builder = graph.builder;
  return NameLoc::get(builder.getStringAttr(getValueName(value)),
                      NameLoc::get(builder.getStringAttr(node.name)));
}

Value NodeContext::constant(ArrayRef<float> data, ArrayRef<int64_t> shape,
                            Location loc) {
  auto type = RankedTensorType::get(shape, graph.builder.getF32Type());
  return arith::ConstantOp::create(graph.builder, loc,
                                   DenseElementsAttr::get(type, data));
}

FailureOr<Value> NodeContext::materialize(const Tensor &tensor) {
  Value &value = graph.materialized[&tensor];
  if (value)
    return value;
  FailureOr<std::vector<float>> data = check(toFloats(tensor));
  if (failed(data))
    return failure();
  if (data->empty())
    return error() << "constant '" << tensor.name << "' has no elements";
  for (auto [index, element] : llvm::enumerate(*data))
    if (!std::isfinite(element))
      return error() << "constant '" << tensor.name << "' holds "
                     << (std::isnan(element) ? "NaN" : "infinity")
                     << " at element " << index
                     << "; train or export the model again";
  value = constant(*data, tensor.shape,
                   NameLoc::get(graph.builder.getStringAttr(tensor.name)));
  return value;
}

FailureOr<Value> NodeContext::getValue(const std::string &name) {
  if (const Tensor *tensor = graph.constants.lookup(name))
    return materialize(*tensor);
  if (Value value = graph.values.lookup(name))
    return value;
  return error() << "takes '" << name << "', an optional output of "
                 << graph.uncomputed.lookup(name) << " that is not supported";
}

LogicalResult NodeContext::read(const OperandSpec &spec,
                                const std::string &name) {
  if (name.empty()) {
    if (spec.presence == Presence::Optional)
      return success();
    return error() << "expects input '" << spec.name << "'";
  }
  if (auto *target = std::get_if<const Tensor **>(&spec.target)) {
    **target = graph.constants.lookup(name);
    if (**target)
      return success();
    return error() << "expects input '" << spec.name
                   << "' to be a constant, but '" << name
                   << "' is computed at run time";
  }
  FailureOr<Value> value = getValue(name);
  if (failed(value))
    return failure();
  *std::get<Value *>(spec.target) = *value;
  return success();
}

LogicalResult NodeContext::operands(std::initializer_list<OperandSpec> specs) {
  if (node.inputs.size() > specs.size())
    return error() << "expects at most " << specs.size() << " inputs, got "
                   << node.inputs.size();
  for (auto [index, spec] : llvm::enumerate(specs))
    if (failed(read(spec, index < node.inputs.size() ? node.inputs[index]
                                                     : std::string())))
      return failure();
  return success();
}

LogicalResult NodeContext::operands(SmallVectorImpl<Value> &values) {
  if (node.inputs.empty())
    return error() << "expects at least 1 input";
  for (const std::string &name : node.inputs) {
    Value value;
    if (failed(read(OperandSpec("inputs", value), name)))
      return failure();
    values.push_back(value);
  }
  return success();
}

const Tensor *NodeContext::getConstant(size_t index) const {
  return index < node.inputs.size() ? graph.constants.lookup(node.inputs[index])
                                    : nullptr;
}

/// Whatever size an attribute gives, sums and products of two do not overflow.
static bool isModest(int64_t value) {
  constexpr int64_t limit = int64_t(1) << 30;
  return value >= -limit && value <= limit;
}

/// Stores the attribute's value where the handler wants it; what the handler
/// wants if the attribute is something else.
static StringRef readInto(const NodeAttribute &attribute, int64_t &target) {
  target = attribute.intValue;
  bool fits = attribute.kind == NodeAttribute::Kind::Int && isModest(target);
  return fits ? "" : "an integer below 2^30";
}

static StringRef readInto(const NodeAttribute &attribute, float &target) {
  target = attribute.floatValue;
  bool fits =
      attribute.kind == NodeAttribute::Kind::Float && std::isfinite(target);
  return fits ? "" : "a finite float";
}

static StringRef readInto(const NodeAttribute &attribute, std::string &target) {
  target = attribute.stringValue;
  return attribute.kind == NodeAttribute::Kind::String ? "" : "a string";
}

static StringRef readInto(const NodeAttribute &attribute, Shape &target) {
  target = attribute.ints;
  bool fits = attribute.kind == NodeAttribute::Kind::Ints &&
              llvm::all_of(target, isModest);
  return fits ? "" : "a list of integers below 2^30";
}

static StringRef readInto(const NodeAttribute &attribute,
                          std::vector<float> &target) {
  target = attribute.floats;
  return attribute.kind == NodeAttribute::Kind::Floats ? ""
                                                       : "a list of floats";
}

static StringRef readInto(const NodeAttribute &attribute,
                          std::vector<std::string> &target) {
  target = attribute.strings;
  return attribute.kind == NodeAttribute::Kind::Strings ? ""
                                                        : "a list of strings";
}

static StringRef readInto(const NodeAttribute &attribute,
                          const Tensor *&target) {
  target = &attribute.tensor;
  return attribute.kind == NodeAttribute::Kind::Tensor ? "" : "a tensor";
}

template <typename T>
static StringRef readInto(const NodeAttribute &attribute,
                          std::optional<T> &target) {
  return readInto(attribute, target.emplace());
}

LogicalResult NodeContext::read(const AttributeSpec &spec,
                                const NodeAttribute &attribute) {
  StringRef expected = std::visit(
      [&](auto *target) { return readInto(attribute, *target); }, spec.target);
  if (expected.empty())
    return success();
  return error() << "expects attribute '" << attribute.name << "' to be "
                 << expected;
}

LogicalResult
NodeContext::attributes(std::initializer_list<AttributeSpec> specs) {
  for (const NodeAttribute &attribute : node.attributes) {
    auto spec = llvm::find_if(specs, [&](const AttributeSpec &spec) {
      return spec.name == attribute.name;
    });
    if (spec == specs.end())
      return error() << "attribute '" << attribute.name
                     << "' is not supported for opset " << graph.opset;
    if (failed(read(*spec, attribute)))
      return failure();
  }
  return success();
}

size_t NodeContext::getNumOutputs() const { return node.outputs.size(); }

bool NodeContext::hasOutput(size_t index) const {
  return index < node.outputs.size() && !node.outputs[index].empty();
}

LogicalResult NodeContext::result(Value value) { return result(0, value); }

LogicalResult NodeContext::result(size_t index, Value value) {
  if (!countElements(shapeOf(value)))
    return error() << "has a result of more than 2^30 elements";
  graph.values[node.outputs[index]] = value;
  return success();
}

LogicalResult NodeContext::result(const Tensor *tensor) {
  graph.constants[node.outputs.front()] = tensor;
  return success();
}

template <typename T>
static Tensor makeTensorOf(const std::string &name, ElementType type,
                           ArrayRef<int64_t> shape, ArrayRef<T> data) {
  Tensor tensor{name, type, Shape(shape), {}};
  tensor.bytes.resize(data.size() * sizeof(T));
  for (auto [index, element] : llvm::enumerate(data))
    llvm::support::endian::write(&tensor.bytes[index * sizeof(T)], element,
                                 llvm::endianness::little);
  return tensor;
}

const Tensor *NodeContext::makeTensor(ArrayRef<int64_t> shape,
                                      const Shape &data) {
  graph.ownedTensors.push_back(makeTensorOf<int64_t>(
      node.outputs.front(), ElementType::I64, shape, data));
  return &graph.ownedTensors.back();
}

const Tensor *NodeContext::makeTensor(ArrayRef<int64_t> shape,
                                      const std::vector<float> &data) {
  graph.ownedTensors.push_back(
      makeTensorOf<float>(node.outputs.front(), ElementType::F32, shape, data));
  return &graph.ownedTensors.back();
}

LogicalResult importer::normalizeAxis(NodeContext &node, int64_t &axis,
                                      int64_t rank) {
  if (axis < -rank || axis >= rank)
    return node.error() << "expects an axis from " << -rank << " to "
                        << rank - 1 << ", got " << axis;
  if (axis < 0)
    axis += rank;
  return success();
}

LogicalResult importer::normalizeAxes(NodeContext &node, Shape &axes,
                                      int64_t rank) {
  if (axes.size() > kMaxRank)
    return node.error() << "expects at most " << kMaxRank << " axes, got "
                        << axes.size();
  for (int64_t &axis : axes)
    if (failed(normalizeAxis(node, axis, rank)))
      return failure();
  llvm::sort(axes);
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end())
    return node.error() << "expects axes that differ";
  return success();
}
