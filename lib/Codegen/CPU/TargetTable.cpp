// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rows.

#include "qnn/Codegen/CPU/TargetTable.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace qnn;

static constexpr bool kSigned = true, kUnsigned = false, kWeightsFirst = true;

static constexpr Dot4Instruction kVnni512[] = {
    {kUnsigned, kSigned, "llvm.x86.avx512.vpdpbusd.512"},
    {kSigned, kUnsigned, "llvm.x86.avx512.vpdpbusd.512", kWeightsFirst}};
static constexpr Dot4Instruction kVnni256[] = {
    {kUnsigned, kSigned, "llvm.x86.avx512.vpdpbusd.256"},
    {kSigned, kUnsigned, "llvm.x86.avx512.vpdpbusd.256", kWeightsFirst}};
static constexpr Dot4Instruction kPairs512[] = {
    {kSigned, kSigned, "llvm.x86.avx512.pmaddw.d.512", false, "",
     "llvm.x86.avx512.pmaddubs.w.512"}};
static constexpr Dot4Instruction kPairs256[] = {
    {kSigned, kSigned, "llvm.x86.avx2.pmadd.wd", false, "",
     "llvm.x86.avx2.pmadd.ub.sw"}};
static constexpr Dot4Instruction kPairs128[] = {
    {kSigned, kSigned, "llvm.x86.sse2.pmadd.wd", false, "",
     "llvm.x86.ssse3.pmadd.ub.sw.128"}};
static constexpr Dot4Instruction kPairsSSE2[] = {
    {kSigned, kSigned, "llvm.x86.sse2.pmadd.wd"}};
static constexpr Dot4Instruction kMixedDot[] = {
    {kUnsigned, kSigned, "llvm.aarch64.neon.usdot.v4i32.v16i8"},
    {kSigned, kSigned, "llvm.aarch64.neon.sdot.v4i32.v16i8"},
    {kSigned, kUnsigned, "llvm.aarch64.neon.usdot.v4i32.v16i8", kWeightsFirst},
    {kUnsigned, kUnsigned, "llvm.aarch64.neon.udot.v4i32.v16i8"}};
static constexpr Dot4Instruction kDot[] = {
    {kSigned, kSigned, "llvm.aarch64.neon.sdot.v4i32.v16i8"},
    {kUnsigned, kUnsigned, "llvm.aarch64.neon.udot.v4i32.v16i8"}};
static constexpr Dot4Instruction kNeon[] = {
    {kSigned, kSigned, "llvm.aarch64.neon.smull.v8i16", false,
     "llvm.aarch64.neon.saddlp.v4i32.v8i16"},
    {kUnsigned, kUnsigned, "llvm.aarch64.neon.umull.v8i16", false,
     "llvm.aarch64.neon.uaddlp.v4i32.v8i16"}};

/// Tiles follow from registers and accumulators; see docs/Performance.md.
static constexpr TargetRow kTable[] = {
    {"avx512vbmi", llvm::Triple::x86_64,
     "avx512vbmi,avx512vnni,avx512vl,avx512bw", Dot4Form::Bytes, kVnni512, 512,
     32, 4, 14, true, /*shufflesBytes=*/true, /*permutesBytes=*/true},
    {"avx512vnni", llvm::Triple::x86_64, "avx512vnni,avx512vl,avx512bw",
     Dot4Form::Bytes, kVnni512, 512, 32, 4, 14, true},
    {"avxvnni", llvm::Triple::x86_64, "avxvnni,fma", Dot4Form::Bytes, kVnni256,
     256, 16, 3, 10, true},
    {"avx512bw", llvm::Triple::x86_64, "avx512bw,avx512vl", Dot4Form::Pairs,
     kPairs512, 512, 32, 2, 14, true},
    {"avx2", llvm::Triple::x86_64, "avx2,fma", Dot4Form::Pairs, kPairs256, 256,
     16, 2, 8, true},
    {"sse4.1", llvm::Triple::x86_64, "sse4.1", Dot4Form::Pairs, kPairs128, 128,
     16, 2, 8, false},
    {"sse2", llvm::Triple::x86_64, "sse2", Dot4Form::Pairs, kPairsSSE2, 128, 16,
     2, 8, false, /*shufflesBytes=*/false},
    {"neon+i8mm", llvm::Triple::aarch64, "dotprod,i8mm", Dot4Form::Bytes,
     kMixedDot, 128, 32, 4, 16, true},
    {"neon+dotprod", llvm::Triple::aarch64, "dotprod", Dot4Form::Bytes, kDot,
     128, 32, 4, 16, true},
    {"neon", llvm::Triple::aarch64, "", Dot4Form::Products, kNeon, 128, 32, 4,
     16, true},
    {"rvv",
     llvm::Triple::riscv64,
     "v",
     Dot4Form::Widening,
     {},
     128,
     32,
     2,
     8,
     true,
     /*shufflesBytes=*/false},
    // Of a CPU without vectors, four registers are one.
    {"generic",
     llvm::Triple::UnknownArch,
     "",
     Dot4Form::Widening,
     {},
     128,
     10,
     1,
     2,
     false,
     /*shufflesBytes=*/false},
};

ArrayRef<TargetRow> qnn::getTargetTable() { return kTable; }

const TargetRow *qnn::findTargetRow(StringRef name) {
  for (const TargetRow &row : kTable)
    if (row.name == name)
      return &row;
  return nullptr;
}

bool qnn::fitsTarget(const TargetRow &row, llvm::Triple::ArchType arch,
                     llvm::function_ref<bool(StringRef)> hasFeature) {
  if (row.arch != llvm::Triple::UnknownArch && row.arch != arch)
    return false;
  SmallVector<StringRef> features;
  row.features.split(features, ',', -1, /*KeepEmpty=*/false);
  return llvm::all_of(features, hasFeature);
}

const TargetRow &
qnn::chooseTargetRow(llvm::Triple::ArchType arch,
                     llvm::function_ref<bool(StringRef)> hasFeature) {
  for (const TargetRow &row : kTable)
    if (fitsTarget(row, arch, hasFeature))
      return row;
  llvm_unreachable("the last row asks for nothing");
}

TargetRow qnn::narrowVectors(const TargetRow &row, int64_t lanes) {
  TargetRow narrow = row;
  // The table goes from large vectors to small ones.
  for (const TargetRow &other : kTable)
    if (narrow.lanes() > lanes && 2 * other.vectorBits == narrow.vectorBits &&
        other.arch == row.arch && other.dot4 == row.dot4 &&
        other.instructions.size() == row.instructions.size()) {
      narrow = other;
      narrow.registers = row.registers;
      narrow.hasFma = row.hasFma;
    }
  return narrow;
}

const TargetRow *qnn::getTargetRow(ModuleOp module) {
  auto name = module->getAttrOfType<StringAttr>(kTargetAttr);
  const TargetRow *row =
      findTargetRow(name ? name.getValue() : StringRef("generic"));
  if (row)
    return row;
  auto names = llvm::map_range(
      kTable, [](const TargetRow &row) { return "'" + row.name.str() + "'"; });
  module.emitError("expects ")
      << kTargetAttr << " to be one of " << llvm::join(names, ", ") << ", got '"
      << name.getValue() << "'";
  return nullptr;
}
