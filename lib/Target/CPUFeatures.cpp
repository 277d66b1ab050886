// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Feature bits: "cpuid" in Intel's Software Developer's Manual, volume 2, and
// the hardware capabilities of Linux on AArch64 (uapi/asm/hwcap.h).

#include "CPUFeatures.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Module.h"
#include <array>
#include <map>

using namespace llvm;
using namespace qnn;

namespace {

enum Register { EAX, EBX, ECX, EDX };

/// A bit that `cpuid` gives for a leaf and a subleaf.
struct CpuidBit {
  StringLiteral feature;
  uint32_t leaf, subleaf;
  Register where;
  unsigned bit;
  /// Bits of XCR0 that the operating system must have set: the vector
  /// registers that it saves.
  uint32_t state;
};

/// A bit of getauxval(key).
struct CapabilityBit {
  StringLiteral feature;
  uint64_t key;
  unsigned bit;
};

} // namespace

static constexpr uint32_t kYmm = 0x6, kZmm = 0xe6;
static constexpr CpuidBit kCpuidBits[] = {
    {"sse2", 1, 0, EDX, 26, 0},         {"ssse3", 1, 0, ECX, 9, 0},
    {"sse4.1", 1, 0, ECX, 19, 0},       {"sse4.2", 1, 0, ECX, 20, 0},
    {"avx", 1, 0, ECX, 28, kYmm},       {"fma", 1, 0, ECX, 12, kYmm},
    {"f16c", 1, 0, ECX, 29, kYmm},      {"avx2", 7, 0, EBX, 5, kYmm},
    {"avx512f", 7, 0, EBX, 16, kZmm},   {"avx512dq", 7, 0, EBX, 17, kZmm},
    {"avx512bw", 7, 0, EBX, 30, kZmm},  {"avx512vl", 7, 0, EBX, 31, kZmm},
    {"avx512vbmi", 7, 0, ECX, 1, kZmm}, {"avx512vnni", 7, 0, ECX, 11, kZmm},
    {"avxvnni", 7, 1, EAX, 4, kYmm},
};
static constexpr uint64_t kHwcap = 16, kHwcap2 = 26;
static constexpr CapabilityBit kCapabilityBits[] = {
    {"dotprod", kHwcap, 20},
    {"i8mm", kHwcap2, 13},
};

SmallVector<StringRef> qnn::getDetectableFeatures(Triple triple) {
  SmallVector<StringRef> names;
  if (triple.isX86())
    for (const CpuidBit &bit : kCpuidBits)
      names.push_back(bit.feature);
  if (triple.isAArch64() && triple.isOSLinux())
    for (const CapabilityBit &bit : kCapabilityBits)
      names.push_back(bit.feature);
  return names;
}

namespace {

class FeatureTest {
public:
  explicit FeatureTest(IRBuilder<> &builder)
      : builder(builder), result(builder.getTrue()) {}

  void requireX86(const CpuidBit &bit) {
    // A leaf above the highest one gives the bits of another leaf.
    require(builder.CreateICmpUGE(readCpuid(0, 0)[EAX],
                                  builder.getInt32(bit.leaf)));
    if (bit.subleaf > 0)
      require(builder.CreateICmpUGE(readCpuid(bit.leaf, 0)[EAX],
                                    builder.getInt32(bit.subleaf)));
    requireBits(readCpuid(bit.leaf, bit.subleaf)[bit.where], 1u << bit.bit);
    if (bit.state)
      requireState(bit.state);
  }

  void requireAArch64(const CapabilityBit &bit) {
    Type *i64 = builder.getInt64Ty();
    FunctionCallee getauxval =
        builder.GetInsertBlock()->getModule()->getOrInsertFunction("getauxval",
                                                                   i64, i64);
    Value *word = builder.CreateCall(getauxval, builder.getInt64(bit.key));
    requireBits(word, uint64_t(1) << bit.bit);
  }

  Value *getResult() const { return result; }

private:
  void require(Value *condition) {
    result = builder.CreateAnd(result, condition);
  }

  void requireBits(Value *word, uint64_t mask) {
    Value *bits = ConstantInt::get(word->getType(), mask);
    require(builder.CreateICmpEQ(builder.CreateAnd(word, bits), bits));
  }

  using Registers = std::array<Value *, 4>;
  const Registers &readCpuid(uint32_t leaf, uint32_t subleaf) {
    Registers &registers = cpuid[{leaf, subleaf}];
    if (registers[EAX])
      return registers;
    Type *i32 = builder.getInt32Ty();
    auto *type = FunctionType::get(
        StructType::get(builder.getContext(), {i32, i32, i32, i32}), {i32, i32},
        /*isVarArg=*/false);
    auto *code =
        InlineAsm::get(type, "cpuid", "={eax},={ebx},={ecx},={edx},{eax},{ecx}",
                       /*hasSideEffects=*/true);
    Value *all = builder.CreateCall(
        code, {builder.getInt32(leaf), builder.getInt32(subleaf)});
    for (unsigned i = 0; i < registers.size(); ++i)
      registers[i] = builder.CreateExtractValue(all, i);
    return registers;
  }

  void requireState(uint32_t mask) {
    if (!state)
      state = readState();
    requireBits(state, mask);
  }

  /// XCR0, or 0 where the operating system has not made it readable.
  Value *readState() {
    constexpr uint32_t osxsave = 1u << 27;
    Type *i32 = builder.getInt32Ty();
    Value *canRead = builder.CreateICmpNE(
        builder.CreateAnd(readCpuid(1, 0)[ECX], osxsave), builder.getInt32(0));
    LLVMContext &context = builder.getContext();
    BasicBlock *before = builder.GetInsertBlock();
    auto *read = BasicBlock::Create(context, "read", before->getParent());
    auto *after = BasicBlock::Create(context, "after", before->getParent());
    builder.CreateCondBr(canRead, read, after);

    builder.SetInsertPoint(read);
    auto *type = FunctionType::get(StructType::get(context, {i32, i32}), {i32},
                                   /*isVarArg=*/false);
    auto *code = InlineAsm::get(type, "xgetbv", "={eax},={edx},{ecx}",
                                /*hasSideEffects=*/true);
    Value *both = builder.CreateCall(code, {builder.getInt32(0)});
    Value *low = builder.CreateExtractValue(both, 0);
    builder.CreateBr(after);

    builder.SetInsertPoint(after);
    PHINode *result = builder.CreatePHI(i32, 2);
    result->addIncoming(builder.getInt32(0), before);
    result->addIncoming(low, read);
    return result;
  }

  IRBuilder<> &builder;
  Value *result;
  Value *state = nullptr;
  std::map<std::pair<uint32_t, uint32_t>, Registers> cpuid;
};

} // namespace

Value *qnn::emitHasFeatures(IRBuilder<> &builder, const Triple &triple,
                            ArrayRef<StringRef> features) {
  FeatureTest test(builder);
  for (StringRef feature : features) {
    if (triple.isX86())
      test.requireX86(*find_if(kCpuidBits, [&](const CpuidBit &bit) {
        return bit.feature == feature;
      }));
    else
      test.requireAArch64(*find_if(kCapabilityBits, [&](const auto &bit) {
        return bit.feature == feature;
      }));
  }
  return test.getResult();
}
