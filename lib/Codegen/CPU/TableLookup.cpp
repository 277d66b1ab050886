// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A table of bytes is read by instructions that shuffle the bytes of one or
// several registers: each takes the positions of its part of the table.

#include "TableLookup.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qnn;

/// Bytes of one register of a table.
static constexpr int64_t kPart = 16;
/// Bytes of one register that is permuted.
static constexpr int64_t kPermuted = 64;
/// What a position of 8 bits reaches.
static constexpr int64_t kMaxBytes = 256;

bool qnn::isTableLookup(Operation *op) {
  auto load = dyn_cast<memref::LoadOp>(op);
  if (!load || load.getMemRefType().getRank() != 1 ||
      !load.getMemref().getDefiningOp<memref::GetGlobalOp>())
    return false;
  auto position = load.getIndices()[0];
  Operation *cast = position.getDefiningOp();
  if (!isa_and_nonnull<arith::IndexCastOp, arith::IndexCastUIOp>(cast))
    return false;
  Type from = cast->getOperand(0).getType();
  MemRefType table = load.getMemRefType();
  if (!table.getElementType().isInteger(8))
    return from.isInteger(32) && table.getElementTypeBitWidth() == 32;
  return isa<arith::IndexCastUIOp>(cast) && from.isInteger(8) &&
         table.getNumElements() % kPart == 0 &&
         table.getNumElements() <= kMaxBytes;
}

namespace {

class ByteLookup {
public:
  ByteLookup(ImplicitLocOpBuilder &builder, const TargetRow &row, Value table)
      : builder(builder), row(row), table(table) {}

  /// The positions are filled up to whole registers.
  Value emit(Value positions) {
    int64_t width = cast<VectorType>(positions.getType()).getNumElements();
    int64_t whole = std::max<int64_t>(kPart, llvm::PowerOf2Ceil(width));
    int64_t step = std::min(whole, registerBytes());
    SmallVector<Value> parts;
    Value padded = resize(positions, whole);
    for (int64_t begin = 0; begin < whole; begin += step)
      parts.push_back(lookUp(slice(padded, begin, step)));
    return resize(join(parts), width);
  }

private:
  bool isArm() const { return row.arch == llvm::Triple::aarch64; }
  int64_t registerBytes() const { return isArm() ? kPart : row.vectorBits / 8; }
  VectorType bytes(int64_t count) {
    return VectorType::get(count, builder.getI8Type());
  }
  int64_t numParts() const {
    return cast<MemRefType>(table.getType()).getNumElements() / kPart;
  }

  Value slice(Value vector, int64_t begin, int64_t count) {
    if (cast<VectorType>(vector.getType()).getNumElements() == count)
      return vector;
    return vector::ExtractStridedSliceOp::create(
        builder, vector, ArrayRef(begin), ArrayRef(count),
        ArrayRef<int64_t>{1});
  }

  Value resize(Value vector, int64_t count) {
    int64_t width = cast<VectorType>(vector.getType()).getNumElements();
    if (width >= count)
      return slice(vector, 0, count);
    return vector::InsertStridedSliceOp::create(
        builder, vector, splat(count, 0), ArrayRef<int64_t>{0},
        ArrayRef<int64_t>{1});
  }

  Value join(ArrayRef<Value> parts) {
    if (parts.size() == 1)
      return parts[0];
    int64_t step = cast<VectorType>(parts[0].getType()).getNumElements();
    Value whole = splat(step * parts.size(), 0);
    for (auto [i, part] : llvm::enumerate(parts))
      whole = vector::InsertStridedSliceOp::create(
          builder, part, whole, ArrayRef<int64_t>{int64_t(i) * step},
          ArrayRef<int64_t>{1});
    return whole;
  }

  Value splat(int64_t count, uint8_t value) {
    return arith::ConstantOp::create(
        builder, DenseElementsAttr::get(bytes(count), APInt(8, value)));
  }

  Value loadPart(int64_t index) {
    Value position = arith::ConstantIndexOp::create(builder, index * kPart);
    return vector::LoadOp::create(builder, bytes(kPart), table, position);
  }

  Value lookUp(Value positions) {
    if (isArm())
      return lookUpByTable(positions);
    return row.permutesBytes ? lookUpByPermutation(positions)
                             : lookUpByShuffle(positions);
  }

  Value call(StringRef intrinsic, VectorType type, ValueRange arguments) {
    return LLVM::CallIntrinsicOp::create(
               builder, type, builder.getStringAttr(intrinsic), arguments)
        .getResult(0);
  }

