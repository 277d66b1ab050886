// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of multiply-adds, and a loop of inline assembly for each: nothing
// that a compiler could move out of it.

#include "qnn/Benchmark/Roof.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;
using namespace qnn;

/// Rounds of a call: 24 accumulators at one step a cycle take 5 us.
static constexpr int64_t kRounds = 1000;
static constexpr int64_t kMaxAccumulators = 24;

ArrayRef<RoofRow> qnn::getRoofTable() {
  constexpr auto x86 = Triple::x86_64, arm = Triple::aarch64;
  static constexpr StringLiteral clear512 = "vpxord %zmm{d}, %zmm{d}, %zmm{d}";
  static constexpr StringLiteral clear256 = "vpxor %ymm{d}, %ymm{d}, %ymm{d}";
  static constexpr StringLiteral clear128 = "pxor %xmm{d}, %xmm{d}";
  static constexpr StringLiteral clearArm = "movi v{d}.4s, #0";
  static const RoofRow table[] = {
      {"avx512vnni", x86, "avx512f,avx512vnni",
       "vpdpbusd %zmm{a}, %zmm{b}, %zmm{d}", clear512, "zmm", 32, 128},
      {"avx512vnni-256", x86, "avx512f,avx512vl,avx512vnni",
       "vpdpbusd %ymm{a}, %ymm{b}, %ymm{d}", "vpxord %ymm{d}, %ymm{d}, %ymm{d}",
       "ymm", 32, 64},
      {"avxvnni", x86, "avxvnni", "{vex} vpdpbusd %ymm{a}, %ymm{b}, %ymm{d}",
       clear256, "ymm", 16, 64},
      {"avx512bw", x86, "avx512f,avx512bw",
       "vpmaddwd %zmm{a}, %zmm{b}, %zmm{t}\n"
       "vpaddd %zmm{t}, %zmm{d}, %zmm{d}",
       clear512, "zmm", 32, 64},
      {"avx512bw-saturating", x86, "avx512f,avx512bw",
       "vpmaddubsw %zmm{a}, %zmm{b}, %zmm{t}\n"
       "vpmaddwd %zmm{t}, %zmm{a}, %zmm{t}\n"
       "vpaddd %zmm{t}, %zmm{d}, %zmm{d}",
       clear512, "zmm", 32, 128},
      {"avx2", x86, "avx2",
       "vpmaddwd %ymm{a}, %ymm{b}, %ymm{t}\n"
       "vpaddd %ymm{t}, %ymm{d}, %ymm{d}",
       clear256, "ymm", 16, 32},
      {"avx2-saturating", x86, "avx2",
       "vpmaddubsw %ymm{a}, %ymm{b}, %ymm{t}\n"
       "vpmaddwd %ymm{t}, %ymm{a}, %ymm{t}\n"
       "vpaddd %ymm{t}, %ymm{d}, %ymm{d}",
       clear256, "ymm", 16, 64},
      {"sse4.1", x86, "sse4.1",
       "movdqa %xmm{a}, %xmm{t}\npmaddwd %xmm{b}, %xmm{t}\n"
       "paddd %xmm{t}, %xmm{d}",
       clear128, "xmm", 16, 16},
      {"avx512f-f32", x86, "avx512f", "vfmadd231ps %zmm{a}, %zmm{b}, %zmm{d}",
       clear512, "zmm", 32, 32},
      {"fma-f32", x86, "avx2,fma", "vfmadd231ps %ymm{a}, %ymm{b}, %ymm{d}",
       clear256, "ymm", 16, 16},
      {"neon+i8mm", arm, "i8mm", "usmmla v{d}.4s, v{a}.16b, v{b}.16b", clearArm,
       "v", 32, 64},
      {"neon+dotprod", arm, "dotprod", "sdot v{d}.4s, v{a}.16b, v{b}.16b",
       clearArm, "v", 32, 32},
      {"neon", arm, "neon", "smlal v{d}.4s, v{a}.4h, v{b}.4h", clearArm, "v",
       32, 8},
      {"neon-f32", arm, "neon", "fmla v{d}.4s, v{a}.4s, v{b}.4s", clearArm, "v",
       32, 8}};
  return table;
}

