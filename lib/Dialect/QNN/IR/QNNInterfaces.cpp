// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the operations of the dialect answer QuantizableOpInterface.

#include "mlir/IR/Matchers.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

/// A parameter is: what it has when the model is used does not change.
static bool isConstant(Value value) {
  return matchPattern(value, m_Constant()) ||
         isa_and_nonnull<ConstantOp, ParameterOp>(value.getDefiningOp());
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

static OperandRole contractionRole(unsigned operand, Value weights) {
  if (operand == 2)
    return OperandRole::Bias;
  if (operand == 1 && isConstant(weights))
    return OperandRole::Weights;
  return OperandRole::Activation;
}

static std::string reasonForBias(Value bias) {
  if (bias && !isConstant(bias))
    return "its bias is not a constant";
  return "";
}

OperandRole Conv2DOp::getOperandRole(unsigned operand) {
  return contractionRole(operand, getWeights());
}
std::optional<int64_t> Conv2DOp::getWeightsChannelAxis() { return 0; }
std::string Conv2DOp::getReasonToStayFloat() {
  if (!isConstant(getWeights()))
    return "its weights are not a constant";
  return reasonForBias(getBias());
}
void Conv2DOp::requestRequantization(RequantizationMode mode) {
  setRequantization(mode);
}

OperandRole MatMulOp::getOperandRole(unsigned operand) {
  return contractionRole(operand, getRhs());
}
std::optional<int64_t> MatMulOp::getWeightsChannelAxis() {
  // A batch of matrices has more than one slice for each column.
  auto rhs = cast<RankedTensorType>(getRhs().getType());
  if (rhs.getRank() != 2)
    return std::nullopt;
  return 1;
}
std::string MatMulOp::getReasonToStayFloat() {
  return reasonForBias(getBias());
}
void MatMulOp::requestRequantization(RequantizationMode mode) {
  setRequantization(mode);
}

//===----------------------------------------------------------------------===//
// Others
//===----------------------------------------------------------------------===//

/// Products of wider codes do not fit i32.
int64_t MulOp::getMaxActivationBits() { return 8; }
void MulOp::requestRequantization(RequantizationMode mode) {
  setRequantization(mode);
}

OperandRole NormalizeOp::getOperandRole(unsigned) {
  return OperandRole::NotQuantized;
}

std::optional<std::pair<double, double>> NormalizeOp::getKnownResultRange() {
  if (!isIntegerTensor(getInput().getType()))
    return std::nullopt;
  double low = 0, high = 0;
  size_t channels = std::max(getMean().size(), getScale().size());
  for (size_t c = 0; c < channels; ++c) {
    float mean = getMean()[getMean().size() == 1 ? 0 : c];
    float scale = getScale()[getScale().size() == 1 ? 0 : c];
    double atZero = (0.0f - mean) * scale, atMax = (255.0f - mean) * scale;
    low = std::min({low, atZero, atMax});
    high = std::max({high, atZero, atMax});
  }
  return std::make_pair(low, high);
}

bool MaxPool2DOp::requiresSameParameters() { return true; }
bool TransposeOp::requiresSameParameters() { return true; }
bool PadOp::requiresSameParameters() { return true; }

std::optional<std::pair<double, double>> SoftmaxOp::getKnownResultRange() {
  return std::make_pair(0.0, 1.0);
}
/// The table of exponentials has 256 entries.
int64_t SoftmaxOp::getMaxActivationBits() { return 8; }
std::string SoftmaxOp::getReasonToStayFloat() {
  int64_t extent =
      cast<RankedTensorType>(getInput().getType()).getDimSize(getAxis());
  if (extent > 65536)
    return "its axis is longer than 65536, the integer sum's limit";
  return "";
}

//===----------------------------------------------------------------------===//
// Elementary functions
//===----------------------------------------------------------------------===//

std::string LogOp::getReasonToStayFloat() {
  return "next to a code that stands for 0 its result is infinite";
}

std::optional<std::pair<double, double>> SigmoidOp::getKnownResultRange() {
  return std::make_pair(0.0, 1.0);
}
std::optional<std::pair<double, double>> SignOp::getKnownResultRange() {
  return std::make_pair(-1.0, 1.0);
}
std::optional<std::pair<double, double>> TanhOp::getKnownResultRange() {
  return std::make_pair(-1.0, 1.0);
}
