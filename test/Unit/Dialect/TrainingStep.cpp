// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A training step of a model, run by the interpreter.

#include "TrainingStep.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include "qnn/Pipelines/Pipelines.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::test;

static std::string nameOf(DictionaryAttr attributes) {
  return cast<StringAttr>(attributes.get(kNameAttr)).str();
}

TrainingStep::TrainingStep(const std::string &model,
                           const std::string &options) {
  module = parseSourceString<ModuleOp>(model, &getContext());
  TrainingStepPipelineOptions parsed;
  if (!module || failed(parsed.parseFromString(options)))
    llvm::report_fatal_error("the model or the options do not parse");
  PassManager passes(&getContext());
  buildTrainingStepPipeline(passes, parsed);
  if (failed(passes.run(*module)))
    llvm::report_fatal_error("the model has no training step");
  function = module->lookupSymbol<func::FuncOp>("step");
  interpreter = std::make_unique<Interpreter>(function);
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    argumentNames.push_back(nameOf(function.getArgAttrDict(i)));
    values[argumentNames.back()] =
        llvm::cantFail(Tensor::fromType(function.getArgumentTypes()[i]));
  }
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    resultNames.push_back(nameOf(function.getResultAttrDict(i)));
}

Tensor &TrainingStep::operator[](const std::string &name) {
  EXPECT_TRUE(hasArgument(name)) << name;
  return values[name];
}

std::vector<float> TrainingStep::get(const std::string &name) {
  const Tensor &tensor = hasArgument(name) ? values[name] : outputs[name];
  return {tensor.data<float>().begin(), tensor.data<float>().end()};
}

void TrainingStep::set(const std::string &name,
                       const std::vector<float> &elements) {
  llvm::copy(elements, (*this)[name].data<float>().begin());
}

float TrainingStep::run() {
  std::vector<Tensor> inputs;
  for (const std::string &name : argumentNames)
    inputs.push_back(values[name]);
  auto results = interpreter->run(inputs);
  if (!results)
    llvm::report_fatal_error(results.takeError());
  for (auto [name, result] : llvm::zip_equal(resultNames, *results))
    (hasArgument(name) ? values : outputs)[name] = result;
  return get("loss").front();
}