  /// pshufb gives zero where the highest bit of a position is set: saturation
  /// sets it for all positions of other parts.
  Value lookUpByShuffle(Value positions) {
    auto type = cast<VectorType>(positions.getType());
    int64_t width = type.getNumElements();
    StringRef shuffle = width == 64   ? "llvm.x86.avx512.pshuf.b.512"
                        : width == 32 ? "llvm.x86.avx2.pshuf.b"
                                      : "llvm.x86.ssse3.pshuf.b.128";
    std::string saturate = "llvm.uadd.sat.v" + std::to_string(width) + "i8";
    Value result;
    for (int64_t part = 0; part < numParts(); ++part) {
      Value inPart =
          arith::XOrIOp::create(builder, positions, splat(width, part * kPart));
      Value selector = call(saturate, type, {inPart, splat(width, 0x70)});
      SmallVector<Value> copies(width / kPart, loadPart(part));
      Value found = call(shuffle, type, {join(copies), selector});
      result = result ? arith::OrIOp::create(builder, result, found) : found;
    }
    return result;
  }

  /// The bytes from a part on, with zeros behind the table.
  Value loadRegister(int64_t firstPart) {
    constexpr int64_t parts = kPermuted / kPart;
    SmallVector<Value> loaded;
    for (int64_t part = firstPart; part < firstPart + parts; ++part)
      loaded.push_back(part < numParts() ? loadPart(part) : splat(kPart, 0));
    return join(loaded);
  }

  /// vpermi2b takes the seven low bits of a position; the highest one says in
  /// which half of the table it is.
  Value lookUpByPermutation(Value positions) {
    constexpr int64_t parts = kPermuted / kPart;
    int64_t width = cast<VectorType>(positions.getType()).getNumElements();
    VectorType type = bytes(kPermuted);
    Value wide = resize(positions, kPermuted), result;
    for (int64_t part = 0; part < numParts(); part += 2 * parts) {
      Value low = loadRegister(part), high = loadRegister(part + parts);
      Value found =
          call("llvm.x86.avx512.vpermi2var.qi.512", type, {low, wide, high});
      if (!result) {
        result = found;
        continue;
      }
      Value isLow = arith::CmpIOp::create(builder, arith::CmpIPredicate::sge,
                                          wide, splat(kPermuted, 0));
      result = arith::SelectOp::create(builder, isLow, result, found);
    }
    return resize(result, width);
  }

  /// tbl and tbx take four registers; out of range tbl gives zero and tbx what
  /// was there.
  Value lookUpByTable(Value positions) {
    constexpr int64_t kRegisters = 4;
    auto type = cast<VectorType>(positions.getType());
    Value result;
    for (int64_t first = 0; first < numParts(); first += kRegisters) {
      int64_t count = std::min(kRegisters, numParts() - first);
      SmallVector<Value> arguments;
      if (result)
        arguments.push_back(result);
      for (int64_t i = 0; i < count; ++i)
        arguments.push_back(loadPart(first + i));
      arguments.push_back(arith::SubIOp::create(builder, positions,
                                                splat(kPart, first * kPart)));
      std::string name = std::string("llvm.aarch64.neon.") +
                         (result ? "tbx" : "tbl") + std::to_string(count) +
                         ".v16i8";
      result = call(name, type, arguments);
    }
    return result;
  }

  ImplicitLocOpBuilder &builder;
  const TargetRow &row;
  Value table;
};

} // namespace

static Value emitGather(ImplicitLocOpBuilder &builder, Value table,
                        Value positions) {
  int64_t width = cast<VectorType>(positions.getType()).getNumElements();
  auto type = VectorType::get(
      width, cast<MemRefType>(table.getType()).getElementType());
  auto maskType = VectorType::get(width, builder.getI1Type());
  Value begin = arith::ConstantIndexOp::create(builder, 0);
  Value everywhere = arith::ConstantOp::create(
      builder, DenseElementsAttr::get(maskType, true));
  Value nothing = arith::ConstantOp::create(builder, builder.getZeroAttr(type));
  return vector::GatherOp::create(builder, type, table, begin, positions,
                                  everywhere, nothing);
}

Value qnn::emitTableLookup(ImplicitLocOpBuilder &builder, const TargetRow &row,
                           memref::LoadOp load, Value positions) {
  // Kernels are functions of their own, which see no values of the model's.
  Value table = builder.clone(*load.getMemref().getDefiningOp())->getResult(0);
  if (row.shufflesBytes && load.getMemRefType().getElementType().isInteger(8))
    return ByteLookup(builder, row, table).emit(positions);
  // Positions of a gather have a sign.
  auto type = cast<VectorType>(positions.getType());
  if (type.getElementType().isInteger(8))
    positions = arith::ExtUIOp::create(
        builder, type.clone(builder.getI32Type()), positions);
  return emitGather(builder, table, positions);
}
