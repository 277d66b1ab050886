// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolution and matrix products.

#include "Handlers.h"
#include "Layout.h"
#include "mlir/IR/Matchers.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

static LogicalResult importConv(NodeContext &node) {
  Value input, weights, bias;
  WindowAttributes attributes;
  int64_t groups = 1;
  if (failed(node.operands(
          {{"X", input}, {"W", weights}, {"B", bias, Presence::Optional}})) ||
      failed(node.attributes({{"auto_pad", attributes.autoPad},
                              {"kernel_shape", attributes.kernel},
                              {"strides", attributes.strides},
                              {"dilations", attributes.dilations},
                              {"pads", attributes.pads},
                              {"group", groups}})))
    return failure();
  size_t rank = shapeOf(input).size();
  if (shapeOf(weights).size() != rank || rank < 3)
    return node.error() << "expects input and weights of one rank, 3 or 4, got "
                        << rank << " and " << shapeOf(weights).size();
  if (failed(checkKernel(node, shapeOf(weights), attributes.kernel)))
    return failure();
  auto window = resolveWindow(node, attributes, shapeOf(input));
  if (failed(window))
    return failure();
  input = toChannelsLast(node, input);
  weights = toChannelsLast(node, weights);
  auto shape = node.check(inferConv2DShape(shapeOf(input), shapeOf(weights),
                                           window->get(), groups));
  if (failed(shape))
    return failure();
  if (bias && shapeOf(bias) != ArrayRef<int64_t>(shape->back()))
    return node.error() << "expects a bias of shape [" << shape->back()
                        << "], got [" << shapeOf(bias) << "]";
  auto type = cast<RankedTensorType>(input.getType()).clone(*shape);
  auto conv = Conv2DOp::create(node.getBuilder(), node.getLoc(), type, input,
                               weights, bias, window->strides, window->pad,
                               window->dilations, groups,
                               /*clamp_min=*/FloatAttr(),
                               /*clamp_max=*/FloatAttr());
  return node.result(toChannelsFirst(node, conv, rank));
}

/// A matrix product; shapes must fit as for qnn.matmul.
static FailureOr<Value> createMatMul(NodeContext &node, Location loc, Value lhs,
                                     Value rhs, Value bias) {
  auto shape = node.check(inferMatMulShape(shapeOf(lhs), shapeOf(rhs)));
  if (failed(shape))
    return failure();
  auto type = cast<RankedTensorType>(lhs.getType()).clone(*shape);
  return MatMulOp::create(node.getBuilder(), loc, type, lhs, rhs, bias,
                          /*clamp_min=*/FloatAttr(), /*clamp_max=*/FloatAttr())
      .getResult();
}

static FailureOr<Value> createAdd(NodeContext &node, Value lhs, Value rhs) {
  auto shape = node.check(inferBroadcastShape(shapeOf(lhs), shapeOf(rhs)));
  if (failed(shape))
    return failure();
  if (ArrayRef<int64_t>(*shape) != shapeOf(lhs))
    return node.error() << "expects C to broadcast to [" << shapeOf(lhs)
                        << "], got [" << shapeOf(rhs) << "]";
  return AddOp::create(node.getBuilder(), node.getLoc(), lhs.getType(), lhs,
                       rhs, /*clamp_min=*/FloatAttr(),
                       /*clamp_max=*/FloatAttr())
      .getResult();
}

/// `value` times a number, which has a name.
static Value scale(NodeContext &node, Location loc, Value value, float factor,
                   StringRef factorName) {
  if (factor == 1)
    return value;
  Value scalar = node.constant(factor, {}, node.getLoc(factorName));
  return MulOp::create(node.getBuilder(), loc, value.getType(), value, scalar,
                       /*clamp_min=*/FloatAttr(),
                       /*clamp_max=*/FloatAttr());
}

/// C as a bias of [columns], or null if only an addition will do.
static Value getBias(NodeContext &node, Value addend, int64_t columns) {
  ArrayRef<int64_t> shape = shapeOf(addend);
  OpBuilder &builder = node.getBuilder();
  bool isRow = llvm::all_of(shape.drop_back(!shape.empty()),
                            [](int64_t extent) { return extent == 1; });
  if (!shape.empty() && isRow && shape.back() == columns)
    return reshape(builder, node.getLocOf(addend), addend, columns);
  DenseElementsAttr scalar;
  if (countElements(shape) != 1 || !matchPattern(addend, m_Constant(&scalar)))
    return {};
  return node.constant(scalar.getSplatValue<float>(), columns, addend.getLoc());
}

