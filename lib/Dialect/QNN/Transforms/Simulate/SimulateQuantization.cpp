// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantized operations to float ones that compute the same integers: the pass.
// The patterns are in this folder, by family.

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"

#define DEBUG_TYPE "qnn-simulate-quantization"

namespace qnn {
#define GEN_PASS_DEF_QNNSIMULATEQUANTIZATIONPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// The quantizations of what is learned: of parameters, and of arguments that
/// were.
static DenseSet<Operation *> findParameterQuantizations(ModuleOp module) {
  DenseSet<Operation *> found;
  module.walk([&](QuantizeOp op) {
    Value input = op.getInput();
    auto argument = dyn_cast<BlockArgument>(input);
    auto function = op->getParentOfType<func::FuncOp>();
    if (input.getDefiningOp<ParameterOp>() ||
        (argument &&
         function.getArgAttr(argument.getArgNumber(), kParameterAttr)))
      found.insert(op);
  });
  return found;
}

namespace {
/// Quantized tensors become tensors of floats.
struct CarrierTypeConverter : TypeConverter {
  CarrierTypeConverter() {
    addConversion([](Type type) { return type; });
    addConversion([](RankedTensorType type) -> Type {
      return getQuantizedElementType(type) ? getCarrierType(type) : type;
    });
  }
};

struct SimulateQuantizationPass
    : qnn::impl::QNNSimulateQuantizationPassBase<SimulateQuantizationPass> {
  using Base::Base;

  void runOnOperation() override {
    MLIRContext *context = &getContext();
    CarrierTypeConverter converter;
    RewritePatternSet patterns(context);
    Quantizers quantizers;
    if (!learnQuantizers.empty() && failed(addArguments(quantizers)))
      return signalPassFailure();
    populateSimulateContractionPatterns(converter, patterns, quantizers);
    populateSimulateElementwisePatterns(converter, patterns, quantizers);
    populateSimulateMathPatterns(converter, patterns, quantizers);
    DenseSet<Operation *> ofParameters =
        findParameterQuantizations(getOperation());
    populateSimulateQuantizationPatterns(converter, patterns, quantizers,
                                         ofParameters);
    populateSimulateReductionPatterns(converter, patterns, quantizers);
    if (failed(convertTypes(getOperation(), converter, std::move(patterns))))
      signalPassFailure();
  }

private:
  LogicalResult addArguments(Quantizers &quantizers) {
    std::optional<QuantizerLearning> how =
        symbolizeQuantizerLearning(learnQuantizers);
    if (!how)
      return getOperation().emitError("unknown way to learn quantizers '")
             << learnQuantizers << "': expects lsq, lsq+ or pact";
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(quantizers.addArguments(function, *how,
                                         normalizeQuantizerGradients)))
        return failure();
    return success();
  }
};
} // namespace
