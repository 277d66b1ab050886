// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One object for several rows of the target table: each variant keeps its code
// and constants, the entries choose by what the CPU has.

#include "qnn/Target/MultiTarget.h"
#include "CPUFeatures.h"
#include "Emission.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "qnn/Codegen/CPU/TargetTable.h"
#include "llvm/Linker/Linker.h"
#include <numeric>

using namespace mlir;
using namespace qnn;

/// Every feature of the row that is named in the table.
static SmallVector<StringRef> getFeatures(const TargetRow &row) {
  SmallVector<StringRef> features;
  row.features.split(features, ',', -1, /*KeepEmpty=*/false);
  return features;
}

/// Whether every CPU of the triple has the feature.
static bool isBaseline(const llvm::Triple &triple, StringRef feature) {
  return triple.getArch() == llvm::Triple::x86_64 && feature == "sse2";
}

llvm::SmallVector<StringRef>
qnn::getMultiTargetRows(const llvm::Triple &triple) {
  SmallVector<StringRef> detectable = getDetectableFeatures(triple), rows;
  for (const TargetRow &row : getTargetTable()) {
    // Only tables are faster than by the row below: not worth its bytes.
    if (row.permutesBytes)
      continue;
    bool fits =
        row.arch == llvm::Triple::UnknownArch || row.arch == triple.getArch();
    SmallVector<StringRef> features = getFeatures(row);
    if (!fits || !llvm::all_of(features, [&](StringRef feature) {
          return llvm::is_contained(detectable, feature);
        }))
      continue;
    rows.push_back(row.name);
    // Every CPU can run it: what follows would never be chosen.
    if (llvm::all_of(features, [&](StringRef feature) {
          return isBaseline(triple, feature);
        }))
      break;
  }
  return rows;
}

namespace {

class MultiTargetEmitter {
public:
  MultiTargetEmitter(ArrayRef<ModuleOp> variants, const TargetOptions &options)
      : variants(variants), options(options) {}

  llvm::Expected<MultiTargetObject> emit(const SelfTest &test);

private:
  struct Variant {
    const TargetRow *row;
    /// The entries: alone and parallel.
    llvm::Function *entry, *parallelEntry;
    /// i1(): whether this CPU can run it.
    llvm::Function *isSupported;
  };

  llvm::Error addVariant(ModuleOp module);
  void createIsSupported(Variant &variant);
  void createChoice();
  void createDispatch(const std::string &name,
                      llvm::Function *Variant::*member);
  void createSelfTest(const SelfTest &test);
  void repeatRow(llvm::IRBuilder<> &builder, llvm::Constant *row,
                 llvm::Constant *rows, size_t size);
  void emitTest(llvm::IRBuilder<> &builder, const Variant &variant, int number,
                ArrayRef<llvm::Value *> arguments,
                ArrayRef<llvm::Constant *> expected);
  void emitComparison(llvm::IRBuilder<> &builder, llvm::Function *function,
                      llvm::Constant *expected, llvm::Value *actual,
                      llvm::BasicBlock *different);

  llvm::Function *createFunction(const std::string &name,
                                 llvm::FunctionType *type) {
    auto *function = llvm::Function::Create(
        type, llvm::GlobalValue::ExternalLinkage, name, *translation.module);
    function->addFnAttr(llvm::Attribute::NoUnwind);
    return function;
  }
  std::string symbol(const llvm::Twine &suffix) const {
    return (translation.metadata.name + suffix).str();
  }

  ArrayRef<ModuleOp> variants;
  const TargetOptions &options;
  Translation translation;
  SmallVector<Variant> linked;
  /// Of the self-test: one of each block.
  int64_t testRows = 1;
  /// i32(): number of the first variant that this CPU can run.
  llvm::Function *choice = nullptr;
};

} // namespace

/// Features differ between functions of one module: LLVM knows them by
/// attributes.
static void setFeatures(llvm::Module &module, const TargetRow &row) {
  std::string features;
  for (StringRef feature : getFeatures(row))
    features += (features.empty() ? "+" : ",+") + feature.str();
  if (features.empty())
    return;
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.addFnAttr("target-features", features);
}

