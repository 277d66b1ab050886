// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The nonlinear types: parsing, printing, verification, arithmetic.

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Quantization/LevelTable.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

#include "qnn/Dialect/QNN/IR/QNNTypeInterfaces.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "qnn/Dialect/QNN/IR/QNNTypes.cpp.inc"

void QNNDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "qnn/Dialect/QNN/IR/QNNTypes.cpp.inc"
      >();
}

/// Parses `u4:f32,` or `i4:f32,`: the storage of a nonlinear type.
static ParseResult parseStorage(AsmParser &parser, char sign, unsigned &bits) {
  StringRef keyword;
  SMLoc loc = parser.getCurrentLocation();
  Type expressed;
  if (parser.parseKeyword(&keyword) || parser.parseColon() ||
      parser.parseType(expressed) || parser.parseComma())
    return failure();
  if (keyword.front() != sign || keyword.drop_front().getAsInteger(10, bits))
    return parser.emitError(loc) << "expects storage '" << sign << "<bits>'";
  if (!expressed.isF32())
    return parser.emitError(loc) << "expects expressed type f32";
  return success();
}

Type CodebookType::parse(AsmParser &parser) {
  unsigned bits = 0;
  SmallVector<float> levels;
  auto parseLevel = [&]() -> ParseResult {
    double level = 0;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseFloat(level))
      return failure();
    levels.push_back(static_cast<float>(level));
    if (double(levels.back()) != level)
      return parser.emitError(loc) << "expects levels that are f32 values";
    return success();
  };
  if (parser.parseLess() || parseStorage(parser, 'u', bits) ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Braces,
                                     parseLevel) ||
      parser.parseGreater())
    return {};
  MLIRContext *context = parser.getContext();
  return parser.getChecked<CodebookType>(
      context, bits, DenseF32ArrayAttr::get(context, levels));
}

void CodebookType::print(AsmPrinter &printer) const {
  printer << "<u" << getBits() << ":f32, {";
  llvm::interleaveComma(getLevels().asArrayRef(), printer,
                        [&](float level) { printer << double(level); });
  printer << "}>";
}

LogicalResult CodebookType::verify(function_ref<InFlightDiagnostic()> emitError,
                                   unsigned bits,
                                   DenseF32ArrayAttr levelsAttr) {
  ArrayRef<float> levels = levelsAttr.asArrayRef();
  if (bits < 1 || bits > 8)
    return emitError() << "expects 1 to 8 bits, got " << bits;
  if (levels.size() < 2 || levels.size() > (size_t(1) << bits))
    return emitError() << "expects 2 to " << (1 << bits) << " levels, got "
                       << levels.size();
  for (auto [i, level] : llvm::enumerate(levels)) {
    if (!std::isfinite(level))
      return emitError() << "expects finite levels, got " << level;
    if (i && !(levels[i - 1] < level))
      return emitError() << "expects levels in strictly increasing order";
  }
  return success();
}

Type Pow2Type::parse(AsmParser &parser) {
  unsigned bits = 0;
  int64_t minExponent = 0, maxExponent = 0;
  if (parser.parseLess() || parseStorage(parser, 'i', bits) ||
      parser.parseInteger(minExponent) || parser.parseColon() ||
      parser.parseInteger(maxExponent) || parser.parseGreater())
    return {};
  return parser.getChecked<Pow2Type>(parser.getContext(), bits, minExponent,
                                     maxExponent);
}

void Pow2Type::print(AsmPrinter &printer) const {
  printer << "<i" << getBits() << ":f32, " << getMinExponent() << ":"
          << getMaxExponent() << ">";
}

LogicalResult Pow2Type::verify(function_ref<InFlightDiagnostic()> emitError,
                               unsigned bits, int64_t minExponent,
                               int64_t maxExponent) {
  if (bits < 2 || bits > 8)
    return emitError() << "expects 2 to 8 bits, got " << bits;
  if (minExponent < -126 || maxExponent > 127 || minExponent > maxExponent)
    return emitError() << "expects exponents -126 <= " << minExponent
                       << " <= " << maxExponent << " <= 127";
  int64_t positiveCodes = (int64_t(1) << (bits - 1)) - 1;
  if (maxExponent - minExponent + 1 > positiveCodes)
    return emitError() << "expects at most " << positiveCodes
                       << " exponents for " << bits << " bits";
  return success();
}

//===----------------------------------------------------------------------===//
// QuantizedElementType
//===----------------------------------------------------------------------===//

/// Answers that all nonlinear types share: one group, no scale.
#define QNN_NONLINEAR_TYPE(TYPE)                                               \
  IntegerType TYPE::getCodeType() const {                                      \
    return IntegerType::get(getContext(), getBits());                          \
  }                                                                            \
  FloatType TYPE::getValueType() const {                                       \
    return Float32Type::get(getContext());                                     \
  }                                                                            \
  int64_t TYPE::getNumGroups(ArrayRef<int64_t>) const { return 1; }            \
  int64_t TYPE::getGroup(ArrayRef<int64_t>, ArrayRef<int64_t>) const {         \
    return 0;                                                                  \
  }                                                                            \
  bool TYPE::isUniform() const { return false; }                               \
  double TYPE::getGroupScale(int64_t) const { return 0; }                      \
  int64_t TYPE::getGroupZeroPoint(int64_t) const { return 0; }                 \
  int64_t TYPE::getGroupAxis() const { return -1; }                            \
  int64_t TYPE::quantizeValue(double value, int64_t, RoundingMode) const {     \
    return getCodeMin() + bucketize(static_cast<float>(value),                 \
                                    levelBoundaries(levelTable(*this)));       \
  }                                                                            \
  double TYPE::dequantizeCode(int64_t code, int64_t) const {                   \
    return levelTable(*this)[code - getCodeMin()];                             \
  }                                                                            \
  SmallVector<float> TYPE::getCodeValues() const { return levelTable(*this); }

static SmallVector<float> levelTable(CodebookType type) {
  return SmallVector<float>(type.getLevels().asArrayRef());
}

static SmallVector<float> levelTable(Pow2Type type) {
  return powerOfTwoLevels(type.getMinExponent(), type.getMaxExponent());
}

QNN_NONLINEAR_TYPE(CodebookType)
bool CodebookType::isCodeSigned() const { return false; }
int64_t CodebookType::getCodeMin() const { return 0; }
int64_t CodebookType::getCodeMax() const {
  return int64_t(getLevels().size()) - 1;
}

QNN_NONLINEAR_TYPE(Pow2Type)
bool Pow2Type::isCodeSigned() const { return true; }
int64_t Pow2Type::getCodeMin() const { return -getCodeMax(); }
int64_t Pow2Type::getCodeMax() const {
  return getMaxExponent() - getMinExponent() + 1;
}
