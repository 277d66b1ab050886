// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a function and runs it against the reference interpreter.

#include "CompareModels.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Codegen/CPU/TargetTable.h"
#include "qnn/InitAll.h"
#include "qnn/Pipelines/Lowering.h"
#include "qnn/Reference/Interpreter.h"
#include "qnn/Target/CompiledModel.h"
#include "qnn/Target/Object.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include "gtest/gtest.h"
#include <cstdlib>
#include <cstring>

using namespace mlir;
using namespace qnn;

std::string qnn::dims(const std::vector<int64_t> &shape) {
  std::string text;
  for (int64_t extent : shape)
    text += std::to_string(extent) + "x";
  return text;
}

static std::string hexConstant(ArrayRef<uint8_t> bytes) {
  return "dense<\"0x" + llvm::toHex(bytes) + "\">";
}

static int64_t countElements(const std::vector<int64_t> &shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

std::string qnn::randomCodes(Choices &choices,
                             const std::vector<int64_t> &shape,
                             unsigned width) {
  std::vector<uint8_t> bytes(countElements(shape) * width / 8);
  for (uint8_t &byte : bytes)
    byte = choices.between(0, 3) ? choices.between(0, 255)
                                 : choices.oneOf({0, 127, 128, 255});
  return hexConstant(bytes);
}

/// Whether code for this CPU rounds products and sums once, as the reference.
static bool hasFma(const std::string &cpu) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  TargetOptions target;
  target.cpu = StringRef(cpu).split('/').first.str();
  llvm::cantFail(setTarget(*module, target));
  return getTargetRow(*module)->hasFma;
}

std::string qnn::randomFloats(Choices &choices,
                              const std::vector<int64_t> &shape,
                              const std::string &cpu) {
  int64_t step = hasFma(cpu) ? 1 : 250;
  std::vector<uint8_t> bytes(4 * countElements(shape));
  for (size_t i = 0; i < bytes.size(); i += 4) {
    float value = float(choices.between(-2000, 2000) / step * step) / 1000.0f;
    std::memcpy(&bytes[i], &value, 4);
  }
  return hexConstant(bytes);
}

static void fill(Tensor &tensor, Choices &choices) {
  if (tensor.getKind() == ElementKind::F32) {
    for (float &value : tensor.data<float>())
      value = float(choices.between(-1200, 1200)) / 4.0f;
    return;
  }
  // Wider codes stay small, so that accumulators do not overflow.
  size_t size = getElementSize(tensor.getKind());
  MutableArrayRef<char> bytes = tensor.getBytes();
  for (size_t i = 0; i < bytes.size(); i += size) {
    int64_t value = choices.between(0, 3)
                        ? choices.between(-128, 127)
                        : choices.oneOf<int64_t>({0, 127, -128, -1});
    std::memcpy(&bytes[i], &value, size);
  }
}

static OwningOpRef<ModuleOp> parse(MLIRContext &context,
                                   const std::string &function) {
  auto module = parseSourceString<ModuleOp>(function, &context);
  EXPECT_TRUE(module) << "does not parse";
  return module;
}

static std::unique_ptr<CompiledModel> compile(ModuleOp module,
                                              const std::string &cpu) {
  auto [name, row] = StringRef(cpu).split('/');
  TargetOptions target;
  target.cpu = name.str();
  if (llvm::Error error = setTarget(module, target)) {
    ADD_FAILURE() << llvm::toString(std::move(error));
    return nullptr;
  }
  if (!row.empty())
    module->setAttr(kTargetAttr, StringAttr::get(module.getContext(), row));
  PassManager pm(module.getContext());
  buildLowerPipeline(pm);
  // Even small kernels are shared, so that every split is tested.
  CodegenPipelineOptions codegen;
  codegen.minSharedWork = 0;
  buildCodegenPipeline(pm, codegen);
  if (failed(pm.run(module))) {
    ADD_FAILURE() << "lowering failed";
    return nullptr;
  }
  auto object = emitObject(module, target);
  if (!object) {
    ADD_FAILURE() << llvm::toString(object.takeError());
    return nullptr;
  }
  auto model = CompiledModel::loadObject(*object);
  if (!model) {
    ADD_FAILURE() << llvm::toString(model.takeError());
    return nullptr;
  }
  return std::move(*model);
}