llvm::Error MultiTargetEmitter::addVariant(ModuleOp module) {
  auto metadata = getMetadata(module);
  if (!metadata)
    return metadata.takeError();
  const TargetRow *row = getTargetRow(module);
  assert(row && "qnn-codegen-pipeline needs a row of the table");
  auto code = translateToLLVM(module, *metadata, *translation.machine,
                              translation.context);
  if (!code)
    return code.takeError();
  setFeatures(**code, *row);
  // Names for linking: those of the first variant must not be taken by others.
  std::string suffix = ("." + row->name).str();
  Variant variant{row, nullptr, nullptr, nullptr};
  std::string entry = metadata->entrySymbol() + suffix;
  std::string parallel = metadata->parallelEntrySymbol() + suffix;
  (*code)->getFunction(metadata->entrySymbol())->setName(entry);
  (*code)->getFunction(metadata->parallelEntrySymbol())->setName(parallel);
  hideAllBut(**code, {entry, parallel});
  if (!translation.module) {
    translation.metadata = *metadata;
    translation.module = std::move(*code);
  } else {
    [[maybe_unused]] bool isClash =
        llvm::Linker::linkModules(*translation.module, std::move(*code));
    assert(!isClash && "each variant is for another row");
  }
  variant.entry = translation.module->getFunction(entry);
  variant.parallelEntry = translation.module->getFunction(parallel);
  translation.metadata.arenaBytes =
      std::max(translation.metadata.arenaBytes, metadata->arenaBytes);
  testRows = std::max(testRows,
                      std::accumulate(metadata->rowBlocks.begin(),
                                      metadata->rowBlocks.end(), int64_t(0)));
  linked.push_back(variant);
  return llvm::Error::success();
}

void MultiTargetEmitter::createIsSupported(Variant &variant) {
  llvm::IRBuilder<> builder(translation.context);
  variant.isSupported =
      createFunction(symbol("_supports_" + variant.row->name),
                     llvm::FunctionType::get(builder.getInt1Ty(), false));
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(translation.context, "", variant.isSupported));
  builder.CreateRet(emitHasFeatures(builder,
                                    translation.module->getTargetTriple(),
                                    getFeatures(*variant.row)));
}

/// Asks once and keeps the answer. Threads that ask at the same time store the
/// same one.
void MultiTargetEmitter::createChoice() {
  llvm::LLVMContext &context = translation.context;
  llvm::IRBuilder<> builder(context);
  llvm::IntegerType *i32 = builder.getInt32Ty();
  auto *cache =
      new llvm::GlobalVariable(*translation.module, i32, /*isConstant=*/false,
                               llvm::GlobalValue::PrivateLinkage,
                               builder.getInt32(-1), symbol("_variant"));
  choice =
      createFunction(symbol("_choose"), llvm::FunctionType::get(i32, false));
  auto *entry = llvm::BasicBlock::Create(context, "", choice);
  auto *known = llvm::BasicBlock::Create(context, "known", choice);
  auto *ask = llvm::BasicBlock::Create(context, "ask", choice);
  builder.SetInsertPoint(entry);
  auto *cached = builder.CreateAlignedLoad(i32, cache, llvm::Align(4));
  cached->setAtomic(llvm::AtomicOrdering::Monotonic);
  builder.CreateCondBr(builder.CreateICmpSGE(cached, builder.getInt32(0)),
                       known, ask);
  builder.SetInsertPoint(known);
  builder.CreateRet(cached);
  builder.SetInsertPoint(ask);
  llvm::Value *number = builder.getInt32(linked.size() - 1);
  for (size_t i = linked.size() - 1; i-- > 0;)
    number = builder.CreateSelect(builder.CreateCall(linked[i].isSupported),
                                  builder.getInt32(i), number);
  auto *store = builder.CreateAlignedStore(number, cache, llvm::Align(4));
  store->setAtomic(llvm::AtomicOrdering::Monotonic);
  builder.CreateRet(number);
}

