// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Function, call, and what LLVM is told about the arguments.

#include "KernelFunction.h"
#include "Contraction.h"
#include "FlatAccess.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "qnn/Codegen/CPU/CIdentifier.h"
#include "qnn/Codegen/CPU/Passes.h"

using namespace mlir;
using namespace qnn;

bool qnn::writesTo(func::CallOp call, Value root) {
  auto function = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  for (auto [i, operand] : llvm::enumerate(call.getOperands()))
    if (isa<MemRefType>(operand.getType()) && getRoot(operand) == root &&
        !function.getArgAttr(i, LLVM::LLVMDialect::getReadonlyAttrName()))
      return true;
  return false;
}

/// The node of the model that the kernel computes, as part of a symbol. Some
/// exporters make names of hundreds of characters.
static std::string getName(Location loc) {
  constexpr size_t maxLength = 40;
  std::string name = "kernel";
  if (auto node = loc->findInstanceOf<NameLoc>())
    name += "_" + toCIdentifier(node.getName().strref().take_front(maxLength));
  return name;
}

KernelFunction qnn::emitKernelFunction(ImplicitLocOpBuilder &builder,
                                       SymbolTable &symbols, ValueRange buffers,
                                       ValueRange roots,
                                       ArrayRef<unsigned> written,
                                       int64_t numUnits, int64_t work) {
  SmallVector<Value> arguments;
  for (Value buffer : buffers)
    if (buffer)
      arguments.push_back(buffer);
  arguments.push_back(emitIndex(builder, 0));
  arguments.push_back(emitIndex(builder, numUnits));

  OpBuilder detached(builder.getContext());
  auto type = FunctionType::get(builder.getContext(),
                                ValueRange(arguments).getTypes(), {});
  auto function = func::FuncOp::create(detached, builder.getLoc(),
                                       getName(builder.getLoc()), type);
  function.setPrivate();
  // Inlined again, all kernels would be one function of the model's size.
  function->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
  function->setAttr(kKernelUnitsAttr, builder.getI64IntegerAttr(numUnits));
  function->setAttr(kKernelWorkAttr, builder.getI64IntegerAttr(work));
  symbols.insert(function);
  Block *body = function.addEntryBlock();
  detached.setInsertionPointToStart(body);
  func::ReturnOp::create(detached, builder.getLoc());

  KernelFunction kernel{function, {}, {}, {}};
  unsigned position = 0;
  for (auto [buffer, root] : llvm::zip_equal(buffers, roots)) {
    if (!buffer) {
      kernel.buffers.push_back(Value());
      continue;
    }
    auto setAttr = [&](StringRef name) {
      function.setArgAttr(position, name, builder.getUnitAttr());
    };
    if (llvm::count(roots, root) == 1)
      setAttr(LLVM::LLVMDialect::getNoAliasAttrName());
    if (!llvm::is_contained(written, kernel.buffers.size()))
      setAttr(LLVM::LLVMDialect::getReadonlyAttrName());
    kernel.buffers.push_back(body->getArgument(position++));
  }
  kernel.begin = body->getArgument(position++);
  kernel.end = body->getArgument(position);
  func::CallOp::create(builder, function, arguments);
  return kernel;
}

std::optional<int64_t> qnn::countSpan(const FlatOperand &operand,
                                      ArrayRef<int64_t> extents) {
  int64_t span = 1;
  for (auto [extent, step] : llvm::zip_equal(extents, operand.steps)) {
    if (step < 0)
      return std::nullopt;
    span += (extent - 1) * step;
  }
  return span;
}

void qnn::setAccesses(
    const KernelFunction &kernel,
    llvm::function_ref<SmallVector<int64_t>(unsigned buffer)> listElements) {
  func::FuncOp function = kernel.function;
  Builder builder(function.getContext());
  SmallVector<Attribute> accesses;
  for (auto [i, buffer] : llvm::enumerate(kernel.buffers)) {
    if (!buffer)
      continue;
    SmallVector<int64_t> bounds = listElements(i);
    if (bounds.empty())
      return;
    int64_t width =
        cast<MemRefType>(buffer.getType()).getElementTypeBitWidth() / 8;
    for (int64_t &bound : bounds)
      bound *= width;
    accesses.push_back(builder.getDenseI64ArrayAttr(bounds));
  }
  function->setAttr(kKernelAccessesAttr, builder.getArrayAttr(accesses));
}
