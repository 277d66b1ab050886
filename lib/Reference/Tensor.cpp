// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors from types and from dense attributes.

#include "qnn/Reference/Tensor.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include <cstring>
#include <limits>

using namespace mlir;
using namespace qnn;
using llvm::Error;
using llvm::Expected;

Error qnn::makeError(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

/// Calls function(T()) with the C++ type of the kind.
template <typename Fn>
static auto dispatch(ElementKind kind, Fn function) {
  switch (kind) {
  case ElementKind::F32:
    return function(float());
  case ElementKind::F64:
    return function(double());
  case ElementKind::U8:
    return function(uint8_t());
  case ElementKind::S8:
    return function(int8_t());
  case ElementKind::U16:
    return function(uint16_t());
  case ElementKind::S16:
    return function(int16_t());
  case ElementKind::I32:
    return function(int32_t());
  case ElementKind::I64:
    return function(int64_t());
  }
  llvm_unreachable("unknown element kind");
}

size_t qnn::getElementSize(ElementKind kind) {
  return dispatch(kind, [](auto zero) { return sizeof(zero); });
}

StringRef qnn::stringifyElementKind(ElementKind kind) {
  constexpr StringLiteral names[] = {"f32", "f64", "u8",  "s8",
                                     "u16", "s16", "i32", "i64"};
  return names[static_cast<int>(kind)];
}

std::pair<int64_t, int64_t> qnn::getElementRange(ElementKind kind) {
  assert(!isFloatKind(kind) && "expects an integer kind");
  return dispatch(kind, [](auto zero) -> std::pair<int64_t, int64_t> {
    using Limits = std::numeric_limits<decltype(zero)>;
    return {int64_t(Limits::min()), int64_t(Limits::max())};
  });
}

Expected<ElementKind> qnn::getElementKind(Type elementType) {
  Type type = elementType;
  bool isSigned = true;
  if (auto quantized = dyn_cast<QuantizedElementType>(type)) {
    type = quantized.getCodeType();
    isSigned = quantized.isCodeSigned();
  } else if (auto integer = dyn_cast<IntegerType>(type)) {
    isSigned = !integer.isUnsigned() && integer.getWidth() > 1;
  }
  if (type.isF32())
    return ElementKind::F32;
  auto integer = dyn_cast<IntegerType>(type);
  if (integer && integer.getWidth() <= 8)
    return isSigned ? ElementKind::S8 : ElementKind::U8;
  if (integer && integer.getWidth() <= 16)
    return isSigned ? ElementKind::S16 : ElementKind::U16;
  if (integer && integer.getWidth() <= 32 && isSigned)
    return ElementKind::I32;
  if (integer && integer.getWidth() <= 64 && isSigned)
    return ElementKind::I64;
  std::string message;
  llvm::raw_string_ostream(message)
      << "element type " << elementType << " is not supported";
  return makeError(message);
}

Tensor::Tensor(ArrayRef<int64_t> shape, ElementKind kind)
    : shape(shape), kind(kind) {
  bytes.resize(getNumElements() * getElementSize(kind));
}

int64_t Tensor::getNumElements() const {
  return ShapedType::getNumElements(shape);
}

Tensor Tensor::fromCodes(ArrayRef<int64_t> shape, ElementKind kind,
                         ArrayRef<int64_t> codes) {
  Tensor result(shape, kind);
  dispatch(kind, [&](auto zero) {
    using T = decltype(zero);
    for (auto [element, code] : llvm::zip_equal(result.data<T>(), codes)) {
      element = T(code);
      assert(int64_t(element) == code && "code is out of range");
    }
  });
  return result;
}

std::vector<int64_t> Tensor::getCodes() const {
  assert(!isFloatKind(kind) && "expects an integer tensor");
  return dispatch(kind, [&](auto zero) {
    ArrayRef<decltype(zero)> values = data<decltype(zero)>();
    return std::vector<int64_t>(values.begin(), values.end());
  });
}

Tensor Tensor::toDouble() const {
  Tensor result(shape, ElementKind::F64);
  llvm::copy(data<float>(), result.data<double>().begin());
  return result;
}

Tensor Tensor::reshaped(ArrayRef<int64_t> newShape) const {
  Tensor result = *this;
  result.shape.assign(newShape.begin(), newShape.end());
  assert(result.getNumElements() == getNumElements() && "shapes disagree");
  return result;
}

Expected<Tensor> Tensor::fromType(Type type) {
  auto ranked = dyn_cast<RankedTensorType>(type);
  if (!ranked || !ranked.hasStaticShape())
    return makeError("expects a ranked tensor of static shape");
  Expected<ElementKind> kind = getElementKind(ranked.getElementType());
  if (!kind)
    return kind.takeError();
  return Tensor(ranked.getShape(), *kind);
}

/// Extends the low `width` bits.
static int64_t extendCode(uint64_t bits, unsigned width, bool isSigned) {
  if (width >= 64)
    return int64_t(bits);
  APInt code(width, bits, /*isSigned=*/false, /*implicitTrunc=*/true);
  return isSigned ? code.getSExtValue() : int64_t(code.getZExtValue());
}

/// The data of a resource of elements of `size` bytes.
static Expected<ArrayRef<char>> readResource(ElementsAttr attr, size_t size) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(attr);
  AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob)
    return makeError("expects a dense constant with data; a "
                     "resource needs a definition");
  size_t expected = size * attr.getNumElements();
  if (blob->getData().size() != expected)
    return makeError(
        "resource has the wrong size: " + Twine(blob->getData().size()) +
        " bytes, expects " + Twine(expected));
  return blob->getData();
}

