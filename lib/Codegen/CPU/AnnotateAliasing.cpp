// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Alias scopes for every access of the entry function whose root is known: an
// argument, a constant, or a buffer of the arena.

#include "EntryFunction.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "llvm/ADT/MapVector.h"

namespace qnn {
#define GEN_PASS_DEF_QNNANNOTATEALIASINGPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {

/// What an address is computed from. For the arena, `offset` is a buffer's
/// first byte; otherwise it is -1 and `base` alone is the identity.
struct Root {
  /// A block argument, or the name of a global.
  void *base = nullptr;
  int64_t offset = -1;

  bool operator==(const Root &other) const {
    return base == other.base && offset == other.offset;
  }
};

} // namespace

namespace llvm {
template <>
struct DenseMapInfo<Root> {
  static Root getEmptyKey() {
    return {DenseMapInfo<void *>::getEmptyKey(), -1};
  }
  static Root getTombstoneKey() {
    return {DenseMapInfo<void *>::getTombstoneKey(), -1};
  }
  static unsigned getHashValue(const Root &root) {
    return hash_combine(root.base, root.offset);
  }
  static bool isEqual(const Root &a, const Root &b) { return a == b; }
};
} // namespace llvm

/// Looks through the descriptor structs that memref lowering builds.
static Value lookThroughStruct(Value value) {
  auto extract = value.getDefiningOp<LLVM::ExtractValueOp>();
  if (!extract)
    return value;
  Value container = extract.getContainer();
  while (auto insert = container.getDefiningOp<LLVM::InsertValueOp>()) {
    if (insert.getPosition() == extract.getPosition())
      return lookThroughStruct(insert.getValue());
    container = insert.getContainer();
  }
  return value;
}

/// The offset of a getelementptr of bytes with one constant index.
static std::optional<int64_t> constantByteOffset(LLVM::GEPOp gep) {
  if (!gep.getElemType().isInteger(8) || gep.getIndices().size() != 1)
    return std::nullopt;
  auto index = gep.getIndices()[0];
  if (auto attr = dyn_cast<IntegerAttr>(index))
    return attr.getInt();
  auto constant = cast<Value>(index).getDefiningOp<LLVM::ConstantOp>();
  if (!constant)
    return std::nullopt;
  return cast<IntegerAttr>(constant.getValue()).getInt();
}

static std::optional<Root> findRoot(Value address, Value arena) {
  std::optional<int64_t> last;
  for (;;) {
    address = lookThroughStruct(address);
    auto gep = address.getDefiningOp<LLVM::GEPOp>();
    if (!gep)
      break;
    last = constantByteOffset(gep);
    address = gep.getBase();
  }
  if (auto global = address.getDefiningOp<LLVM::AddressOfOp>())
    return Root{const_cast<void *>(
        global.getGlobalNameAttr().getAttr().getAsOpaquePointer())};
  if (!isa<BlockArgument>(address))
    return std::nullopt;
  if (address != arena)
    return Root{address.getAsOpaquePointer()};
  // An access to the arena itself could be to any buffer.
  if (!last)
    return std::nullopt;
  return Root{address.getAsOpaquePointer(), *last};
}

namespace {

struct AnnotateAliasing
    : qnn::impl::QNNAnnotateAliasingPassBase<AnnotateAliasing> {
  using Base::Base;

  void runOnOperation() override {
    auto entries = findEntries<LLVM::LLVMFuncOp>(getOperation());
    if (entries.empty())
      return signalPassFailure();
    for (LLVM::LLVMFuncOp entry : entries)
      if (failed(annotateEntry(entry)))
        return signalPassFailure();
  }

private:
  LogicalResult annotateEntry(LLVM::LLVMFuncOp entry) {
    auto buffers = entry->getAttrOfType<DenseI64ArrayAttr>(kArenaBuffersAttr);
    if (!buffers || entry.getNumArguments() == 0)
      return entry.emitError("expects a planned arena");
    collectSizes(buffers.asArrayRef());
    collectAccesses(entry);
    createScopes();
    annotate();
    return success();
  }

  /// Buffers that begin at one place count with the larger size.
  void collectSizes(ArrayRef<int64_t> buffers) {
    sizes.clear();
    for (size_t i = 0; i + 1 < buffers.size(); i += 2) {
      int64_t &size = sizes[buffers[i]];
      size = std::max(size, buffers[i + 1]);
    }
  }

  void collectAccesses(LLVM::LLVMFuncOp entry) {
    accesses.clear();
    Value arena = entry.getArguments().back();
    entry.walk([&](LLVM::AliasAnalysisOpInterface op) {
      SmallVector<Value> addresses = op.getAccessedOperands();
      if (addresses.size() != 1)
        return;
      std::optional<Root> root = findRoot(addresses[0], arena);
      if (root && (root->offset < 0 || sizes.contains(root->offset)))
        accesses[*root].push_back(op);
    });
  }

  void createScopes() {
    MLIRContext *context = &getContext();
    auto unit = UnitAttr::get(context);
    auto domain =
        LLVM::AliasScopeDomainAttr::get(context, DistinctAttr::create(unit),
                                        StringAttr::get(context, "buffers"));
    scopes.clear();
    for (size_t i = 0; i < accesses.size(); ++i)
      scopes.push_back(LLVM::AliasScopeAttr::get(
          context, DistinctAttr::create(unit), domain,
          StringAttr::get(context, "buffer " + std::to_string(i))));
  }

  bool areDistinct(const Root &a, const Root &b) const {
    if (a.base != b.base)
      return true;
    return a.offset + sizes.lookup(a.offset) <= b.offset ||
           b.offset + sizes.lookup(b.offset) <= a.offset;
  }

  void annotate() {
    MLIRContext *context = &getContext();
    for (auto [i, entry] : llvm::enumerate(accesses)) {
      SmallVector<Attribute> others;
      for (auto [j, other] : llvm::enumerate(accesses))
        if (i != j && areDistinct(entry.first, other.first))
          others.push_back(scopes[j]);
      auto own = ArrayAttr::get(context, {scopes[i]});
      auto distinct = ArrayAttr::get(context, others);
      for (LLVM::AliasAnalysisOpInterface op : entry.second) {
        op.setAliasScopes(own);
        op.setNoAliasScopes(distinct);
      }
    }
  }

  /// Offset to size of the arena's buffers.
  DenseMap<int64_t, int64_t> sizes;
  llvm::MapVector<Root, SmallVector<LLVM::AliasAnalysisOpInterface>> accesses;
  SmallVector<Attribute> scopes;
};

} // namespace
