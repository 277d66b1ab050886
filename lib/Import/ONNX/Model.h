// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An ONNX model as plain data, so that only ReadModel.cpp sees protobuf.

#ifndef QNN_LIB_IMPORT_ONNX_MODEL_H
#define QNN_LIB_IMPORT_ONNX_MODEL_H

#include "qnn/Dialect/QNN/IR/ShapeInference.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <optional>
#include <string>
#include <vector>

namespace qnn::importer {

/// onnx.TensorProto.DataType; models may hold numbers that are not listed.
enum class ElementType : int32_t {
  F32 = 1,
  U8 = 2,
  I8 = 3,
  U16 = 4,
  I16 = 5,
  I32 = 6,
  I64 = 7,
  String = 8,
  Bool = 9,
  F16 = 10,
  F64 = 11,
  U32 = 12,
  U64 = 13,
  BF16 = 16,
};

/// The name as ONNX writes it, or "data type <number>".
std::string getName(ElementType type);

/// Bytes of an element; 0 if the importer cannot hold such tensors.
unsigned getElementSize(ElementType type);

struct Tensor {
  std::string name;
  ElementType elementType = ElementType::F32;
  Shape shape;
  /// Little-endian elements in row-major order; empty for element types
  /// without a size.
  std::string bytes;
};

/// The elements as numbers; an error unless the type is a float (integer) one.
llvm::Expected<std::vector<double>> toDoubles(const Tensor &tensor);
llvm::Expected<std::vector<float>> toFloats(const Tensor &tensor);
llvm::Expected<Shape> toInts(const Tensor &tensor);

struct NodeAttribute {
  enum class Kind {
    Float,
    Int,
    String,
    Tensor,
    Floats,
    Ints,
    Strings,
    Graph,
    Other
  };
  std::string name;
  Kind kind = Kind::Other;
  float floatValue = 0;
  int64_t intValue = 0;
  std::string stringValue;
  Tensor tensor;
  std::vector<float> floats;
  Shape ints;
  std::vector<std::string> strings;
};

struct Node {
  /// The model's name, or "<op type>_<index>".
  std::string name;
  std::string opType, domain;
  /// An empty string is an absent optional input or output.
  std::vector<std::string> inputs, outputs;
  std::vector<NodeAttribute> attributes;
};

struct Dimension {
  /// Absent for named and unknown dimensions.
  std::optional<int64_t> extent;
  std::string name;
};

struct ValueInfo {
  std::string name;
  bool isTensor = true;
  ElementType elementType = ElementType::F32;
  std::optional<std::vector<Dimension>> shape;
};

struct Model {
  int64_t opset = 0;
  std::vector<Node> nodes;
  std::vector<Tensor> initializers;
  /// Graph inputs that no initializer provides.
  std::vector<ValueInfo> inputs;
  std::vector<ValueInfo> outputs;
};

/// Parses an ONNX file. The error of whatever is no sound model says why.
llvm::Expected<Model> readModel(llvm::MemoryBufferRef buffer);

/// Puts nodes after the nodes whose results they take, otherwise in the order
/// of the file. Cycles, values without a producer or with two are errors.
llvm::Error sortNodes(Model &model);

constexpr size_t kMaxRank = 32;

/// The product of the extents; nothing if one is negative, if there are more
/// than kMaxRank, or if the product is more than 2^30, which no later
/// arithmetic on sizes overflows.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> shape);

/// "node 'conv_1' (Conv)".
std::string describe(const Node &node);

template <typename... Args>
llvm::Error modelError(const char *format, Args... args) {
  return llvm::createStringError(std::errc::invalid_argument, format, args...);
}

} // namespace qnn::importer

#endif // QNN_LIB_IMPORT_ONNX_MODEL_H
