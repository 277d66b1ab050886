// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contractions of bytes and of floats become
// register-blocked loops on vectors, with the elementwise operation behind them
// computed on registers. Whatever does not fit stays as it is and becomes plain
// loops.

#include "ComputedKernel.h"
#include "ContractionKernel.h"
#include "FloatKernel.h"
#include "PrepareActivations.h"
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
      mlir::emitRemark(op.getLoc(), "stays a plain loop: ") << reason;
  }

  bool lowerFloats(linalg::GenericOp op, const TargetRow &row,
                   SymbolTable &symbols, StringRef &reason) {
    if (!op.getRegionOutputArgs()[0].getType().isF32())
      return false;
    auto contraction = matchBatchContraction(op, reason);
    if (!contraction)
      return false;
    contraction->sumBlock = chooseSumBlock(row, *contraction);
    if (contraction->sumBlock != 0) {
      // Every pass loads what the one before it, or the start, has stored.
      contraction->init = nullptr;
      contraction->startValues = {};
    }
    emit(*contraction,
         [&](ImplicitLocOpBuilder &builder, const Epilogue *epilogue) {
           emitFloatKernel(builder, symbols, row, *contraction, epilogue);
         });
    return true;
  }

  /// With constant weights, or with two computed sides.
  bool lowerBytes(linalg::GenericOp op, const TargetRow &row,
                  SymbolTable &symbols, StringRef &reason) {
    if (op.getRegionOutputArgs()[0].getType().isF32())
      return false;
    if (auto contraction = matchContraction(op, row.lanes(), reason)) {
      emit(*contraction,
           [&](ImplicitLocOpBuilder &builder, const Epilogue *epilogue) {
             emitConstantWeights(builder, symbols, row, *contraction, epilogue);
           });
      return true;
    }
    if (row.dot4 == Dot4Form::Widening) {
      if (llvm::none_of(op.getDpsInputs(), getConstant))
        reason = "expects a target that multiplies vectors of bytes";
      return false;
    }
    StringRef why;
    auto contraction = matchBatchContraction(op, why);
    if (contraction)
      emit(*contraction,
           [&](ImplicitLocOpBuilder &builder, const Epilogue *epilogue) {
             emitComputedKernel(builder, symbols, row, *contraction, epilogue);
           });
    else if (llvm::none_of(op.getDpsInputs(), getConstant))
      reason = why;
    return contraction.has_value();
  }

  void emitConstantWeights(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                           const TargetRow &row, Contraction &contraction,
                           const Epilogue *epilogue) {
    prepareActivations(builder, row, contraction);
    StepCounts steps =
        emitContractionKernel(builder, symbols, row, contraction, epilogue);
    if (remarks && steps.wide > 0)
      mlir::emitRemark(contraction.op.getLoc(), "multiplies 16-bit numbers in ")
          << steps.wide << " of " << steps.wide + steps.bytes
          << " steps: bytes would saturate";
  }

  template <typename ContractionTy, typename EmitTy>
  void emit(const ContractionTy &contraction, EmitTy emitKernel) {
    StringRef reason;
    linalg::GenericOp op = contraction.op;
    std::optional<Epilogue> epilogue = matchEpilogue(contraction, reason);
    if (!epilogue && remarks)
      mlir::emitRemark(op.getLoc(), "stores its accumulators: ") << reason;
    Operation *position = epilogue ? epilogue->op : op;
    ImplicitLocOpBuilder builder(op.getLoc(), position);
    emitKernel(builder, epilogue ? &*epilogue : nullptr);
    if (contraction.init)
      contraction.init->erase();
    op.erase();
    if (!epilogue)
      return;
    epilogue->op.erase();
    auto buffer =
        contraction.result.memref.template getDefiningOp<memref::AllocOp>();
    buffer.erase();
  }
};

} // namespace