static LogicalResult importGemm(NodeContext &node) {
  Value lhs, rhs, addend;
  float alpha = 1, beta = 1;
  int64_t transA = 0, transB = 0;
  if (failed(node.operands(
          {{"A", lhs}, {"B", rhs}, {"C", addend, Presence::Optional}})) ||
      failed(node.attributes({{"alpha", alpha},
                              {"beta", beta},
                              {"transA", transA},
                              {"transB", transB}})))
    return failure();
  if (shapeOf(lhs).size() != 2 || shapeOf(rhs).size() != 2)
    return node.error() << "expects A and B of rank 2, got "
                        << shapeOf(lhs).size() << " and "
                        << shapeOf(rhs).size();
  OpBuilder &builder = node.getBuilder();
  if (transA)
    lhs = transpose(builder, node.getLocOf(lhs), lhs, {1, 0});
  if (transB)
    rhs = transpose(builder, node.getLocOf(rhs), rhs, {1, 0});
  if (beta == 0)
    addend = {};
  if (addend)
    addend = scale(node, node.getLoc("addend"), addend, beta, "beta");
  Value bias;
  if (addend && alpha == 1)
    bias = getBias(node, addend, shapeOf(rhs).back());

  bool isWhole = alpha == 1 && (!addend || bias);
  auto product =
      createMatMul(node, node.getLoc(isWhole ? "" : "product"), lhs, rhs, bias);
  if (failed(product))
    return failure();
  if (alpha != 1)
    *product = scale(node, node.getLoc(addend ? "scaled" : ""), *product, alpha,
                     "alpha");
  if (addend && !bias)
    product = createAdd(node, *product, addend);
  return failed(product) ? failure() : node.result(*product);
}

/// Makes the ranks what qnn.matmul wants: rhs of rank 2 or of the rank of lhs.
static void matchRanks(NodeContext &node, Value &lhs, Value &rhs) {
  OpBuilder &builder = node.getBuilder();
  auto reshapeTo = [&](Value value, ArrayRef<int64_t> shape) {
    return reshape(builder, node.getLocOf(value), value, shape);
  };
  if (shapeOf(lhs).size() == 1)
    lhs = reshapeTo(lhs, {1, shapeOf(lhs)[0]});
  if (shapeOf(rhs).size() == 1)
    rhs = reshapeTo(rhs, {shapeOf(rhs)[0], 1});
  ArrayRef<int64_t> shape = shapeOf(rhs);
  if (shape.size() <= 2 ||
      llvm::any_of(shape.drop_back(2), [](int64_t e) { return e != 1; }))
    return;
  // Leading unit axes broadcast, as an rhs of rank 2 does.
  Shape expanded(shapeOf(lhs));
  if (expanded.size() < shape.size())
    expanded.insert(expanded.begin(), shape.size() - expanded.size(), 1);
  lhs = reshapeTo(lhs, expanded);
  rhs = reshapeTo(rhs, shape.take_back(2));
}

static LogicalResult importMatMul(NodeContext &node) {
  Value lhs, rhs;
  if (failed(node.operands({{"A", lhs}, {"B", rhs}})) ||
      failed(node.attributes({})))
    return failure();
  size_t lhsRank = shapeOf(lhs).size(), rhsRank = shapeOf(rhs).size();
  if (lhsRank == 0 || rhsRank == 0)
    return node.error() << "expects operands of rank 1 or more";
  matchRanks(node, lhs, rhs);
  auto product = createMatMul(node, node.getLoc(), lhs, rhs, /*bias=*/{});
  if (failed(product))
    return failure();
  Shape shape(shapeOf(*product));
  if (rhsRank == 1)
    shape.pop_back();
  if (lhsRank == 1)
    shape.erase(shape.end() - (rhsRank == 1 ? 1 : 2));
  return node.result(
      reshape(node.getBuilder(), node.getLoc(), *product, shape));
}

ArrayRef<Handler> importer::getContractionHandlers() {
  static constexpr Handler handlers[] = {
      {"Conv", 1, importConv, "1-D and 2-D, all of auto_pad, groups"},
      {"ConvTranspose", 1, importConvTranspose,
       "1-D and 2-D, all attributes, constant weights and bias: a convolution "
       "to all phases of the result, which are interleaved"},
      {"Gemm", 7, importGemm, "all attributes; C broadcasts"},
      {"MatMul", 1, importMatMul,
       "leading axes are equal, or B has none (or only of extent 1)"},
  };
  return handlers;
}
