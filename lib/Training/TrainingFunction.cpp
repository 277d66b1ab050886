// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arguments by role, results into buffers that are kept.

#include "qnn/Training/TrainingFunction.h"
#include "qnn/Training/RowOrder.h"

using namespace llvm;
using namespace qnn;

static Tensor makeTensor(const StepPort &port) {
  return Tensor(port.shape, port.kind);
}

Expected<TrainingFunction>
TrainingFunction::create(std::unique_ptr<ExecutableModel> model,
                         StepPorts ports) {
  TrainingFunction function;
  if (ports.arguments.size() != model->getInputs().size() ||
      ports.results.size() != model->getOutputs().size())
    return createStringError("the ports are of another function");
  for (const StepPort &port : ports.arguments) {
    if (port.role == StepRole::Input && function.batchSize == 0)
      function.batchSize = port.shape.empty() ? 1 : port.shape[0];
    if (port.role == StepRole::LearningRate)
      function.learningRate = makeTensor(port);
    if (port.role == StepRole::Step)
      function.step = makeTensor(port);
    if (port.role == StepRole::Seed)
      function.seed = makeTensor(port);
  }
  if (ports.results.empty() || ports.results.front().role != StepRole::Loss)
    return createStringError("the first result must be the loss");
  for (const StepPort &port : ports.results)
    function.results.push_back(makeTensor(port));
  function.model = std::move(model);
  function.ports = std::move(ports);
  return function;
}

Batch TrainingFunction::makeBatch() const {
  Batch batch;
  for (const StepPort &port : ports.arguments) {
    if (port.role == StepRole::Input)
      batch.inputs.push_back(makeTensor(port));
    if (port.role == StepRole::Label)
      batch.labels.push_back(makeTensor(port));
    if (port.role == StepRole::Teacher)
      batch.teachers.push_back(makeTensor(port));
  }
  return batch;
}

const Tensor &TrainingFunction::findArgument(const Batch &batch,
                                             const TensorMap &state,
                                             const StepPort &port) const {
  switch (port.role) {
  case StepRole::Input:
    return batch.inputs[port.number];
  case StepRole::Label:
    return batch.labels[port.number];
  case StepRole::Teacher:
    return batch.teachers[port.number];
  case StepRole::LearningRate:
    return *learningRate;
  case StepRole::Step:
    return *step;
  case StepRole::Seed:
    return *seed;
  case StepRole::Parameter:
  case StepRole::Scale:
  case StepRole::ZeroPoint:
  case StepRole::State:
  case StepRole::Mask:
    return state.find(port.name)->second;
  case StepRole::Loss:
  case StepRole::Output:
    break;
  }
  llvm_unreachable("arguments have no such role");
}

void TrainingFunction::setScalars(const StepScalars &scalars) {
  if (learningRate)
    learningRate->data<float>()[0] = float(scalars.learningRate);
  if (step)
    step->data<float>()[0] = float(scalars.step);
  if (!seed)
    return;
  SplitMix64 generator(scalars.seed, uint64_t(scalars.step));
  for (int32_t &value : seed->data<int32_t>())
    value = int32_t(uint32_t(generator.next()));
}

Error TrainingFunction::run(const Batch &batch, const TensorMap &state,
                            const StepScalars &scalars) {
  setScalars(scalars);
  SmallVector<const Tensor *> values;
  for (const StepPort &port : ports.arguments)
    values.push_back(&findArgument(batch, state, port));
  SmallVector<Tensor *> pointers;
  for (Tensor &result : results)
    pointers.push_back(&result);
  return model->runInto(values, pointers);
}

float TrainingFunction::getLoss() const {
  return results.front().data<float>()[0];
}

SmallVector<const Tensor *> TrainingFunction::getOutputs() const {
  SmallVector<const Tensor *> outputs;
  for (auto [port, result] : zip_equal(ports.results, results))
    if (port.role == StepRole::Output)
      outputs.push_back(&result);
  return outputs;
}

void TrainingFunction::exchange(TensorMap &state) {
  for (auto [port, result] : zip_equal(ports.results, results))
    if (isKept(port))
      std::swap(result, state.find(port.name)->second);
}