std::vector<std::string> qnn::runnableCPUs() {
  std::vector<std::string> cpus{""};
  llvm::Triple host(llvm::sys::getProcessTriple());
  if (host.getArch() != llvm::Triple::x86_64)
    return cpus;
  if (std::getenv("QNN_QUICK"))
    return {"", "x86-64/generic"};
  cpus.push_back("x86-64");
  // The row of portable operations runs on any CPU.
  cpus.push_back("x86-64/generic");
  auto features = llvm::sys::getHostCPUFeatures();
  std::pair<const char *, const char *> candidates[] = {
      {"x86-64-v2", "sse4.2"},          {"haswell", "avx2"},
      {"skylake-avx512", "avx512bw"},   {"cascadelake", "avx512vnni"},
      {"icelake-server", "avx512vbmi"}, {"alderlake", "avxvnni"}};
  for (auto [cpu, feature] : candidates)
    if (features.lookup(feature))
      cpus.push_back(cpu);
  return cpus;
}

static void expectSameBytesOf(ModuleOp module, ArrayRef<Tensor> inputs,
                              const std::string &cpu) {
  auto source = *module.getOps<func::FuncOp>().begin();
  auto expected = Interpreter(source).run(inputs);
  ASSERT_TRUE(bool(expected)) << llvm::toString(expected.takeError());

  auto model = compile(module, cpu);
  if (!model)
    return;
  SmallVector<Tensor> results;
  SmallVector<const void *> inputPointers;
  SmallVector<void *> resultPointers;
  for (const Tensor &tensor : *expected)
    results.emplace_back(tensor.getShape(), tensor.getKind());
  for (const Tensor &tensor : inputs)
    inputPointers.push_back(tensor.getBytes().data());
  for (Tensor &tensor : results)
    resultPointers.push_back(tensor.getBytes().data());
  // Again, because the arena then holds what the first run left, and with the
  // work shared.
  for (unsigned threads : {1, 1, 3}) {
    // What a run leaves out must not be found from the run before.
    for (Tensor &result : results)
      llvm::fill(result.getBytes(), char(0x5a));
    llvm::Error refusal = model->useThreads(threads);
    ASSERT_FALSE(bool(refusal)) << llvm::toString(std::move(refusal));
    llvm::Error error = model->run(inputPointers, resultPointers);
    ASSERT_FALSE(bool(error)) << llvm::toString(std::move(error));
    for (auto [result, reference] : llvm::zip_equal(results, *expected))
      EXPECT_TRUE(result == reference) << "results differ";
  }
}

static DialectRegistry getRegistry() {
  DialectRegistry registry;
  registerAllDialects(registry);
  return registry;
}

void qnn::expectSameBytes(const std::string &function, unsigned seed,
                          const std::string &cpu) {
  SCOPED_TRACE("CPU '" + cpu + "', " + function);
  MLIRContext context(getRegistry(), MLIRContext::Threading::DISABLED);
  auto module = parse(context, function);
  if (!module)
    return;
  auto source = *module->getOps<func::FuncOp>().begin();
  Choices choices(seed);
  SmallVector<Tensor> inputs;
  for (Type type : source.getArgumentTypes()) {
    inputs.push_back(llvm::cantFail(Tensor::fromType(type)));
    fill(inputs.back(), choices);
  }
  expectSameBytesOf(*module, inputs, cpu);
}

void qnn::expectSameBytesOn(const std::string &function,
                            ArrayRef<Tensor> inputs) {
  SCOPED_TRACE(function);
  MLIRContext context(getRegistry(), MLIRContext::Threading::DISABLED);
  if (auto module = parse(context, function))
    expectSameBytesOf(*module, inputs, /*cpu=*/"");
}
