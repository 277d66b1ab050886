// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One elementwise operation into a buffer of its own.

#include "PrepareActivations.h"
#include "FlatAccess.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "qnn/Codegen/CPU/PackWeights.h"

using namespace mlir;
using namespace qnn;

/// How often each activation is one of a panel of columns.
static int64_t countUses(const Contraction &contraction, int64_t panels) {
  linalg::GenericOp op = contraction.op;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  int64_t perPanel =
      contraction.groups * contraction.numTaps() * contraction.depth;
  for (unsigned loop : contraction.rowLoops)
    perPanel *= extents[loop];
  auto type = cast<MemRefType>(contraction.lhs.memref.getType());
  return panels * perPanel / getFlatSize(type);
}

/// A buffer of `type` with room for a word that begins at the last element, as
/// a view of what has a meaning.
static Value emitBuffer(ImplicitLocOpBuilder &builder, MemRefType type) {
  int64_t size = type.getNumElements(), one = 1;
  auto padded = MemRefType::get(size + 3, type.getElementType());
  Value buffer = memref::AllocOp::create(builder, padded);
  return memref::ReinterpretCastOp::create(builder, type, buffer, /*offset=*/0,
                                           ArrayRef(size), ArrayRef(one));
}

/// A copy of the activations: in `width` bits, or with flipped signs if they
/// stay bytes.
static Value emitCopy(ImplicitLocOpBuilder &builder, Value memref,
                      bool isSigned, unsigned width) {
  Value source = emitFlatView(builder, memref);
  IntegerType element = builder.getIntegerType(width);
  int64_t size = cast<MemRefType>(source.getType()).getNumElements();
  Value copy = emitBuffer(builder, MemRefType::get(size, element));
  SmallVector<AffineMap> maps(2, builder.getMultiDimIdentityMap(1));
  linalg::GenericOp::create(
      builder, ValueRange(source), ValueRange(copy), maps,
      ArrayRef(utils::IteratorType::parallel),
      [&](OpBuilder &nested, Location loc, ValueRange arguments) {
        ImplicitLocOpBuilder body(loc, nested);
        Value value = arguments[0];
        if (width == 8) {
          Value highBit = arith::ConstantIntOp::create(body, -128, 8);
          value = arith::XOrIOp::create(body, value, highBit);
        } else if (isSigned) {
          value = arith::ExtSIOp::create(body, element, value);
        } else {
          value = arith::ExtUIOp::create(body, element, value);
        }
        linalg::YieldOp::create(body, value);
      });
  return copy;
}

static void flipSigns(ImplicitLocOpBuilder &builder, Contraction &contraction) {
  Value &memref = contraction.lhs.memref;
  memref = emitCopy(builder, memref, contraction.lhsIsSigned, /*width=*/8);
  int64_t shift = contraction.lhsIsSigned ? 128 : -128;
  contraction.lhsIsSigned = !contraction.lhsIsSigned;
  contraction.addToStart(-shift);
}

void qnn::prepareActivations(ImplicitLocOpBuilder &builder,
                             const TargetRow &row, Contraction &contraction) {
  int64_t shift = Dot4::activationShift(row, contraction.getDot4Operands());
  if (contraction.isDepthwise || (!row.isWide() && shift == 0))
    return;
  linalg::GenericOp op = contraction.op;
  int64_t rows = 1;
  for (unsigned loop : contraction.rowLoops)
    rows *= op.getStaticLoopRanges()[loop];
  // Where tiles have few rows, all columns of a panel share what is converted.
  if (rows * row.tileVectors < row.accumulators)
    return;
  int64_t panels =
      splitColumns(contraction.columns, row.lanes(), row.tileVectors).size();
  // Once costs as much as here.
  if (countUses(contraction, panels) < 2)
    return;
  Value &memref = contraction.lhs.memref;
  // With several taps, the kernel looks for padding in the buffer itself.
  if (!row.isWide() && contraction.numTaps() > 1)
    return;
  if (!row.isWide())
    return flipSigns(builder, contraction);
  bool isMixed = row.hasMixedSteps() && contraction.groups == 1;
  // The product of bytes takes unsigned activations.
  if (isMixed && contraction.lhsIsSigned)
    flipSigns(builder, contraction);
  Value wide = emitCopy(builder, memref, contraction.lhsIsSigned, /*width=*/16);
  (isMixed ? contraction.wideLhs : memref) = wide;
}
