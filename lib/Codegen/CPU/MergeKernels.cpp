// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers of the same shape have the same kernel, which is compiled once.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OperationSupport.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "llvm/ADT/MapVector.h"

namespace qnn {
#define GEN_PASS_DEF_QNNMERGEKERNELSPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// Type, attributes of arguments, units and work: all but the name.
static DictionaryAttr getInterface(func::FuncOp kernel) {
  NamedAttrList attributes(kernel->getAttrs());
  attributes.erase(SymbolTable::getSymbolAttrName());
  return attributes.getDictionary(kernel.getContext());
}

/// Equal for kernels that do the same. Of operands only the number counts.
static llvm::hash_code hashKernel(func::FuncOp kernel) {
  llvm::hash_code hash = hash_value(getInterface(kernel));
  kernel.getBody().walk([&](Operation *op) {
    hash = llvm::hash_combine(
        hash, OperationEquivalence::computeHash(
                  op, OperationEquivalence::ignoreHashValue,
                  OperationEquivalence::ignoreHashValue,
                  OperationEquivalence::IgnoreLocations));
  });
  return hash;
}

static bool doTheSame(func::FuncOp lhs, func::FuncOp rhs) {
  return getInterface(lhs) == getInterface(rhs) &&
         OperationEquivalence::isRegionEquivalentTo(
             &lhs.getBody(), &rhs.getBody(),
             OperationEquivalence::IgnoreLocations);
}

namespace {

struct MergeKernels : qnn::impl::QNNMergeKernelsPassBase<MergeKernels> {
  using Base::Base;

  void runOnOperation() override {
    // The first one stays.
    llvm::MapVector<size_t, SmallVector<func::FuncOp>> byHash;
    DenseMap<StringAttr, func::FuncOp> merged;
    for (auto kernel : getOperation().getOps<func::FuncOp>()) {
      if (!kernel->hasAttr(kKernelUnitsAttr))
        continue;
      SmallVector<func::FuncOp> &known = byHash[hashKernel(kernel)];
      auto *same = llvm::find_if(known, [&](func::FuncOp other) {
        return doTheSame(kernel, other);
      });
      if (same == known.end())
        known.push_back(kernel);
      else
        merged[kernel.getSymNameAttr()] = *same;
    }
    getOperation().walk([&](func::CallOp call) {
      auto found = merged.find(call.getCalleeAttr().getAttr());
      if (found != merged.end())
        call.setCallee(found->second.getSymName());
    });
    for (auto kernel :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (merged.contains(kernel.getSymNameAttr()))
        kernel.erase();
  }
};

} // namespace
