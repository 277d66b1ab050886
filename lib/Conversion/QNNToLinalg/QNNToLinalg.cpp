// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The conversion pass: type conversion, target and pattern families. Refuses
// modules with quantized types or operations it does not know.

#include "PopulatePatterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Conversion/Passes.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

namespace qnn {
#define GEN_PASS_DEF_CONVERTQNNTOLINALGPASS
#include "qnn/Conversion/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// Integers with a sign become signless ones of the same width: upstream
/// arithmetic has the sign in the operation.
static void populateTypeConversions(TypeConverter &converter) {
  converter.addConversion([](Type type) { return type; });
  converter.addConversion([](RankedTensorType type) -> std::optional<Type> {
    if (getQuantizedElementType(type))
      return Type();
    auto integer = dyn_cast<IntegerType>(type.getElementType());
    if (!integer || integer.isSignless())
      return type;
    return type.clone(IntegerType::get(type.getContext(), integer.getWidth()));
  });
}

static void populateLegality(ConversionTarget &target,
                             const TypeConverter &converter) {
  target.addLegalDialect<bufferization::BufferizationDialect,
                         arith::ArithDialect, linalg::LinalgDialect,
                         math::MathDialect, BuiltinDialect>();
  target.addIllegalDialect<QNNDialect>();
  target.addDynamicallyLegalDialect<tensor::TensorDialect>(
      [&](Operation *op) { return converter.isLegal(op); });
  target.addIllegalOp<tensor::ConcatOp>();
  target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp op) {
    return converter.isSignatureLegal(op.getFunctionType()) &&
           converter.isLegal(&op.getBody());
  });
  target.addDynamicallyLegalOp<func::ReturnOp>(
      [&](func::ReturnOp op) { return converter.isLegal(op.getOperation()); });
}

namespace {

struct ConvertQNNToLinalg
    : qnn::impl::ConvertQNNToLinalgPassBase<ConvertQNNToLinalg> {
  using Base::Base;

  void runOnOperation() override {
    TypeConverter converter;
    populateTypeConversions(converter);
    ConversionTarget target(getContext());
    populateLegality(target, converter);
    RewritePatternSet patterns(&getContext());
    populateConvPatterns(converter, patterns);
    populateConvGradientPatterns(converter, patterns);
    populateElementwisePatterns(converter, patterns);
    populateFixedPointPatterns(converter, patterns);
    populateMatMulPatterns(converter, patterns);
    populateMathPatterns(converter, patterns);
    populateMovementPatterns(converter, patterns);
    populatePoolPatterns(converter, patterns);
    populatePoolGradientPatterns(converter, patterns);
    populateQuantizationPatterns(converter, patterns);
    populateReductionPatterns(converter, patterns);
    populateSimulationPatterns(converter, patterns);
    populateSoftmaxPatterns(converter, patterns);
    populateTrainingPatterns(converter, patterns);
    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns,
                                                                   converter);
    populateReturnOpTypeConversionPattern(patterns, converter);
    if (failed(
            applyFullConversion(getOperation(), target, std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
