// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the CPU code generator, and the attributes they exchange.

#ifndef QNN_CODEGEN_CPU_PASSES_H
#define QNN_CODEGEN_CPU_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace qnn {

/// Bytes that the arena must have; an i64 of the entry function.
inline constexpr llvm::StringLiteral kArenaBytesAttr = "qnn.arena_bytes";
/// The most bytes live at any one time; an i64 of the entry function.
inline constexpr llvm::StringLiteral kArenaLowerBoundAttr =
    "qnn.arena_lower_bound";
/// Offset and size of each buffer of the arena, alternating.
inline constexpr llvm::StringLiteral kArenaBuffersAttr = "qnn.arena_buffers";
/// In how many parts the work of a kernel function can be split; an i64.
inline constexpr llvm::StringLiteral kKernelUnitsAttr = "qnn.kernel_units";
/// Vector multiply-adds of all of them together; an i64.
inline constexpr llvm::StringLiteral kKernelWorkAttr = "qnn.kernel_work";
/// For each buffer of a kernel function a list with the first byte that each
/// unit accesses and the one behind the last, counted from the start of the
/// buffer. Only where it is known.
inline constexpr llvm::StringLiteral kKernelAccessesAttr =
    "qnn.kernel_accesses";
/// The model's name, a C identifier: the prefix of all exported symbols.
inline constexpr llvm::StringLiteral kModelNameAttr = "qnn.model_name";
/// Arrays of dictionaries {name, type, scale, zero_point}.
inline constexpr llvm::StringLiteral kInputsAttr = "qnn.inputs";
inline constexpr llvm::StringLiteral kOutputsAttr = "qnn.outputs";
/// A unit on a public function of one row: make an object that takes any
/// number of rows.
inline constexpr llvm::StringLiteral kDynamicRowsAttr = "qnn.dynamic_rows";
/// How many rows a body takes, a list of one; or the entry's bodies, the
/// largest first. Only in an object that takes any number of rows.
inline constexpr llvm::StringLiteral kRowBlocksAttr = "qnn.row_blocks";
/// The arena and all buffers in it are aligned to this many bytes: a cache
/// line, and the widest vector register.
inline constexpr int64_t kArenaAlignment = 64;
/// What the symbols of the entry functions have behind the model's name: the
/// one for the caller's thread alone, and the one that shares work.
inline constexpr llvm::StringLiteral kEntrySuffix = "_run";
inline constexpr llvm::StringLiteral kParallelEntrySuffix = "_run_parallel";

#define GEN_PASS_DECL
#include "qnn/Codegen/CPU/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "qnn/Codegen/CPU/Passes.h.inc"

} // namespace qnn

#endif // QNN_CODEGEN_CPU_PASSES_H
