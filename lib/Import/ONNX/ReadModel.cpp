// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the protobuf classes to plain data. Refuses what is malformed whatever
// the operations mean: sizes that disagree, external data, sparse tensors.

#include "Model.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Endian.h"
#include <climits>
#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

using namespace llvm;
using namespace qnn;
using namespace qnn::importer;

/// A name as messages may show it: control characters, which only damaged files
/// have, become question marks.
static std::string getText(const std::string &text) {
  std::string result = text;
  for (char &c : result)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  return result;
}

template <typename Field>
static std::vector<std::string> getTexts(const Field &field) {
  std::vector<std::string> result;
  for (const std::string &text : field)
    result.push_back(getText(text));
  return result;
}

/// Appends repeated field elements as little-endian T.
template <typename T, typename Field>
static void appendAs(std::string &bytes, const Field &field) {
  for (auto value : field) {
    char buffer[sizeof(T)];
    support::endian::write(buffer, static_cast<T>(value), endianness::little);
    bytes.append(buffer, sizeof(T));
  }
}

/// The elements of the field that ONNX prescribes for the element type.
static std::string getTypedBytes(const ::onnx::TensorProto &proto,
                                 ElementType type) {
  std::string bytes;
  switch (type) {
  case ElementType::F32:
    appendAs<float>(bytes, proto.float_data());
    break;
  case ElementType::F64:
    appendAs<double>(bytes, proto.double_data());
    break;
  case ElementType::I64:
    appendAs<int64_t>(bytes, proto.int64_data());
    break;
  case ElementType::U64:
    appendAs<uint64_t>(bytes, proto.uint64_data());
    break;
  case ElementType::U32:
    appendAs<uint32_t>(bytes, proto.uint64_data());
    break;
  default:
    if (getElementSize(type) == 1)
      appendAs<uint8_t>(bytes, proto.int32_data());
    else if (getElementSize(type) == 2)
      appendAs<uint16_t>(bytes, proto.int32_data());
    else if (getElementSize(type) == 4)
      appendAs<int32_t>(bytes, proto.int32_data());
  }
  return bytes;
}

static Expected<Tensor> readTensor(const ::onnx::TensorProto &proto,
                                   const std::string &what) {
  Tensor tensor;
  tensor.name = getText(proto.name());
  tensor.elementType = static_cast<ElementType>(proto.data_type());
  tensor.shape.append(proto.dims().begin(), proto.dims().end());
  if (proto.data_location() == ::onnx::TensorProto::EXTERNAL ||
      proto.external_data_size())
    return modelError("%s keeps its data in another file, which is not "
                      "supported; save the model with its weights inside",
                      what.c_str());
  std::optional<int64_t> count = countElements(tensor.shape);
  if (!count)
    return modelError("%s has a negative or too large shape", what.c_str());
  unsigned size = getElementSize(tensor.elementType);
  if (!size)
    return tensor;
  tensor.bytes = proto.has_raw_data()
                     ? proto.raw_data()
                     : getTypedBytes(proto, tensor.elementType);
  if (tensor.bytes.size() != static_cast<uint64_t>(*count) * size)
    return modelError("%s has %lld elements of %s by its shape, but %zu bytes "
                      "of data instead of %lld",
                      what.c_str(), (long long)*count,
                      getName(tensor.elementType).c_str(), tensor.bytes.size(),
                      (long long)*count * size);
  return tensor;
}

static Expected<NodeAttribute>
readAttribute(const ::onnx::AttributeProto &proto, const Node &node) {
  using Proto = ::onnx::AttributeProto;
  using Kind = NodeAttribute::Kind;
  NodeAttribute attribute;
  attribute.name = getText(proto.name());
  attribute.floatValue = proto.f();
  attribute.intValue = proto.i();
  attribute.stringValue = getText(proto.s());
  attribute.floats.assign(proto.floats().begin(), proto.floats().end());
  attribute.ints.append(proto.ints().begin(), proto.ints().end());
  for (const std::string &text : proto.strings())
    attribute.strings.push_back(getText(text));
  switch (proto.type()) {
  case Proto::FLOAT:
    attribute.kind = Kind::Float;
    break;
  case Proto::INT:
    attribute.kind = Kind::Int;
    break;
  case Proto::STRING:
    attribute.kind = Kind::String;
    break;
  case Proto::FLOATS:
    attribute.kind = Kind::Floats;
    break;
  case Proto::INTS:
    attribute.kind = Kind::Ints;
    break;
  case Proto::STRINGS:
    attribute.kind = Kind::Strings;
    break;
  case Proto::GRAPH:
  case Proto::GRAPHS:
    attribute.kind = Kind::Graph;
    break;
  case Proto::TENSOR: {
    attribute.kind = Kind::Tensor;
    Expected<Tensor> tensor = readTensor(
        proto.t(), describe(node) + ": attribute '" + attribute.name + "'");
    if (!tensor)
      return tensor.takeError();
    attribute.tensor = std::move(*tensor);
    break;
  }
  default:
    break;
  }
  return attribute;
}

