// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and types of inputs and outputs as attributes of the entry function.

#include "EntryFunction.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Codegen/CPU/CIdentifier.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNPREPAREENTRYPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

static bool isInterfaceType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return false;
  Type element = tensor.getElementType();
  return element.isF32() ||
         llvm::any_of(ArrayRef<unsigned>{8, 16, 32, 64},
                      [&](unsigned width) { return element.isInteger(width); });
}

/// The dictionary of one input or output. `fallback` names it if the model
/// does not.
static DictionaryAttr describe(Type type, DictionaryAttr attrs,
                               const Twine &fallback) {
  Builder builder(type.getContext());
  NamedAttrList result;
  result.set("name", builder.getStringAttr(fallback));
  result.set("type", TypeAttr::get(type));
  if (attrs)
    for (StringRef key : {"name", "scale", "zero_point"})
      if (Attribute value = attrs.get(("qnn." + key).str()))
        result.set(key, value);
  return result.getDictionary(type.getContext());
}

/// Gives a value that is returned more than once a copy for each further time:
/// every result needs memory of its own.
static void copyRepeatedResults(func::FuncOp entry) {
  llvm::SmallDenseSet<Value> seen;
  Operation *terminator = entry.getBody().front().getTerminator();
  OpBuilder builder(terminator);
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value value = operand.get();
    if (!seen.insert(value).second)
      operand.set(bufferization::AllocTensorOp::create(
          builder, value.getLoc(), cast<RankedTensorType>(value.getType()),
          /*dynamicSizes=*/ValueRange(), /*copy=*/value));
  }
}

namespace {

struct PrepareEntry : qnn::impl::QNNPrepareEntryPassBase<PrepareEntry> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<func::FuncOp> entries =
        findEntries<func::FuncOp>(getOperation());
    if (entries.empty())
      return signalPassFailure();
    // Bodies for blocks of rows are parts of the model of one row.
    auto name =
        StringAttr::get(&getContext(), toCIdentifier(entries.back().getName()));
    for (func::FuncOp entry : entries) {
      if (failed(checkTypes(entry)))
        return signalPassFailure();
      prepare(entry, name);
    }
  }

private:
  void prepare(func::FuncOp entry, StringAttr name) {
    copyRepeatedResults(entry);
    Builder builder(&getContext());
    SmallVector<Attribute> inputs, outputs;
    for (auto [i, type] : llvm::enumerate(entry.getArgumentTypes())) {
      std::string fallback =
          entry.getNumArguments() == 1 ? "input" : "input_" + std::to_string(i);
      inputs.push_back(describe(type, entry.getArgAttrDict(i), fallback));
      entry.setArgAttr(i,
                       bufferization::BufferizationDialect::kWritableAttrName,
                       builder.getBoolAttr(false));
    }
    for (auto [i, type] : llvm::enumerate(entry.getResultTypes())) {
      std::string fallback =
          entry.getNumResults() == 1 ? "output" : "output_" + std::to_string(i);
      outputs.push_back(describe(type, entry.getResultAttrDict(i), fallback));
    }
    entry->setAttr(kModelNameAttr, name);
    entry->setAttr(kInputsAttr, builder.getArrayAttr(inputs));
    entry->setAttr(kOutputsAttr, builder.getArrayAttr(outputs));
  }

  static LogicalResult checkTypes(func::FuncOp entry) {
    if (entry.getNumResults() == 0)
      return entry.emitError("expects at least one result");
    for (Type type : llvm::concat<const Type>(entry.getArgumentTypes(),
                                              entry.getResultTypes()))
      if (!isInterfaceType(type))
        return entry.emitError("expects arguments and results that are tensors "
                               "of static shape, of f32 or integers of whole "
                               "bytes, got ")
               << type;
    return success();
  }
};

} // namespace
