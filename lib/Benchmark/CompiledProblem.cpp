// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a problem to checked machine code.

#include "qnn/Benchmark/CompiledProblem.h"
#include "FirstError.h"
#include "MatchesReference.h"
#include "mlir/Parser/Parser.h"
#include "qnn/Benchmark/BuildProblem.h"
#include "qnn/Driver/Summary.h"
#include "qnn/Execution/ExecutableModel.h"
#include "qnn/Pipelines/RunPipeline.h"
#include <cstring>

using namespace mlir;
using namespace qnn;

llvm::Error CompiledProblem::interpret(ModuleOp module, unsigned seed) {
  ModelOrError reference = interpretModule(module);
  if (!reference)
    return reference.takeError();
  // Another sequence than that of the constants.
  std::mt19937_64 random(~seed);
  SmallVector<Tensor> values;
  for (const Port &port : (*reference)->getInputs()) {
    values.emplace_back(port.shape, port.kind);
    isFloat &= port.kind == ElementKind::F32;
    fillRandomly(values.back(), random);
    llvm::ArrayRef<char> source = values.back().getBytes();
    inputs.emplace_back(source.size());
    llvm::copy(source, inputs.back().get().begin());
    inputPointers.push_back(inputs.back().get().data());
    bytes += source.size();
  }
  auto results = (*reference)->run(values);
  if (!results)
    return results.takeError();
  expected.assign(results->begin(), results->end());
  for (const Tensor &tensor : expected) {
    outputs.emplace_back(tensor.getBytes().size());
    outputPointers.push_back(outputs.back().get().data());
    bytes += tensor.getBytes().size();
  }
  bytes += countConstantBytes(module);
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<CompiledProblem>> CompiledProblem::create(
    const DialectRegistry &registry, const KernelSource &source,
    const TargetOptions &options, int64_t threads, unsigned seed) {
  // A context of its own, so that constants die with it.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  FirstError diagnostics(context);
  OwningOpRef<ModuleOp> module =
      source.module.empty()
          ? buildProblem(context, source.problem, seed)
          : parseSourceString<ModuleOp>(source.module, &context);
  if (!module)
    return diagnostics.explain(diagnosedError());
  std::unique_ptr<CompiledProblem> result(new CompiledProblem);
  if (llvm::Error error = result->interpret(*module, seed))
    return diagnostics.explain(std::move(error));
  llvm::Expected<std::string> row = findTargetName(options);
  if (!row)
    return row.takeError();
  result->target = *row;
  auto object = compileToObject(*module, options);
  if (!object)
    return diagnostics.explain(object.takeError());
  auto model = CompiledModel::loadObject(*object);
  if (!model)
    return model.takeError();
  result->model = std::move(*model);
  if (llvm::Error error = result->model->useThreads(threads))
    return std::move(error);
  return result;
}

llvm::Expected<bool> CompiledProblem::check() {
  for (const AlignedBytes &output : outputs)
    // Bytes that nothing writes must not be right by accident.
    std::memset(output.get().data(), 0x5A, output.get().size());
  if (llvm::Error error = run())
    return std::move(error);
  for (auto [output, tensor] : llvm::zip_equal(outputs, expected))
    if (!matchesReference(output.get(), tensor, isExactOn(target, isFloat)))
      return false;
  return true;
}
