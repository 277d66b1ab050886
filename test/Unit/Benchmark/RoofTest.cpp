// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every row must be assembly that its instruction set has; only those of this
// machine run.

#include "qnn/Benchmark/Roof.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace qnn;

static std::string assemble(const RoofRow &row) {
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmPrinters();
  InitializeAllAsmParsers();
  Triple triple(row.arch == Triple::x86_64 ? "x86_64-linux-gnu"
                                           : "aarch64-linux-gnu");
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(triple, error);
  SmallVector<StringRef> names;
  StringRef(row.features).split(names, ',');
  SubtargetFeatures features;
  for (StringRef name : names)
    features.AddFeature(name);
  std::unique_ptr<TargetMachine> machine(target->createTargetMachine(
      triple, "", features.getString(), llvm::TargetOptions(), Reloc::PIC_));
  LLVMContext context;
  std::unique_ptr<Module> module = buildRoofLoop(context, row);
  module->setTargetTriple(triple);
  module->setDataLayout(machine->createDataLayout());
  SmallString<0> object;
  raw_svector_ostream os(object);
  legacy::PassManager passes;
  machine->addPassesToEmitFile(passes, os, nullptr,
                               CodeGenFileType::ObjectFile);
  passes.run(*module);
  return std::string(object);
}

TEST(Roof, RowsAssemble) {
  for (const RoofRow &row : getRoofTable())
    EXPECT_FALSE(assemble(row).empty()) << row.name.str();
}

TEST(Roof, EnoughAccumulators) {
  for (const RoofRow &row : getRoofTable())
    EXPECT_GE(countAccumulators(row), row.registers == 32 ? 24 : 13)
        << row.name.str();
}

TEST(Roof, LoopsRun) {
  TimingOptions options;
  options.once = true;
  for (const RoofRow *row : getHostRoofs()) {
    auto loop = cantFail(RoofLoop::create(*row));
    EXPECT_GT(cantFail(loop->takeTurn(options)), 0) << row->name.str();
    EXPECT_GT(loop->countOperations(), 0);
  }
}