static Expected<Node> readNode(const ::onnx::NodeProto &proto, size_t index) {
  Node node;
  node.opType = getText(proto.op_type());
  node.domain = proto.domain() == "ai.onnx" ? "" : getText(proto.domain());
  node.name = proto.name().empty() ? node.opType + "_" + std::to_string(index)
                                   : getText(proto.name());
  node.inputs = getTexts(proto.input());
  node.outputs = getTexts(proto.output());
  for (const ::onnx::AttributeProto &attribute : proto.attribute()) {
    Expected<NodeAttribute> read = readAttribute(attribute, node);
    if (!read)
      return read.takeError();
    node.attributes.push_back(std::move(*read));
  }
  return node;
}

static ValueInfo readValueInfo(const ::onnx::ValueInfoProto &proto) {
  ValueInfo info;
  info.name = getText(proto.name());
  info.isTensor = proto.type().has_tensor_type();
  const ::onnx::TypeProto_Tensor &type = proto.type().tensor_type();
  info.elementType = static_cast<ElementType>(type.elem_type());
  if (!type.has_shape())
    return info;
  info.shape.emplace();
  for (const auto &dim : type.shape().dim()) {
    Dimension dimension;
    if (dim.has_dim_value())
      dimension.extent = dim.dim_value();
    dimension.name = getText(dim.dim_param());
    info.shape->push_back(std::move(dimension));
  }
  return info;
}

static Error readGraph(const ::onnx::GraphProto &graph, Model &model) {
  if (graph.sparse_initializer_size())
    return modelError("sparse initializers are not supported");
  StringSet<> provided;
  for (const ::onnx::TensorProto &proto : graph.initializer()) {
    Expected<Tensor> tensor =
        readTensor(proto, "initializer '" + getText(proto.name()) + "'");
    if (!tensor)
      return tensor.takeError();
    provided.insert(tensor->name);
    model.initializers.push_back(std::move(*tensor));
  }
  for (const ::onnx::NodeProto &proto : graph.node()) {
    Expected<Node> node = readNode(proto, model.nodes.size());
    if (!node)
      return node.takeError();
    model.nodes.push_back(std::move(*node));
  }
  // Before IR version 4 an initializer had to be listed as an input as well.
  for (const ::onnx::ValueInfoProto &proto : graph.input())
    if (!provided.contains(getText(proto.name())))
      model.inputs.push_back(readValueInfo(proto));
  for (const ::onnx::ValueInfoProto &proto : graph.output())
    model.outputs.push_back(readValueInfo(proto));
  return Error::success();
}

Expected<Model> importer::readModel(MemoryBufferRef buffer) {
  // Whatever protobuf has to say about a broken file, our error says.
  google::protobuf::SetLogHandler(nullptr);
  if (buffer.getBufferSize() == 0)
    return modelError("not an ONNX model (the file is empty)");
  if (buffer.getBufferSize() > INT_MAX)
    return modelError("not an ONNX model (protobuf files end at 2 GiB)");
  ::onnx::ModelProto proto;
  if (!proto.ParseFromArray(buffer.getBufferStart(), buffer.getBufferSize()))
    return modelError("not an ONNX model (truncated or not protobuf)");
  if (!proto.has_graph())
    return modelError("not an ONNX model (there is no graph in it)");
  Model model;
  for (const ::onnx::OperatorSetIdProto &opset : proto.opset_import())
    if (opset.domain().empty() || opset.domain() == "ai.onnx")
      model.opset = opset.version();
  if (Error error = readGraph(proto.graph(), model))
    return std::move(error);
  return model;
}
