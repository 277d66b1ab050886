// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a model to a module: arguments, nodes in order, results.

#include "Handlers.h"
#include "ImportInputs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Import/ONNX.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

/// The file's stem as a C identifier.
static std::string getFunctionName(StringRef path) {
  std::string name = llvm::sys::path::stem(path).str();
  for (char &c : name)
    if (!llvm::isAlnum(c))
      c = '_';
  if (name.empty() || name == "_stdin_" || name == "_")
    return "model";
  return llvm::isDigit(name.front()) ? "model_" + name : name;
}

namespace {
class Importer {
public:
  Importer(MLIRContext &context, const Model &model,
           const ImportOptions &options, StringRef path)
      : model(model), options(options), graph(OpBuilder(&context)) {
    graph.path = path.str();
    graph.opset = model.opset;
  }

  OwningOpRef<ModuleOp> run();

private:
  LogicalResult checkModel();
  FailureOr<func::FuncOp> createFunction();
  LogicalResult importNode(const Node &node);
  LogicalResult createReturn(func::FuncOp function);
  NameLoc getNameLoc(StringRef name) {
    return NameLoc::get(graph.builder.getStringAttr(name));
  }

  const Model &model;
  const ImportOptions &options;
  GraphState graph;
};
} // namespace

LogicalResult Importer::checkModel() {
  if (model.opset < kFirstOpset || model.opset > kLastOpset)
    return graph.error() << "opset " << model.opset
                         << " is not supported; convert the model to one from "
                         << kFirstOpset << " to " << kLastOpset;
  if (model.outputs.empty())
    return graph.error() << "the graph has no outputs";
  return success();
}

FailureOr<func::FuncOp> Importer::createFunction() {
  auto types = resolveInputs(graph, model, options);
  if (failed(types))
    return failure();
  SmallVector<Type> argumentTypes;
  for (const InputTypes &input : *types)
    argumentTypes.push_back(input.argument);
  OpBuilder &builder = graph.builder;
  std::string name =
      options.name.empty() ? getFunctionName(graph.path) : options.name;
  auto function =
      func::FuncOp::create(builder, getNameLoc(name), name,
                           builder.getFunctionType(argumentTypes, {}));
  Block *body = builder.createBlock(&function.getBody());
  for (auto [index, input] : llvm::enumerate(model.inputs)) {
    BlockArgument argument =
        body->addArgument(argumentTypes[index], getNameLoc(input.name));
    function.setArgAttr(index, "qnn.name", builder.getStringAttr(input.name));
    graph.values[input.name] =
        index == 0 ? prepareInput(graph, argument, options) : argument;
  }
  return function;
}

/// Whether only models that were quantized by others have the operator.
static bool isQuantized(StringRef opType) {
  return opType.contains_insensitive("QuantizeLinear") ||
         opType.starts_with("QLinear") || opType.ends_with("Integer");
}

LogicalResult Importer::importNode(const Node &node) {
  NodeContext context(graph, node);
  for (const NodeAttribute &attribute : node.attributes)
    if (attribute.kind == NodeAttribute::Kind::Graph)
      return context.error() << "has a subgraph; control flow is not "
                                "supported, export the model without it";
  if (isQuantized(node.opType))
    return context.error() << "the model is quantized already; give the float "
                              "model that it was made from";
  if (!node.domain.empty())
    return context.error() << "operators of domain '" << node.domain
                           << "' are not supported";
  const Handler *handler = findHandler(node.opType, graph.opset);
  if (!handler)
    return context.error() << "unknown operator; supported: "
                           << llvm::join(getSupportedOps(), ", ")
                           << " (see docs/SupportedOps.md)";
  auto isEmpty = [](const std::string &name) { return name.empty(); };
  if (llvm::all_of(node.outputs, isEmpty))
    return context.error() << "has no output";
  for (StringRef output : node.outputs)
    graph.uncomputed[output] = describe(node);
  return handler->run(context);
}

LogicalResult Importer::createReturn(func::FuncOp function) {
  OpBuilder &builder = graph.builder;
  SmallVector<Value> results;
  for (const ValueInfo &output : model.outputs) {
    // A node stands for the output, so that its errors name something.
    Node node{output.name, "graph output", "", {output.name}, {}, {}};
    Value value;
    if (failed(NodeContext(graph, node).operands({{"value", value}})))
      return failure();
    results.push_back(value);
  }
  func::ReturnOp::create(builder, builder.getUnknownLoc(), results);
  function.setType(builder.getFunctionType(function.getArgumentTypes(),
                                           ValueRange(results).getTypes()));
  for (auto [index, output] : llvm::enumerate(model.outputs))
    function.setResultAttr(index, "qnn.name",
                           builder.getStringAttr(output.name));
  return success();
}

OwningOpRef<ModuleOp> Importer::run() {
  if (failed(checkModel()))
    return nullptr;
  OwningOpRef<ModuleOp> module =
      ModuleOp::create(graph.builder.getUnknownLoc());
  graph.builder.setInsertionPointToEnd(module->getBody());
  for (const Tensor &tensor : model.initializers)
    graph.constants[tensor.name] = &tensor;
  FailureOr<func::FuncOp> function = createFunction();
  if (failed(function))
    return nullptr;
  for (const Node &node : model.nodes)
    if (failed(importNode(node)))
      return nullptr;
  if (failed(createReturn(*function)) || failed(verify(*module)))
    return nullptr;
  return module;
}

OwningOpRef<ModuleOp> qnn::importONNX(llvm::MemoryBufferRef buffer,
                                      MLIRContext &context,
                                      const ImportOptions &options) {
  context.loadDialect<arith::ArithDialect, func::FuncDialect, QNNDialect,
                      tensor::TensorDialect>();
  StringRef path = buffer.getBufferIdentifier();
  llvm::Expected<Model> model = readModel(buffer);
  llvm::Error error = model ? sortNodes(*model) : model.takeError();
  if (error) {
    emitError(UnknownLoc::get(&context))
        << path << ": " << llvm::toString(std::move(error));
    return nullptr;
  }
  return Importer(context, *model, options, path).run();
}

OwningOpRef<ModuleOp> qnn::importONNX(StringRef path, MLIRContext &context,
                                      const ImportOptions &options) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer) {
    emitError(UnknownLoc::get(&context))
        << path << ": " << buffer.getError().message();
    return nullptr;
  }
  return importONNX((*buffer)->getMemBufferRef(), context, options);
}
