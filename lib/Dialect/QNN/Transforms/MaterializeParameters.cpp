// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Initializers become values that depend on the seed and the parameter's name
// only: not on the order of parameters, the machine or a library.

#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Quantization/ElementaryFunctions.h"
#include "llvm/Support/xxhash.h"
#include <cmath>

#define DEBUG_TYPE "qnn-materialize-parameters"

namespace qnn {
#define GEN_PASS_DEF_QNNMATERIALIZEPARAMETERSPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {
/// How many products an output of a layer sums, and how many an input of it
/// takes part in.
struct Fan {
  double in, out;
};
} // namespace

static int64_t lastExtent(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape().back();
}

/// Of the first layer whose weights or bias the parameter is.
static std::optional<Fan> findFan(ParameterOp parameter) {
  for (OpOperand &use : parameter->getUses()) {
    auto layer = dyn_cast<QuantizableOpInterface>(use.getOwner());
    if (!layer)
      continue;
    OperandRole role = layer.getOperandRole(use.getOperandNumber());
    if (role != OperandRole::Weights && role != OperandRole::Bias)
      continue;
    for (OpOperand &weights : layer->getOpOperands()) {
      if (layer.getOperandRole(weights.getOperandNumber()) !=
          OperandRole::Weights)
        continue;
      // Every weight belongs to one output channel and to one input channel of
      // its group, so that a channel's share is what takes part.
      auto type = cast<RankedTensorType>(weights.get().getType());
      return Fan{
          double(type.getNumElements()) / lastExtent(layer->getResult(0)),
          double(type.getNumElements()) / lastExtent(layer->getOperand(0))};
    }
  }
  return std::nullopt;
}

/// Largest magnitude of the numbers.
static double getLimit(Initializer initializer, Fan fan) {
  switch (initializer) {
  case Initializer::Zeros:
    return 0;
  case Initializer::Uniform:
    return 1 / std::sqrt(fan.in);
  case Initializer::He:
    return std::sqrt(6 / fan.in);
  case Initializer::Glorot:
    return std::sqrt(6 / (fan.in + fan.out));
  }
  llvm_unreachable("all initializers are handled");
}

static DenseElementsAttr makeValues(ParameterOp parameter, double limit,
                                    uint32_t seed) {
  auto type = cast<RankedTensorType>(parameter.getType());
  if (limit == 0)
    return DenseElementsAttr::get(type, 0.0f);
  uint64_t name = llvm::xxh3_64bits(parameter.getName());
  std::array<uint32_t, 3> key = {seed, uint32_t(name), uint32_t(name >> 32)};
  SmallVector<float> values(type.getNumElements());
  for (auto [index, value] : llvm::enumerate(values)) {
    // The middle of one of 2^24 intervals of (0, 1): both signs alike.
    double uniform = double(uniformReference(index, key)) + 0x1p-25;
    value = float(limit * (2 * uniform - 1));
  }
  return DenseElementsAttr::get(type, ArrayRef<float>(values));
}

namespace {
struct MaterializeParametersPass
    : qnn::impl::QNNMaterializeParametersPassBase<MaterializeParametersPass> {
  using Base::Base;

  void runOnOperation() override {
    WalkResult result = getOperation().walk([&](ParameterOp parameter) {
      auto initializer = dyn_cast<InitializerAttr>(parameter.getValue());
      if (!initializer)
        return WalkResult::advance();
      std::optional<Fan> fan = findFan(parameter);
      if (!fan && initializer.getKind() != Initializer::Zeros) {
        parameter.emitOpError("expects to be the weights or the bias of a "
                              "layer, whose extents its initializer needs");
        return WalkResult::interrupt();
      }
      double limit = getLimit(initializer.getKind(), fan.value_or(Fan{1, 1}));
      parameter.setValueAttr(makeValues(parameter, limit, seed));
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
