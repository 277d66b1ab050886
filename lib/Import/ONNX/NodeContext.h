// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a handler sees of its node: operands and attributes by declaration,
// locations, constants, errors that name the node.

#ifndef QNN_LIB_IMPORT_ONNX_NODECONTEXT_H
#define QNN_LIB_IMPORT_ONNX_NODECONTEXT_H

#include "Model.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include <deque>
#include <initializer_list>
#include <variant>

namespace qnn::importer {

enum class Presence { Required, Optional };

/// One operand of a handler: a value computed at run time (or a float constant
/// used like one), or a tensor that the importer must know.
struct OperandSpec {
  using Target = std::variant<mlir::Value *, const Tensor **>;
  OperandSpec(llvm::StringRef name, mlir::Value &value,
              Presence presence = Presence::Required)
      : name(name), target(&value), presence(presence) {}
  OperandSpec(llvm::StringRef name, const Tensor *&tensor,
              Presence presence = Presence::Required)
      : name(name), target(&tensor), presence(presence) {}

  llvm::StringRef name;
  Target target;
  Presence presence;
};

/// One attribute of a handler; the target holds the default.
struct AttributeSpec {
  using Target = std::variant<int64_t *, float *, std::string *,
                              std::optional<int64_t> *, std::optional<float> *,
                              std::optional<Shape> *, std::vector<float> *,
                              std::vector<std::string> *, const Tensor **>;
  template <typename T>
  AttributeSpec(llvm::StringRef name, T &target)
      : name(name), target(&target) {}

  llvm::StringRef name;
  Target target;
};

/// What the nodes of a graph share while it is imported.
struct GraphState {
  explicit GraphState(mlir::OpBuilder builder) : builder(builder) {}

  mlir::OpBuilder builder;
  std::string path;
  int64_t opset = 0;
  llvm::StringMap<mlir::Value> values;
  /// Values that are known now: initializers, and Constant nodes.
  llvm::StringMap<const Tensor *> constants;
  std::deque<Tensor> ownedTensors;
  /// Values that exist in the model only: optional outputs, with their nodes.
  llvm::StringMap<std::string> uncomputed;
  /// The arith.constant of a float tensor, made at its first use.
  llvm::DenseMap<const Tensor *, mlir::Value> materialized;

  /// An error about the file.
  mlir::InFlightDiagnostic error();
};

class NodeContext {
public:
  NodeContext(GraphState &graph, const Node &node) : graph(graph), node(node) {}

  mlir::OpBuilder &getBuilder() { return graph.builder; }
  int64_t getOpset() const { return graph.opset; }

  /// Reads operands in order; an error for one that is missing, too many, of a
  /// wrong element type, or unknown now where a constant is wanted.
  mlir::LogicalResult operands(std::initializer_list<OperandSpec> specs);
  /// All operands, at least one.
  mlir::LogicalResult operands(llvm::SmallVectorImpl<mlir::Value> &values);
  /// The constant behind an operand, or null.
  const Tensor *getConstant(size_t index) const;

  /// Reads all attributes; an error for one that is not listed or has another
  /// kind of value.
  mlir::LogicalResult attributes(std::initializer_list<AttributeSpec> specs);

  /// How many outputs the node lists, and whether one of them has a name.
  size_t getNumOutputs() const;
  bool hasOutput(size_t index) const;

  /// Binds the node's first output. The others must have no users, or there is
  /// an error at the first one.
  mlir::LogicalResult result(mlir::Value value);
  /// Binds one of several outputs.
  mlir::LogicalResult result(size_t index, mlir::Value value);
  mlir::LogicalResult result(const Tensor *tensor);

  /// A constant that no initializer holds, named after the node's output.
  const Tensor *makeTensor(llvm::ArrayRef<int64_t> shape, const Shape &data);
  const Tensor *makeTensor(llvm::ArrayRef<int64_t> shape,
                           const std::vector<float> &data);

  /// "output"("node") of the first output that has a name; with a suffix
  /// "output/suffix", for values that are not the output but lead to it.
  mlir::Location getLoc(llvm::StringRef suffix = "");
  /// The same of one of several outputs, which has a name.
  mlir::Location getOutputLoc(size_t index);
  /// The name of `value` with this node: for the same data in another layout.
  mlir::Location getLocOf(mlir::Value value);

  /// An arith.constant; `data` has one element for all or as many as the shape.
  mlir::Value constant(llvm::ArrayRef<float> data,
                       llvm::ArrayRef<int64_t> shape, mlir::Location loc);

  mlir::InFlightDiagnostic error();
  template <typename T>
  mlir::FailureOr<T> check(llvm::Expected<T> expected) {
    if (expected)
      return std::move(*expected);
    return error() << llvm::toString(expected.takeError());
  }

private:
  mlir::LogicalResult read(const OperandSpec &spec, const std::string &name);
  mlir::LogicalResult read(const AttributeSpec &spec,
                           const NodeAttribute &attribute);
  mlir::FailureOr<mlir::Value> getValue(const std::string &name);
  mlir::FailureOr<mlir::Value> materialize(const Tensor &tensor);

  GraphState &graph;
  const Node &node;
};

/// The extents of a value, which all values of the importer have.
inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

/// Makes an axis counted from the end one from the front.
mlir::LogicalResult normalizeAxis(NodeContext &node, int64_t &axis,
                                  int64_t rank);
/// The same for several, sorted; an error if two are the same.
mlir::LogicalResult normalizeAxes(NodeContext &node, Shape &axes, int64_t rank);

} // namespace qnn::importer

#endif // QNN_LIB_IMPORT_ONNX_NODECONTEXT_H