void MultiTargetEmitter::createDispatch(const std::string &name,
                                        llvm::Function *Variant::*member) {
  llvm::LLVMContext &context = translation.context;
  llvm::IRBuilder<> builder(context);
  llvm::Function *function =
      createFunction(name, (linked.front().*member)->getFunctionType());
  SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : function->args())
    arguments.push_back(&argument);
  auto createCall = [&](const Variant &variant) {
    auto *block =
        llvm::BasicBlock::Create(context, variant.row->name, function);
    builder.SetInsertPoint(block);
    auto *call = builder.CreateCall(variant.*member, arguments);
    call->setTailCall();
    builder.CreateRet(call);
    return block;
  };
  auto *entry = llvm::BasicBlock::Create(context, "", function);
  llvm::BasicBlock *last = createCall(linked.back());
  builder.SetInsertPoint(entry);
  auto *jump = builder.CreateSwitch(builder.CreateCall(choice), last);
  for (size_t i = 0; i + 1 < linked.size(); ++i)
    jump->addCase(builder.getInt32(i), createCall(linked[i]));
}

/// Goes to `different` at the first byte of any row that differs, on otherwise.
void MultiTargetEmitter::emitComparison(llvm::IRBuilder<> &builder,
                                        llvm::Function *function,
                                        llvm::Constant *expected,
                                        llvm::Value *actual,
                                        llvm::BasicBlock *different) {
  llvm::LLVMContext &context = translation.context;
  auto *values = cast<llvm::GlobalVariable>(expected);
  llvm::Value *size = builder.getInt64(
      cast<llvm::ArrayType>(values->getValueType())->getNumElements());
  llvm::BasicBlock *before = builder.GetInsertBlock();
  auto *loop = llvm::BasicBlock::Create(context, "compare", function);
  auto *next = llvm::BasicBlock::Create(context, "next", function);
  auto *equal = llvm::BasicBlock::Create(context, "equal", function);
  llvm::Value *zero = builder.getInt64(0);
  builder.CreateBr(loop);
  builder.SetInsertPoint(loop);
  llvm::PHINode *index = builder.CreatePHI(builder.getInt64Ty(), 2);
  auto load = [&](llvm::Value *base, llvm::Value *at) {
    return builder.CreateLoad(builder.getInt8Ty(),
                              builder.CreateGEP(builder.getInt8Ty(), base, at));
  };
  llvm::Value *left = load(expected, builder.CreateURem(index, size));
  llvm::Value *right = load(actual, index);
  builder.CreateCondBr(builder.CreateICmpEQ(left, right), next, different);
  builder.SetInsertPoint(next);
  llvm::Value *step = builder.CreateAdd(index, builder.getInt64(1));
  llvm::Value *end = builder.CreateMul(size, builder.getInt64(testRows));
  builder.CreateCondBr(builder.CreateICmpULT(step, end), loop, equal);
  index->addIncoming(zero, before);
  index->addIncoming(step, next);
  builder.SetInsertPoint(equal);
}

/// One row is stored; it is copied as often as the test needs it.
void MultiTargetEmitter::repeatRow(llvm::IRBuilder<> &builder,
                                   llvm::Constant *row, llvm::Constant *rows,
                                   size_t size) {
  if (row == rows)
    return;
  for (int64_t i = 0; i < testRows; ++i) {
    llvm::Value *target =
        builder.CreateConstGEP1_64(builder.getInt8Ty(), rows, i * size);
    builder.CreateMemCpy(target, llvm::Align(1), row, llvm::Align(1), size);
  }
}

/// Returns `number` if the variant can be run and an output, which is among the
/// arguments behind the inputs, is not as expected.
void MultiTargetEmitter::emitTest(llvm::IRBuilder<> &builder,
                                  const Variant &variant, int number,
                                  ArrayRef<llvm::Value *> arguments,
                                  ArrayRef<llvm::Constant *> expected) {
  llvm::LLVMContext &context = translation.context;
  llvm::Function *function = builder.GetInsertBlock()->getParent();
  auto *run = llvm::BasicBlock::Create(context, "run", function);
  auto *different = llvm::BasicBlock::Create(context, "different", function);
  auto *done = llvm::BasicBlock::Create(context, "done", function);
  builder.CreateCondBr(builder.CreateCall(variant.isSupported), run, done);
  builder.SetInsertPoint(run);
  builder.CreateCall(variant.entry, arguments);
  auto outputs = arguments.drop_front(translation.metadata.inputs.size());
  for (auto [bytes, output] : llvm::zip_first(expected, outputs))
    emitComparison(builder, function, bytes, output, different);
  builder.CreateBr(done);
  builder.SetInsertPoint(different);
  builder.CreateRet(builder.getInt32(number));
  builder.SetInsertPoint(done);
}

