// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel is a function of its own: LLVM optimizes and allocates registers
// layer by layer, and threads can share its work.

#ifndef QNN_LIB_CODEGEN_CPU_KERNELFUNCTION_H
#define QNN_LIB_CODEGEN_CPU_KERNELFUNCTION_H

#include "Contraction.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"

namespace qnn {

/// `func.func private @kernel(buffers..., %begin: index, %end: index)`, called
/// once with all units of its work. Units can be computed in any order and at
/// the same time.
struct KernelFunction {
  mlir::func::FuncOp function;
  /// The buffers inside of the function, in the order of those of the caller.
  llvm::SmallVector<mlir::Value> buffers;
  /// Units of work that a call computes: [begin, end).
  mlir::Value begin, end;
};

/// Creates the function and a call of it at the place of the builder, with the
/// range [0, numUnits). Null buffers stay null and are not passed. Buffers with
/// roots of their own do not overlap, which LLVM is told; `roots` has one for
/// each buffer. Only the buffers with a number in `written` are written. `work`
/// counts vector multiply-adds. The body is empty but for its terminator.
KernelFunction emitKernelFunction(mlir::ImplicitLocOpBuilder &builder,
                                  mlir::SymbolTable &symbols,
                                  mlir::ValueRange buffers,
                                  mlir::ValueRange roots,
                                  llvm::ArrayRef<unsigned> written,
                                  int64_t numUnits, int64_t work);

/// Elements from the first to the last one that the loops of an operation walk
/// over; nothing if a loop walks backwards.
std::optional<int64_t> countSpan(const FlatOperand &operand,
                                 llvm::ArrayRef<int64_t> extents);

/// Notes which elements each unit accesses in each buffer: a list of first ones
/// and those behind the last, which is empty where that is not known.
void setAccesses(const KernelFunction &kernel,
                 llvm::function_ref<llvm::SmallVector<int64_t>(unsigned buffer)>
                     listElements);

/// Whether the call of a kernel may write the buffer behind `root`.
bool writesTo(mlir::func::CallOp call, mlir::Value root);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_KERNELFUNCTION_H
