// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The variants, and the vector of the self-test.

#include "MultiTarget.h"
#include "mlir/IR/TypeUtilities.h"
#include "qnn/Codegen/CPU/TargetTable.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Execution/Rows.h"
#include "qnn/Pipelines/Lowering.h"
#include "qnn/Pipelines/RunPipeline.h"
#include "qnn/Support/Progress.h"
#include "llvm/TargetParser/Host.h"
#include <random>

using namespace mlir;
using namespace qnn;

/// Numbers as they come: bytes of all values, floats in [-1, 1).
static SmallVector<Tensor> createNoise(llvm::ArrayRef<Port> ports) {
  std::mt19937 random(1);
  SmallVector<Tensor> tensors;
  for (const Port &port : ports) {
    Tensor &tensor = tensors.emplace_back(port.shape, port.kind);
    if (port.kind == ElementKind::F32)
      for (float &value : tensor.data<float>())
        value = float(int32_t(random()) / 2147483648.0);
    else
      for (char &byte : tensor.getBytes())
        byte = char(random());
  }
  return tensors;
}

/// Whether the code multiplies and adds floats: see the target table's hasFma.
static bool multipliesFloats(ModuleOp module) {
  return module
      .walk([](Operation *op) {
        bool multiplies = isa<Conv2DOp, MatMulOp>(op) &&
                          getElementTypeOrSelf(op->getResult(0)).isF32();
        return multiplies ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

static llvm::Expected<SelfTest>
createSelfTest(ModuleOp module, llvm::ArrayRef<std::string> calibrationData) {
  ModelOrError reference = interpretModule(module);
  if (!reference)
    return reference.takeError();
  SmallVector<Tensor> inputs;
  if (calibrationData.empty()) {
    inputs = createNoise((*reference)->getInputs());
  } else {
    auto rows = InputRows::open(calibrationData, (*reference)->getInputs());
    if (!rows)
      return rows.takeError();
    auto first = rows->get(0);
    if (!first)
      return first.takeError();
    inputs = std::move(*first);
  }
  auto outputs = (*reference)->run(inputs);
  if (!outputs)
    return outputs.takeError();
  auto copyBytes = [](const Tensor &tensor) {
    llvm::ArrayRef<char> bytes = tensor.getBytes();
    return std::string(bytes.begin(), bytes.end());
  };
  SelfTest test;
  llvm::append_range(test.inputs, llvm::map_range(inputs, copyBytes));
  llvm::append_range(test.outputs, llvm::map_range(*outputs, copyBytes));
  test.needsFma = multipliesFloats(module);
  return test;
}

llvm::Expected<MultiTargetObject>
qnn::compileMultiTarget(ModuleOp module, const TargetOptions &options,
                        llvm::ArrayRef<std::string> calibrationData) {
  TargetOptions target = options;
  if (target.triple.empty())
    target.triple = llvm::sys::getProcessTriple();
  llvm::Triple triple(llvm::Triple::normalize(target.triple));
  SmallVector<StringRef> rows = getMultiTargetRows(triple);
  if (rows.size() < 2)
    return llvm::createStringError(
        "--target-cpu=multi: '" + target.triple +
        "' has no features that code could choose by at run time; name one "
        "CPU");
  // Variants add what they need to the least common CPU.
  target.cpu = triple.isX86() ? "x86-64" : "generic";
  auto test = createSelfTest(module, calibrationData);
  if (!test)
    return test.takeError();

  Activity activity("generating code");
  std::vector<OwningOpRef<ModuleOp>> owned;
  SmallVector<ModuleOp> variants;
  for (StringRef row : rows) {
    OwningOpRef<ModuleOp> &variant = owned.emplace_back(module.clone());
    (*variant)->setAttr(kTargetAttr, StringAttr::get(module.getContext(), row));
    auto build = [](OpPassManager &pm) {
      buildLowerPipeline(pm);
      buildCodegenPipeline(pm);
    };
    if (llvm::Error error = runPipeline(*variant, build))
      return std::move(error);
    variants.push_back(*variant);
  }
  return emitMultiTargetObject(variants, target, *test);
}
