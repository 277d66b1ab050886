// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions, and what few operations make of them.

#include "Handlers.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

static FailureOr<Value> readInput(NodeContext &node) {
  Value input;
  if (failed(node.operands({{"X", input}})))
    return failure();
  return input;
}

template <typename OpTy>
static LogicalResult importFunction(NodeContext &node) {
  FailureOr<Value> input = readInput(node);
  if (failed(input) || failed(node.attributes({})))
    return failure();
  return node.result(
      OpTy::create(node.getBuilder(), node.getLoc(), input->getType(), *input));
}

static Value createProduct(NodeContext &node, Location loc, Value lhs,
                           Value rhs) {
  return MulOp::create(node.getBuilder(), loc, lhs.getType(), lhs, rhs,
                       /*clamp_min=*/FloatAttr(), /*clamp_max=*/FloatAttr());
}

static LogicalResult importNeg(NodeContext &node) {
  FailureOr<Value> input = readInput(node);
  if (failed(input) || failed(node.attributes({})))
    return failure();
  Value factor = node.constant(-1.0f, {}, node.getLoc("factor"));
  return node.result(createProduct(node, node.getLoc(), *input, factor));
}

static LogicalResult importReciprocal(NodeContext &node) {
  FailureOr<Value> input = readInput(node);
  if (failed(input) || failed(node.attributes({})))
    return failure();
  Value one = node.constant(1.0f, {}, node.getLoc("one"));
  return node.result(DivOp::create(node.getBuilder(), node.getLoc(),
                                   input->getType(), one, *input));
}

/// max(0, min(1, alpha * x + beta)).
static Value createHardSigmoid(NodeContext &node, Location loc, Value input,
                               float alpha, float beta) {
  OpBuilder &builder = node.getBuilder();
  Value factor = node.constant(alpha, {}, node.getLoc("alpha"));
  Value product = createProduct(node, node.getLoc("scaled"), input, factor);
  Value addend = node.constant(beta, {}, node.getLoc("beta"));
  return AddOp::create(builder, loc, input.getType(), product, addend,
                       builder.getF32FloatAttr(0.0f),
                       builder.getF32FloatAttr(1.0f));
}

static LogicalResult importHardSigmoid(NodeContext &node) {
  FailureOr<Value> input = readInput(node);
  float alpha = 0.2f, beta = 0.5f;
  if (failed(input) ||
      failed(node.attributes({{"alpha", alpha}, {"beta", beta}})))
    return failure();
  return node.result(
      createHardSigmoid(node, node.getLoc(), *input, alpha, beta));
}

static LogicalResult importHardSwish(NodeContext &node) {
  FailureOr<Value> input = readInput(node);
  if (failed(input) || failed(node.attributes({})))
    return failure();
  Value gate =
      createHardSigmoid(node, node.getLoc("gate"), *input, 1.0f / 6.0f, 0.5f);
  return node.result(createProduct(node, node.getLoc(), *input, gate));
}

/// x to the power of 2, 3 or 1/2, which are products and a square root.
static LogicalResult importPow(NodeContext &node) {
  Value input;
  const Tensor *exponent;
  if (failed(node.operands({{"X", input}, {"Y", exponent}})) ||
      failed(node.attributes({})))
    return failure();
  FailureOr<std::vector<double>> values = node.check(toDoubles(*exponent));
  if (failed(values))
    return failure();
  if (values->size() == 1 && exponent->shape.size() <= shapeOf(input).size()) {
    if (values->front() == 2)
      return node.result(createProduct(node, node.getLoc(), input, input));
    if (values->front() == 3) {
      Value square = createProduct(node, node.getLoc("square"), input, input);
      return node.result(createProduct(node, node.getLoc(), square, input));
    }
    if (values->front() == 0.5)
      return node.result(SqrtOp::create(node.getBuilder(), node.getLoc(),
                                        input.getType(), input));
  }
  return node.error() << "expects the exponent 2, 3 or 0.5";
}

/// Max and Min of any number of inputs.
template <typename OpTy>
static LogicalResult importExtremum(NodeContext &node) {
  SmallVector<Value> inputs;
  if (failed(node.operands(inputs)) || failed(node.attributes({})))
    return failure();
  Value result = inputs.front();
  for (Value input : ArrayRef(inputs).drop_front()) {
    auto shape =
        node.check(inferBroadcastShape(shapeOf(result), shapeOf(input)));
    if (failed(shape))
      return failure();
    Type type = cast<RankedTensorType>(input.getType()).clone(*shape);
    Location loc = node.getLoc(input == inputs.back() ? "" : "partial");
    result = OpTy::create(node.getBuilder(), loc, type, result, input);
  }
  return node.result(result);
}

ArrayRef<Handler> importer::getElementaryHandlers() {
  static constexpr Handler handlers[] = {
      {"Abs", 6, importFunction<AbsOp>, "any shape"},
      {"Exp", 6, importFunction<ExpOp>, "any shape"},
      {"HardSigmoid", 6, importHardSigmoid, "as a product, a sum and a clamp"},
      {"HardSwish", 14, importHardSwish, "times its HardSigmoid"},
      {"Log", 6, importFunction<LogOp>, "any shape"},
      {"Max", 8, importExtremum<MaximumOp>, "with broadcasting"},
      {"Min", 8, importExtremum<MinimumOp>, "with broadcasting"},
      {"Neg", 6, importNeg, "times -1"},
      {"Pow", 7, importPow, "constant exponent 2, 3 or 0.5"},
      {"Reciprocal", 6, importReciprocal, "1 / x"},
      {"Sigmoid", 6, importFunction<SigmoidOp>, "any shape"},
      {"Sign", 9, importFunction<SignOp>, "any shape"},
      {"Sqrt", 6, importFunction<SqrtOp>, "any shape"},
      {"Tanh", 6, importFunction<TanhOp>, "any shape"},
  };
  return handlers;
}
