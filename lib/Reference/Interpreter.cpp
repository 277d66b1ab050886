// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Preparation of the steps, and the loop that runs them.

#include "qnn/Reference/Interpreter.h"
#include "Kernels/Registry.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;
using llvm::Error;
using llvm::Expected;

static Error withContext(const Twine &context, Error error) {
  return makeError(context + ": " + llvm::toString(std::move(error)));
}

Interpreter::Interpreter(func::FuncOp function, Precision precision)
    : precision(precision) {
  if (Error error = prepare(function))
    preparationError = llvm::toString(std::move(error));
  findLastUses();
}

Error Interpreter::prepare(func::FuncOp function) {
  if (!function.getBody().hasOneBlock())
    return makeError("expects function '" + function.getName() +
                     "' to have one block");
  DenseMap<Value, size_t> numbers;
  for (BlockArgument argument : function.getArguments()) {
    Expected<Tensor> tensor = Tensor::fromType(argument.getType());
    if (!tensor)
      return withContext("argument " + Twine(argument.getArgNumber()),
                         tensor.takeError());
    bool isDouble =
        precision == Precision::Double && tensor->getKind() == ElementKind::F32;
    arguments.push_back(isDouble ? tensor->toDouble() : std::move(*tensor));
    numbers[argument] = constants.size();
    constants.push_back(nullptr);
  }
  for (Operation &op : function.getBody().front().without_terminator())
    if (Error error = prepareOperation(op, numbers))
      return error;
  for (Value value : function.getBody().front().getTerminator()->getOperands())
    results.push_back(numbers.at(value));
  return Error::success();
}

/// Whether an operation can be run in double precision: its kernel has an F64
/// form, or makes exact floats from integers.
static bool isFloatOperation(Operation &op) {
  if (isa<OneHotOp, RandomUniformOp>(op))
    return true;
  return llvm::all_of(op.getOperandTypes(), isFloatTensor) &&
         llvm::all_of(op.getResultTypes(), isFloatTensor) &&
         !isa<RescaleOp>(op);
}

Error Interpreter::prepareOperation(Operation &op,
                                    DenseMap<Value, size_t> &numbers) {
  Step step;
  step.description =
      (op.getName().getStringRef() + " of node '" + getNodeName(&op) + "'")
          .str();
  for (Value operand : op.getOperands())
    step.operands.push_back(numbers.at(operand));
  if (auto observe = dyn_cast<ObserveOp>(op)) {
    step.observedName = observe.getName().str();
    steps.push_back(std::move(step));
    return Error::success();
  }
  if (precision == Precision::Double && !isFloatOperation(op))
    return makeError(step.description + " cannot be run in double precision");
  KernelFactory factory = lookUpKernel(op.getName().getStringRef());
  if (!factory || op.getNumResults() != 1)
    return makeError(step.description + " has no reference kernel");
  Expected<Tensor> resultType = Tensor::fromType(op.getResult(0).getType());
  if (!resultType)
    return withContext(step.description, resultType.takeError());
  Expected<Kernel> kernel = factory(&op);
  if (!kernel)
    return withContext(step.description, kernel.takeError());
  step.kernel = std::move(*kernel);
  step.result = constants.size();
  numbers[op.getResult(0)] = step.result;
  constants.push_back(nullptr);
  if (llvm::all_of(step.operands, [&](size_t i) { return !!constants[i]; }))
    return foldStep(step);
  steps.push_back(std::move(step));
  return Error::success();
}

/// Runs a step now because it depends on constants only.
Error Interpreter::foldStep(const Step &step) {
  SmallVector<const Tensor *> operands;
  for (size_t operand : step.operands)
    operands.push_back(constants[operand].get());
  Expected<Tensor> result = runKernel(step, operands);
  if (!result)
    return result.takeError();
  constants[step.result] = std::make_unique<Tensor>(std::move(*result));
  return Error::success();
}

Expected<Tensor>
Interpreter::runKernel(const Step &step,
                       ArrayRef<const Tensor *> operands) const {
  Expected<Tensor> result = step.kernel(operands);
  if (!result)
    return withContext(step.description, result.takeError());
  if (precision == Precision::Double && result->getKind() == ElementKind::F32)
    return result->toDouble();
  return result;
}

void Interpreter::findLastUses() {
  llvm::SmallDenseSet<size_t> live(results.begin(), results.end());
  for (Step &step : llvm::reverse(steps)) {
    if (step.kernel && live.insert(step.result).second)
      step.lastUses.push_back(step.result);
    for (size_t operand : step.operands)
      if (live.insert(operand).second)
        step.lastUses.push_back(operand);
  }
}

Error Interpreter::checkInputs(ArrayRef<Tensor> inputs) const {
  if (!preparationError.empty())
    return makeError(preparationError);
  if (inputs.size() != arguments.size())
    return makeError("expects " + Twine(arguments.size()) + " inputs, got " +
                     Twine(inputs.size()));
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].getShape() != arguments[i].getShape())
      return makeError("input " + Twine(i) + " has the wrong shape");
    if (inputs[i].getKind() != arguments[i].getKind())
      return makeError("input " + Twine(i) + " has elements of kind " +
                       stringifyElementKind(inputs[i].getKind()) +
                       ", expects " +
                       stringifyElementKind(arguments[i].getKind()));
  }
  return Error::success();
}

Expected<SmallVector<Tensor>> Interpreter::run(ArrayRef<Tensor> inputs) const {
  if (Error error = checkInputs(inputs))
    return error;
  std::vector<Tensor> owned(constants.size());
  std::vector<const Tensor *> values(constants.size());
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = i < inputs.size() ? &inputs[i] : constants[i].get();

  for (const Step &step : steps) {
    SmallVector<const Tensor *> operands;
    for (size_t operand : step.operands)
      operands.push_back(values[operand]);
    if (step.kernel) {
      Expected<Tensor> result = runKernel(step, operands);
      if (!result)
        return result.takeError();
      owned[step.result] = std::move(*result);
      values[step.result] = &owned[step.result];
    } else if (observer) {
      observer(step.observedName, *operands.front());
    }
    for (size_t value : step.lastUses)
      owned[value] = Tensor();
  }
  SmallVector<Tensor> outputs;
  for (size_t result : results)
    outputs.push_back(*values[result]);
  return outputs;
}