/// The bits of all integer elements, zero-extended.
static Expected<std::vector<uint64_t>> readBits(ElementsAttr attr,
                                                unsigned width) {
  std::vector<uint64_t> result;
  result.reserve(attr.getNumElements());
  if (auto dense = dyn_cast<DenseIntElementsAttr>(attr)) {
    for (const APInt &value : dense)
      result.push_back(value.getZExtValue());
    return result;
  }
  size_t size = llvm::PowerOf2Ceil(llvm::divideCeil(width, 8));
  Expected<ArrayRef<char>> data = readResource(attr, size);
  if (!data)
    return data.takeError();
  for (size_t i = 0; i < data->size(); i += size) {
    uint64_t bits = 0;
    std::memcpy(&bits, data->data() + i, size);
    result.push_back(bits);
  }
  return result;
}

static Expected<Tensor> readFloats(ElementsAttr attr) {
  Tensor result(attr.getShapedType().getShape(), ElementKind::F32);
  if (auto dense = dyn_cast<DenseFPElementsAttr>(attr)) {
    llvm::copy(dense.getValues<float>(), result.data<float>().begin());
    return result;
  }
  Expected<ArrayRef<char>> data = readResource(attr, sizeof(float));
  if (!data)
    return data.takeError();
  llvm::copy(*data, result.getBytes().begin());
  return result;
}

Expected<Tensor> Tensor::fromAttr(ElementsAttr attr, ElementKind kind) {
  Type elementType = attr.getElementType();
  if (elementType.isF32() && kind == ElementKind::F32)
    return readFloats(attr);
  auto integer = dyn_cast<IntegerType>(elementType);
  if (!integer || isFloatKind(kind) || integer.getWidth() > 64)
    return makeError("constant has elements of another kind than " +
                     stringifyElementKind(kind));
  unsigned width = integer.getWidth();
  Expected<std::vector<uint64_t>> bits = readBits(attr, width);
  if (!bits)
    return bits.takeError();
  auto [min, max] = getElementRange(kind);
  std::vector<int64_t> codes;
  for (uint64_t element : *bits) {
    codes.push_back(extendCode(element, width, min < 0));
    if (codes.back() < min || codes.back() > max)
      return makeError("constant does not fit " + stringifyElementKind(kind));
  }
  return fromCodes(attr.getShapedType().getShape(), kind, codes);
}

Expected<Tensor> Tensor::fromAttr(ElementsAttr attr) {
  Expected<ElementKind> kind = getElementKind(attr.getElementType());
  if (!kind)
    return kind.takeError();
  return fromAttr(attr, *kind);
}