void MultiTargetEmitter::createSelfTest(const SelfTest &test) {
  llvm::LLVMContext &context = translation.context;
  llvm::IRBuilder<> builder(context);
  llvm::Module &module = *translation.module;
  auto createGlobal = [&](llvm::Constant *value, bool isConstant) {
    auto *global = new llvm::GlobalVariable(
        module, value->getType(), isConstant, llvm::GlobalValue::PrivateLinkage,
        value, symbol("_selftest_data"));
    global->setAlignment(llvm::Align(kArenaAlignment));
    return global;
  };
  auto createScratch = [&](int64_t bytes) {
    auto *type = llvm::ArrayType::get(builder.getInt8Ty(), bytes);
    return createGlobal(llvm::ConstantAggregateZero::get(type), false);
  };
  auto createBytes = [&](const std::string &bytes) {
    return createGlobal(llvm::ConstantDataArray::getString(context, bytes,
                                                           /*AddNull=*/false),
                        true);
  };
  llvm::Function *function =
      createFunction(translation.metadata.selfTestSymbol(),
                     llvm::FunctionType::get(builder.getInt32Ty(), false));
  builder.SetInsertPoint(llvm::BasicBlock::Create(context, "", function));
  SmallVector<llvm::Value *> arguments;
  SmallVector<llvm::Constant *> expected;
  for (const std::string &bytes : test.inputs) {
    llvm::Constant *row = createBytes(bytes);
    llvm::Constant *rows =
        testRows > 1 ? createScratch(bytes.size() * testRows) : row;
    repeatRow(builder, row, rows, bytes.size());
    arguments.push_back(rows);
  }
  for (const std::string &bytes : test.outputs) {
    expected.push_back(createBytes(bytes));
    arguments.push_back(createScratch(bytes.size() * testRows));
  }
  if (translation.metadata.takesRows())
    arguments.push_back(builder.getInt64(testRows));
  arguments.push_back(createScratch(
      std::max(translation.metadata.arenaBytes, kArenaAlignment)));

  for (auto [i, variant] : llvm::enumerate(linked))
    if (!test.needsFma || variant.row->hasFma)
      emitTest(builder, variant, i + 1, arguments, expected);
  builder.CreateRet(builder.getInt32(0));
}

llvm::Expected<MultiTargetObject>
MultiTargetEmitter::emit(const SelfTest &test) {
  auto machine = createTargetMachine(options);
  if (!machine)
    return machine.takeError();
  translation.machine = std::move(*machine);
  for (ModuleOp module : variants)
    if (llvm::Error error = addVariant(module))
      return std::move(error);
  for (Variant &variant : linked)
    createIsSupported(variant);
  createChoice();
  ModelMetadata &metadata = translation.metadata;
  createDispatch(metadata.entrySymbol(), &Variant::entry);
  createDispatch(metadata.parallelEntrySymbol(), &Variant::parallelEntry);
  createSelfTest(test);
  for (const Variant &variant : linked)
    metadata.variants.push_back(variant.row->name.str());
  addMetadata(*translation.module, metadata);
  hideAllBut(*translation.module,
             {metadata.entrySymbol(), metadata.parallelEntrySymbol(),
              metadata.selfTestSymbol(), metadata.metadataSymbol()});
  optimize(*translation.module, *translation.machine, options.optLevel);
  auto bytes = emitObjectFile(translation, /*allowed=*/"getauxval");
  if (!bytes)
    return bytes.takeError();
  return MultiTargetObject{std::move(*bytes), std::move(metadata)};
}

llvm::Expected<MultiTargetObject>
qnn::emitMultiTargetObject(ArrayRef<ModuleOp> variants,
                           const TargetOptions &options, const SelfTest &test) {
  return MultiTargetEmitter(variants, options).emit(test);
}
