// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The driver's object, the module of a phase before it, and rows.

#include "CompiledFile.h"
#include "DriverOptions.h"
#include "FirstError.h"
#include "MatchesReference.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Execution/Rows.h"
#include "qnn/Pipelines/RunPipeline.h"

using namespace mlir;
using namespace qnn;

static double countOperations(ModuleOp module) {
  double count = 0;
  auto add = [&](Value result, Value weights, int64_t perWeights) {
    auto shape = cast<ShapedType>(weights.getType());
    count += 2.0 * double(cast<ShapedType>(result.getType()).getNumElements()) *
             double(shape.getNumElements() / perWeights);
  };
  module.walk([&](Operation *op) {
    if (auto conv = dyn_cast<Conv2DOp>(op))
      add(conv.getResult(), conv.getWeights(),
          cast<ShapedType>(conv.getWeights().getType()).getDimSize(0));
    if (auto matmul = dyn_cast<MatMulOp>(op)) {
      auto shape = cast<ShapedType>(matmul.getRhs().getType());
      add(matmul.getResult(), matmul.getRhs(),
          shape.getNumElements() / shape.getDimSize(shape.getRank() - 2));
    }
  });
  return count;
}

/// The path of the object among what the driver wrote.
static std::string findObject(const CompileSummary &summary) {
  for (const std::string &file : summary.files)
    if (StringRef(file).ends_with(".o"))
      return file;
  return "";
}

llvm::Error CompiledFile::interpret(ModuleOp module,
                                    llvm::ArrayRef<std::string> paths,
                                    int64_t count) {
  ModelOrError reference = interpretModule(module);
  if (!reference)
    return reference.takeError();
  auto rows = InputRows::open(paths, (*reference)->getInputs());
  if (!rows)
    return rows.takeError();
  for (int64_t row = 0; row < std::min(count, rows->size()); ++row) {
    auto inputs = rows->get(row);
    if (!inputs)
      return inputs.takeError();
    auto outputs = (*reference)->run(*inputs);
    if (!outputs)
      return outputs.takeError();
    Example &example = examples.emplace_back();
    example.inputs = std::move(*inputs);
    example.outputs = std::move(*outputs);
  }
  // Only now, since a vector that grows copies its elements.
  for (Example &example : examples)
    for (const Tensor &input : example.inputs)
      example.pointers.push_back(input.getBytes().data());
  for (const Tensor &output : examples.front().outputs) {
    results.emplace_back(output.getShape(), output.getKind());
    bytes += output.getBytes().size();
  }
  for (Tensor &result : results)
    resultPointers.push_back(result.getBytes().data());
  for (const Tensor &input : examples.front().inputs)
    bytes += input.getBytes().size();
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<CompiledFile>>
CompiledFile::create(const DialectRegistry &registry,
                     const ModelRequest &request, const TargetOptions &target,
                     bool isFloat, int64_t threads, int64_t rows) {
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  FirstError diagnostics(context);
  TemporaryFolder folder;
  auto options = makeCompileOptions(request, folder);
  if (!options)
    return options.takeError();
  options->target = target;
  options->floatModel = isFloat;
  if (isFloat)
    options->calibrationData.clear();
  options->dumpDirectory = folder.getPath();
  auto summary = compile(context, *options);
  if (!summary)
    return diagnostics.explain(summary.takeError());

  // What the reference interprets is what all further phases must keep.
  Phase phase = isFloat ? Phase::Prepare : Phase::Quantize;
  auto module = parseSourceFile<ModuleOp>(
      folder.append(llvm::Twine(static_cast<int>(phase)) + "-" +
                    stringifyPhase(phase) + ".mlir"),
      &context);
  if (!module)
    return diagnostics.explain(diagnosedError());
  std::unique_ptr<CompiledFile> result(new CompiledFile);
  if (llvm::Error error = result->interpret(*module, request.calibration, rows))
    return diagnostics.explain(std::move(error));
  result->operations = ::countOperations(*module);
  result->bytes += summary->weightBytes;
  llvm::Expected<std::string> row = findTargetName(target);
  if (!row)
    return row.takeError();
  result->target = *row;
  result->isExact = isExactOn(*row, isFloat);
  auto model = CompiledModel::loadFile(findObject(*summary));
  if (!model)
    return model.takeError();
  result->model = std::move(*model);
  if (llvm::Error error = result->model->useThreads(threads))
    return std::move(error);
  return result;
}

llvm::Error CompiledFile::run() {
  return model->run(examples.front().pointers, resultPointers);
}

llvm::Expected<bool> CompiledFile::check() {
  for (const Example &example : examples) {
    if (llvm::Error error = model->run(example.pointers, resultPointers))
      return std::move(error);
    for (auto [result, output] : llvm::zip_equal(results, example.outputs))
      if (!matchesReference(result.getBytes(), output, isExact))
        return false;
  }
  return true;
}