std::vector<const RoofRow *> qnn::getHostRoofs() {
  auto arch = Triple(sys::getProcessTriple()).getArch();
  StringMap<bool> host = sys::getHostCPUFeatures();
  std::vector<const RoofRow *> rows;
  for (const RoofRow &row : getRoofTable()) {
    SmallVector<StringRef> features;
    StringRef(row.features).split(features, ',');
    if (row.arch == arch &&
        all_of(features, [&](StringRef name) { return host.lookup(name); }))
      rows.push_back(&row);
  }
  return rows;
}

int64_t qnn::countAccumulators(const RoofRow &row) {
  bool hasTemporary = row.step.contains("{t}");
  return std::min(kMaxAccumulators, row.registers - 2 - hasTemporary);
}

/// Writes the numbers of registers into a piece of assembly.
static std::string substitute(StringRef text, const RoofRow &row, int64_t d) {
  std::string result;
  while (!text.empty()) {
    StringRef letter = text.take_front(3);
    int64_t number = StringSwitch<int64_t>(letter)
                         .Case("{d}", d)
                         .Case("{a}", row.registers - 1)
                         .Case("{b}", row.registers - 2)
                         .Case("{t}", row.registers - 3)
                         .Default(-1);
    result += number < 0 ? text.take_front().str() : std::to_string(number);
    text = text.drop_front(number < 0 ? 1 : 3);
  }
  return result + "\n";
}

std::unique_ptr<Module> qnn::buildRoofLoop(LLVMContext &context,
                                           const RoofRow &row) {
  bool isX86 = row.arch == Triple::x86_64;
  std::string code;
  for (int64_t i = 0; i < row.registers; ++i)
    code += substitute(row.clear, row, i);
  code += "1:\n";
  for (int64_t i = 0; i < countAccumulators(row); ++i)
    code += substitute(row.step, row, i);
  // $0 is the number of rounds that are left.
  code += isX86 ? "dec $0\njnz 1b" : "subs $0, $0, #1\nb.ne 1b";
  std::string constraints = "=r,0";
  for (int64_t i = 0; i < row.registers; ++i)
    constraints += ",~{" + row.registerPrefix.str() + std::to_string(i) + "}";
  constraints += isX86 ? ",~{flags}" : ",~{cc}";

  auto module = std::make_unique<Module>("roof", context);
  IRBuilder<> builder(context);
  Type *i64 = builder.getInt64Ty();
  auto *function = Function::Create(
      FunctionType::get(builder.getVoidTy(), i64, /*isVarArg=*/false),
      GlobalValue::ExternalLinkage, "roof", *module);
  builder.SetInsertPoint(BasicBlock::Create(context, "", function));
  auto *loop = InlineAsm::get(FunctionType::get(i64, i64, /*isVarArg=*/false),
                              code, constraints, /*hasSideEffects=*/true);
  builder.CreateCall(loop, function->getArg(0));
  builder.CreateRetVoid();
  return module;
}

RoofLoop::RoofLoop(const RoofRow &row) : row(row) {}
RoofLoop::~RoofLoop() = default;

double RoofLoop::countOperations() const {
  return double(kRounds * countAccumulators(row) * row.operations);
}

Expected<double> RoofLoop::takeTurn(const TimingOptions &options) {
  return loop->takeTurn(options);
}

Expected<std::unique_ptr<RoofLoop>> RoofLoop::create(const RoofRow &row) {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  InitializeNativeTargetAsmParser();
  Expected<std::unique_ptr<orc::LLJIT>> jit = orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  auto context = std::make_unique<LLVMContext>();
  std::unique_ptr<Module> module = buildRoofLoop(*context, row);
  module->setDataLayout((*jit)->getDataLayout());
  if (Error error = (*jit)->addIRModule(
          orc::ThreadSafeModule(std::move(module), std::move(context))))
    return std::move(error);
  auto address = (*jit)->lookup("roof");
  if (!address)
    return address.takeError();
  std::unique_ptr<RoofLoop> result(new RoofLoop(row));
  result->jit = std::move(*jit);
  auto *function = address->toPtr<void (*)(int64_t)>();
  result->loop = std::make_unique<FunctionContestant>([function]() -> Error {
    function(kRounds);
    return Error::success();
  });
  return result;
}
