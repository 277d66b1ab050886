// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantized operations to explicit integer ones: the pass. The patterns are in
// this folder, by family.

#include "Patterns.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-legalize"

namespace qnn {
#define GEN_PASS_DEF_QNNLEGALIZEPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {
/// Quantized tensors become tensors of their codes.
struct CodeTypeConverter : TypeConverter {
  CodeTypeConverter() {
    addConversion([](Type type) { return type; });
    addConversion([](RankedTensorType type) -> Type {
      QuantizedElementType element = getQuantizedElementType(type);
      return element ? Type(type.clone(getExplicitType(element))) : type;
    });
  }
};

struct LegalizePass : qnn::impl::QNNLegalizePassBase<LegalizePass> {
  using Base::Base;

  void runOnOperation() override {
    MLIRContext *context = &getContext();
    CodeTypeConverter converter;
    RewritePatternSet patterns(context);
    populateLegalizeContractionPatterns(converter, patterns);
    populateLegalizeElementwisePatterns(converter, patterns);
    populateLegalizeMathPatterns(converter, patterns);
    populateLegalizeMovementPatterns(converter, patterns);
    populateLegalizeQuantizationPatterns(converter, patterns);
    populateLegalizeReductionPatterns(converter, patterns);
    if (failed(convertTypes(getOperation(), converter, std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
