// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes a quantized model apart.

#include "qnn/Benchmark/Layers.h"
#include "DriverOptions.h"
#include "FirstError.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Parser/Parser.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Pipelines/RunPipeline.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace qnn;

/// The model after the phase `quantize`.
static llvm::Expected<OwningOpRef<ModuleOp>>
quantizeModel(MLIRContext &context, const ModelRequest &request) {
  TemporaryFolder folder;
  auto options = makeCompileOptions(request, folder);
  if (!options)
    return options.takeError();
  options->compileTo = Phase::Quantize;
  auto summary = compile(context, *options);
  if (!summary)
    return summary.takeError();
  for (const std::string &file : summary->files)
    if (StringRef(file).ends_with(".mlir"))
      if (auto module = parseSourceFile<ModuleOp>(file, &context))
        return module;
  return diagnosedError();
}

/// The operation with its constants in a function of its own.
static std::string isolate(Operation *op) {
  OpBuilder builder(op->getContext());
  OwningOpRef<ModuleOp> module = ModuleOp::create(op->getLoc());
  builder.setInsertionPointToEnd(module->getBody());
  auto func = func::FuncOp::create(builder, op->getLoc(), "layer",
                                   builder.getFunctionType({}, {}));
  builder.setInsertionPointToEnd(func.addEntryBlock());
  IRMapping mapping;
  for (Value operand : op->getOperands()) {
    if (mapping.contains(operand))
      continue;
    Operation *constant = operand.getDefiningOp();
    if (constant && constant->getNumOperands() == 0)
      builder.clone(*constant, mapping);
    else
      mapping.map(operand,
                  func.front().addArgument(operand.getType(), op->getLoc()));
  }
  Operation *copy = builder.clone(*op, mapping);
  func::ReturnOp::create(builder, op->getLoc(), copy->getResults());
  func.setType(builder.getFunctionType(func.front().getArgumentTypes(),
                                       copy->getResultTypes()));
  std::string text;
  llvm::raw_string_ostream os(text);
  module->print(os);
  return text;
}

/// "u8" or "s8", or nothing for other types.
static std::string getTypeWord(Value value) {
  auto kind =
      getElementKind(cast<ShapedType>(value.getType()).getElementType());
  if (!kind) {
    llvm::consumeError(kind.takeError());
    return "";
  }
  if (*kind != ElementKind::U8 && *kind != ElementKind::S8)
    return "";
  return stringifyElementKind(*kind).str();
}

static std::string describeTypes(Value input, Value weights, Value result,
                                 std::optional<APFloat> clampMin,
                                 std::optional<APFloat> clampMax) {
  auto type = getQuantizedElementType(weights.getType());
  bool perChannel =
      type &&
      type.getNumGroups(cast<ShapedType>(weights.getType()).getShape()) > 1;
  bool isRelu = clampMin && clampMin->isZero();
  return " in=" + getTypeWord(input) + " weights=" + getTypeWord(weights) +
         " out=" + getTypeWord(result) + (perChannel ? "" : " scales=tensor") +
         (!isRelu    ? ""
          : clampMax ? " epilogue=relu6"
                     : " epilogue=relu");
}

static std::string joinNumbers(ArrayRef<int64_t> numbers) {
  return llvm::join(
      llvm::map_range(numbers,
                      [](int64_t number) { return std::to_string(number); }),
      ",");
}

static std::string describe(Conv2DOp op) {
  auto shapeOf = [](Value value) {
    return cast<ShapedType>(value.getType()).getShape();
  };
  ArrayRef<int64_t> image = shapeOf(op.getInput());
  ArrayRef<int64_t> weights = shapeOf(op.getWeights());
  int64_t channels = image[3], groups = op.getGroups();
  bool isDepthwise = groups > 1 && groups == channels;
  std::string text = isDepthwise ? "depthwise" : "conv";
  for (auto [key, extent] : llvm::zip_equal(StringRef("nhwc"), image))
    text += std::string(" ") + key + "=" + std::to_string(extent);
  if (isDepthwise)
    text += " multiplier=" + std::to_string(weights[0] / channels);
  else
    text += " o=" + std::to_string(weights[0]) +
            " groups=" + std::to_string(groups);
  return text + " kh=" + std::to_string(weights[1]) +
         " kw=" + std::to_string(weights[2]) +
         " stride=" + joinNumbers(op.getStrides()) +
         " pad=" + joinNumbers(op.getPad()) +
         " dilation=" + joinNumbers(op.getDilations()) +
         describeTypes(op.getInput(), op.getWeights(), op.getResult(),
                       op.getClampMin(), op.getClampMax());
}

static std::string describe(MatMulOp op) {
  ArrayRef<int64_t> left = cast<ShapedType>(op.getLhs().getType()).getShape();
  ArrayRef<int64_t> right = cast<ShapedType>(op.getRhs().getType()).getShape();
  // A batch with one right side is a product with more rows.
  int64_t rows = ShapedType::getNumElements(left.drop_back());
  return "gemm m=" + std::to_string(rows) +
         " n=" + std::to_string(right.back()) +
         " k=" + std::to_string(left.back()) +
         describeTypes(op.getLhs(), op.getRhs(), op.getResult(),
                       op.getClampMin(), op.getClampMax());
}

/// What stands for the operation in a list; empty if it is no contraction of
/// bytes with constants.
static std::string describe(Operation *op) {
  if (op->getNumOperands() < 2 ||
      !op->getOperand(1).getDefiningOp<qnn::ConstantOp>())
    return "";
  for (Value value :
       {op->getOperand(0), op->getOperand(1), Value(op->getResult(0))})
    if (getTypeWord(value).empty())
      return "";
  if (auto conv = dyn_cast<Conv2DOp>(op))
    return describe(conv);
  if (auto matmul = dyn_cast<MatMulOp>(op))
    return describe(matmul);
  return "";
}

llvm::Expected<std::vector<KernelSource>>
qnn::extractLayers(const DialectRegistry &registry,
                   const ModelRequest &request) {
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  FirstError diagnostics(context);
  auto module = quantizeModel(context, request);
  if (!module)
    return llvm::createStringError(
        request.path + ": " +
        llvm::toString(diagnostics.explain(module.takeError())));
  std::string model = llvm::sys::path::stem(request.path).str();
  std::vector<KernelSource> layers;
  llvm::Error failure = llvm::Error::success();
  (**module).walk([&](Operation *op) {
    std::string text = describe(op);
    if (text.empty())
      return WalkResult::advance();
    llvm::Expected<Problem> problem = Problem::parse(text);
    if (!problem) {
      failure = problem.takeError();
      return WalkResult::interrupt();
    }
    layers.push_back({model + " " + getNodeName(op) + ": " + text,
                      std::move(*problem), isolate(op)});
    return WalkResult::advance();
  });
  if (failure)
    return std::move(failure);
  return layers;
}
