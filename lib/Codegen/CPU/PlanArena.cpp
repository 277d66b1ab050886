// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Allocations of the entry function become views of an arena argument.

#include "EntryFunction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "qnn/Codegen/CPU/ArenaPlan.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNPLANARENAPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// Bytes of a buffer. LLVM stores each element in whole bytes.
static int64_t sizeInBytes(MemRefType type) {
  Type element = type.getElementType();
  int64_t width = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  return type.getNumElements() * llvm::divideCeil(width, 8);
}

static LogicalResult collectAllocs(func::FuncOp function,
                                   SmallVectorImpl<memref::AllocOp> &allocs) {
  WalkResult result = function.walk([&](memref::AllocOp alloc) {
    MemRefType type = alloc.getType();
    if (!type.hasStaticShape() || !type.getLayout().isIdentity()) {
      alloc.emitOpError("expects a static shape to be placed in the arena");
      return WalkResult::interrupt();
    }
    if (alloc->getBlock() != &function.front()) {
      alloc.emitOpError("expects to be in the body of the entry function, not "
                        "in a nested region");
      return WalkResult::interrupt();
    }
    allocs.push_back(alloc);
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// First and last position in the body at which the buffer or a view of it is
/// used; nothing if it is not.
static std::optional<Lifetime>
findLifetime(memref::AllocOp alloc, Block &body,
             const DenseMap<Operation *, int64_t> &positions,
             BufferViewFlowAnalysis &aliases) {
  std::optional<Lifetime> lifetime;
  for (Value alias : aliases.resolve(alloc.getResult()))
    for (Operation *user : alias.getUsers()) {
      // A view neither reads nor writes; its own users are in the set.
      if (isa<ViewLikeOpInterface, memref::DeallocOp>(user))
        continue;
      int64_t position = positions.lookup(body.findAncestorOpInBlock(*user));
      if (!lifetime)
        lifetime = Lifetime{sizeInBytes(alloc.getType()), position, position};
      lifetime->begin = std::min(lifetime->begin, position);
      lifetime->end = std::max(lifetime->end, position);
    }
  return lifetime;
}

/// With more buffers, plans for one after the other would take too long.
static constexpr size_t kMaxExtended = 128;

static int64_t countLiveBytes(ArrayRef<Lifetime> lifetimes, int64_t time) {
  int64_t bytes = 0;
  for (const Lifetime &lifetime : lifetimes)
    if (lifetime.begin <= time && time <= lifetime.end)
      bytes += llvm::alignTo(lifetime.size, kArenaAlignment);
  return bytes;
}

/// Lets buffers live until the kernel behind their last reader has run, too,
/// where the arena has room: threads can go on to that one without waiting for
/// each other if it does not write what others still read.
static void extendLifetimes(ArenaPlan &plan,
                            MutableArrayRef<Lifetime> lifetimes, Block &body) {
  if (lifetimes.size() > kMaxExtended)
    return;
  SmallVector<int64_t> kernels;
  for (auto [position, op] : llvm::enumerate(body))
    if (isa<func::CallOp>(op))
      kernels.push_back(position);
  for (Lifetime &lifetime : lifetimes) {
    auto *reader = llvm::find(kernels, lifetime.end);
    if (reader == kernels.end() || std::next(reader) == kernels.end())
      continue;
    int64_t end = std::exchange(lifetime.end, *std::next(reader));
    if (countLiveBytes(lifetimes, lifetime.end) > plan.totalBytes) {
      lifetime.end = end;
      continue;
    }
    ArenaPlan extended = planArena(lifetimes, kArenaAlignment);
    if (extended.totalBytes > plan.totalBytes) {
      lifetime.end = end;
      continue;
    }
    plan.offsets = extended.offsets;
    plan.totalBytes = extended.totalBytes;
  }
}

namespace {

struct PlanArena : qnn::impl::QNNPlanArenaPassBase<PlanArena> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<func::FuncOp> entries =
        findEntries<func::FuncOp>(getOperation());
    if (entries.empty())
      return signalPassFailure();
    for (func::FuncOp entry : entries)
      if (failed(plan(entry)))
        return signalPassFailure();
  }

private:
  static LogicalResult plan(func::FuncOp entry) {
    SmallVector<memref::AllocOp> allocs;
    if (failed(collectAllocs(entry, allocs)))
      return failure();

    DenseMap<Operation *, int64_t> positions;
    for (auto [position, op] : llvm::enumerate(entry.front()))
      positions[&op] = position;
    BufferViewFlowAnalysis aliases(entry);
    SmallVector<memref::AllocOp> used;
    SmallVector<Lifetime> lifetimes;
    for (memref::AllocOp alloc : allocs) {
      auto lifetime = findLifetime(alloc, entry.front(), positions, aliases);
      if (!lifetime)
        continue;
      used.push_back(alloc);
      lifetimes.push_back(*lifetime);
    }
    eraseDeallocs(entry);
    ArenaPlan plan = planArena(lifetimes, kArenaAlignment);
    extendLifetimes(plan, lifetimes, entry.front());
    replaceAllocs(entry, used, lifetimes, plan);
    for (memref::AllocOp alloc : allocs)
      if (!llvm::is_contained(used, alloc))
        eraseUnused(alloc);
    return success();
  }

  static void eraseDeallocs(func::FuncOp entry) {
    entry.walk([](memref::DeallocOp op) { op.erase(); });
  }

  /// Erases an allocation that only views look at.
  static void eraseUnused(Operation *op) {
    for (Operation *user : llvm::make_early_inc_range(op->getUsers()))
      eraseUnused(user);
    op->erase();
  }

  static void replaceAllocs(func::FuncOp entry,
                            MutableArrayRef<memref::AllocOp> allocs,
                            ArrayRef<Lifetime> lifetimes,
                            const ArenaPlan &plan) {
    OpBuilder builder(entry.getContext());
    auto type = MemRefType::get(plan.totalBytes, builder.getI8Type());
    unsigned position = entry.getNumArguments();
    (void)entry.insertArgument(position, type, {}, entry.getLoc());
    Value arena = entry.getArgument(position);
    SmallVector<int64_t> buffers;
    for (auto [alloc, offset, lifetime] :
         llvm::zip_equal(allocs, plan.offsets, lifetimes)) {
      builder.setInsertionPoint(alloc);
      Value start =
          arith::ConstantIndexOp::create(builder, alloc.getLoc(), offset);
      Value view =
          memref::ViewOp::create(builder, alloc.getLoc(), alloc.getType(),
                                 arena, start, /*sizes=*/ValueRange());
      alloc.replaceAllUsesWith(view);
      alloc->erase();
      buffers.append({offset, lifetime.size});
    }
    entry->setAttr(kArenaBytesAttr, builder.getI64IntegerAttr(plan.totalBytes));
    entry->setAttr(kArenaLowerBoundAttr,
                   builder.getI64IntegerAttr(plan.lowerBound));
    entry->setAttr(kArenaBuffersAttr, builder.getDenseI64ArrayAttr(buffers));
  }
};

} // namespace
