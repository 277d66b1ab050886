// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A buffer that is filled before its interior is overwritten only needs its
// borders filled.

#include "Contraction.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNCPUFILLBORDERSPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {

/// A box inside of a buffer: `images` times rows of `length` elements, one
/// every `rowStep`, from element `first` of each image of `imageStep`.
struct Interior {
  int64_t images = 1, imageStep = 1;
  int64_t rows = 1, rowStep = 0;
  int64_t first = 0, length = 1;
};

} // namespace

/// The next operation of the block that accesses the buffer.
static linalg::LinalgOp findNextAccess(linalg::FillOp fill, Value buffer) {
  Operation *next = nullptr;
  for (Operation *access : getAccesses(buffer)) {
    Operation *ancestor = fill->getBlock()->findAncestorOpInBlock(*access);
    if (!ancestor)
      return nullptr;
    if (fill->isBeforeInBlock(ancestor) &&
        (!next || ancestor->isBeforeInBlock(next)))
      next = ancestor;
  }
  return dyn_cast_or_null<linalg::LinalgOp>(next);
}

/// The part of `buffer` that the operation overwrites as a whole, without
/// reading the buffer.
static memref::SubViewOp findOverwritten(linalg::LinalgOp writer,
                                         Value buffer) {
  if (writer.getNumDpsInits() != 1)
    return nullptr;
  OpOperand *target = writer.getDpsInitOperand(0);
  auto subview = target->get().getDefiningOp<memref::SubViewOp>();
  if (!subview || subview.getSource() != buffer ||
      writer.payloadUsesValueFromOperand(target) ||
      writer.getNumReductionLoops() != 0 ||
      !writer.getMatchingIndexingMap(target).isPermutation())
    return nullptr;
  for (Value input : writer.getDpsInputs())
    if (getRoot(input) == buffer)
      return nullptr;
  return subview;
}

/// The subview as an interior, if at most two axes, next to each other, are
/// cut.
static std::optional<Interior> findInterior(memref::SubViewOp subview) {
  MemRefType type = subview.getSourceType();
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      subview.getType().getRank() != type.getRank() ||
      llvm::any_of(subview.getStaticStrides(),
                   [](int64_t stride) { return stride != 1; }) ||
      llvm::any_of(subview.getStaticOffsets(), ShapedType::isDynamic) ||
      llvm::any_of(subview.getStaticSizes(), ShapedType::isDynamic))
    return std::nullopt;
  ArrayRef<int64_t> shape = type.getShape();
  ArrayRef<int64_t> offsets = subview.getStaticOffsets();
  ArrayRef<int64_t> sizes = subview.getStaticSizes();
  SmallVector<int64_t> cut;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    if (sizes[axis] != shape[axis])
      cut.push_back(axis);
  if (cut.empty() || cut.size() > 2 ||
      (cut.size() == 2 && cut[1] != cut[0] + 1))
    return std::nullopt;
  int64_t column = cut.back();
  int64_t inner = ShapedType::getNumElements(shape.drop_front(column + 1));
  Interior interior;
  interior.length = sizes[column] * inner;
  interior.first = offsets[column] * inner;
  interior.rowStep = interior.imageStep = shape[column] * inner;
  if (cut.size() == 2) {
    interior.rows = sizes[cut[0]];
    interior.first += offsets[cut[0]] * interior.rowStep;
    interior.imageStep *= shape[cut[0]];
  }
  interior.images = ShapedType::getNumElements(shape.take_front(cut[0]));
  return interior;
}

namespace {

struct FillBorders : qnn::impl::QNNCPUFillBordersPassBase<FillBorders> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<linalg::FillOp> fills;
    getOperation().walk([&](linalg::FillOp fill) { fills.push_back(fill); });
    for (linalg::FillOp fill : fills)
      fillBorders(fill);
  }

private:
  void fillBorders(linalg::FillOp fill) {
    Value buffer = fill.getDpsInits()[0];
    if (!buffer.getDefiningOp<memref::AllocOp>())
      return;
    linalg::LinalgOp writer = findNextAccess(fill, buffer);
    memref::SubViewOp subview =
        writer ? findOverwritten(writer, buffer) : nullptr;
    std::optional<Interior> interior =
        subview ? findInterior(subview) : std::nullopt;
    if (!interior || interior->length == 0 || interior->rows == 0)
      return;
    int64_t firstEnd = interior->first + interior->length;
    int64_t end = firstEnd + (interior->rows - 1) * interior->rowStep;
    fillPart(fill, *interior, 0, 1, interior->first);
    fillPart(fill, *interior, firstEnd, interior->rows - 1,
             interior->rowStep - interior->length);
    fillPart(fill, *interior, end, 1, interior->imageStep - end);
    fill.erase();
  }

  /// In every image, `rows` runs of `length` elements, the first at `offset`.
  static void fillPart(linalg::FillOp fill, const Interior &interior,
                       int64_t offset, int64_t rows, int64_t length) {
    if (rows == 0 || length == 0)
      return;
    OpBuilder builder(fill);
    Value buffer = fill.getDpsInits()[0];
    SmallVector<int64_t> sizes{interior.images, rows, length};
    SmallVector<int64_t> strides{interior.imageStep, interior.rowStep, 1};
    auto type = MemRefType::get(
        sizes, cast<MemRefType>(buffer.getType()).getElementType(),
        StridedLayoutAttr::get(fill.getContext(), offset, strides));
    Value part = memref::ReinterpretCastOp::create(
        builder, fill.getLoc(), type, buffer, offset, sizes, strides);
    linalg::FillOp::create(builder, fill.getLoc(), fill.getInputs(), part);
  }
};

} // namespace
