// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contractions of bytes and of floats become
// register-blocked loops on vectors, with the elementwise operation behind them
// computed on registers. Whatever does not fit stays as it is and becomes plain
// loops.

#include "ComputedKernel.h"
#include "ContractionKernel.h"
#include "FloatKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNCPULOWERCONTRACTIONSPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {

struct LowerContractions
    : qnn::impl::QNNCPULowerContractionsPassBase<LowerContractions> {
  using Base::Base;

  void runOnOperation() override {
    const TargetRow *row = getTargetRow(getOperation());
    if (!row)
      return signalPassFailure();
    SmallVector<linalg::GenericOp> candidates;
    getOperation().walk([&](linalg::GenericOp op) {
      if (op.getNumReductionLoops() > 0)
        candidates.push_back(op);
    });
    SymbolTable symbols(getOperation());
    // From the back, because of several contractions that one epilogue reads
    // it belongs to the last: the others are complete by then.
    for (linalg::GenericOp op : llvm::reverse(candidates))
      lower(op, *row, symbols);
  }

private:
  void lower(linalg::GenericOp op, const TargetRow &row, SymbolTable &symbols) {
    StringRef reason;
    if (lowerFloats(op, row, symbols, reason) ||
        lowerBytes(op, row, symbols, reason))
      return;
    if (remarks)
      op.emitRemark("stays a plain loop: ") << reason;
    ++numLoops;
  }

  bool lowerFloats(linalg::GenericOp op, const TargetRow &row,
                   SymbolTable &symbols, StringRef &reason) {
    if (!op.getRegionOutputArgs()[0].getType().isF32())
      return false;
    auto contraction = matchBatchContraction(op, reason);
    if (contraction)
      emit(*contraction, row, symbols, emitFloatKernel);
    return contraction.has_value();
  }

  /// With constant weights, or with two computed sides.
  bool lowerBytes(linalg::GenericOp op, const TargetRow &row,
                  SymbolTable &symbols, StringRef &reason) {
    if (op.getRegionOutputArgs()[0].getType().isF32())
      return false;
    if (row.dot4 == Dot4Form::None) {
      reason = "expects a target with a step for bytes";
      return false;
    }
    if (auto contraction = matchContraction(op, reason)) {
      emit(*contraction, row, symbols, emitContractionKernel);
      return true;
    }
    StringRef why;
    auto contraction = matchBatchContraction(op, why);
    if (contraction)
      emit(*contraction, row, symbols, emitComputedKernel);
    else if (llvm::none_of(op.getDpsInputs(), getConstant))
      reason = why;
    return contraction.has_value();
  }

  template <typename ContractionTy, typename EmitTy>
  void emit(const ContractionTy &contraction, const TargetRow &row,
            SymbolTable &symbols, EmitTy emitKernel) {
    StringRef reason;
    linalg::GenericOp op = contraction.op;
    std::optional<Epilogue> epilogue = matchEpilogue(contraction, reason);
    if (!epilogue && remarks)
      op.emitRemark("stores its accumulators: ") << reason;
    Operation *position = epilogue ? epilogue->op : op;
    ImplicitLocOpBuilder builder(op.getLoc(), position);
    emitKernel(builder, symbols, row, contraction,
               epilogue ? &*epilogue : nullptr);
    ++numKernels;
    if (contraction.init)
      contraction.init->erase();
    op.erase();
    if (!epilogue)
      return;
    ++numEpilogues;
    epilogue->op.erase();
    auto buffer =
        contraction.result.memref.template getDefiningOp<memref::AllocOp>();
    buffer.erase();
  }
};

} // namespace
