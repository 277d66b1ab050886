// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of operations, one list for each family of the ONNX operators.

#ifndef QNN_LIB_IMPORT_ONNX_HANDLERS_H
#define QNN_LIB_IMPORT_ONNX_HANDLERS_H

#include "NodeContext.h"
#include "llvm/ADT/ArrayRef.h"

namespace qnn::importer {

/// The opsets of the default domain whose changes the handlers follow.
constexpr int64_t kFirstOpset = 7, kLastOpset = 25;

/// Imports operation `op` of opset `since` up to the next row's, or `until`.
struct Handler {
  llvm::StringLiteral op;
  int64_t since;
  mlir::LogicalResult (*run)(NodeContext &node);
  llvm::StringLiteral summary;
  int64_t until = kLastOpset;
};

llvm::ArrayRef<Handler> getConstantHandlers();
llvm::ArrayRef<Handler> getContractionHandlers();
llvm::ArrayRef<Handler> getElementaryHandlers();
llvm::ArrayRef<Handler> getMathHandlers();
llvm::ArrayRef<Handler> getNNHandlers();
llvm::ArrayRef<Handler> getRecurrentHandlers();
llvm::ArrayRef<Handler> getReductionHandlers();
llvm::ArrayRef<Handler> getSliceHandlers();
llvm::ArrayRef<Handler> getTensorHandlers();

/// One of the contractions, in a file of its own.
mlir::LogicalResult importConvTranspose(NodeContext &node);

/// The newest row for the opset, or null.
const Handler *findHandler(llvm::StringRef op, int64_t opset);

/// The names of all operations, in alphabetical order.
std::vector<llvm::StringRef> getSupportedOps();

} // namespace qnn::importer

#endif // QNN_LIB_IMPORT_ONNX_HANDLERS_H
