// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element types and the numbers in tensors.

#include "Model.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace qnn;
using namespace qnn::importer;

namespace {
struct ElementTypeInfo {
  ElementType type;
  StringLiteral name;
  unsigned size;
};
} // namespace

static constexpr ElementTypeInfo kElementTypes[] = {
    {ElementType::F32, "float", 4},  {ElementType::U8, "uint8", 1},
    {ElementType::I8, "int8", 1},    {ElementType::U16, "uint16", 2},
    {ElementType::I16, "int16", 2},  {ElementType::I32, "int32", 4},
    {ElementType::I64, "int64", 8},  {ElementType::String, "string", 0},
    {ElementType::Bool, "bool", 1},  {ElementType::F16, "float16", 2},
    {ElementType::F64, "double", 8}, {ElementType::U32, "uint32", 4},
    {ElementType::U64, "uint64", 8}, {ElementType::BF16, "bfloat16", 2},
};

std::string importer::getName(ElementType type) {
  for (const ElementTypeInfo &info : kElementTypes)
    if (info.type == type)
      return info.name.str();
  return "data type " + std::to_string(static_cast<int32_t>(type));
}

unsigned importer::getElementSize(ElementType type) {
  for (const ElementTypeInfo &info : kElementTypes)
    if (info.type == type)
      return info.size;
  return 0;
}

std::optional<int64_t> importer::countElements(ArrayRef<int64_t> shape) {
  constexpr int64_t limit = int64_t(1) << 30;
  if (shape.size() > kMaxRank)
    return std::nullopt;
  int64_t count = 1;
  bool empty = false;
  for (int64_t extent : shape) {
    if (extent < 0 || extent > limit)
      return std::nullopt;
    empty |= extent == 0;
    // A zero extent makes the tensor empty, not its other extents small.
    if (MulOverflow(count, std::max<int64_t>(extent, 1), count) ||
        count > limit)
      return std::nullopt;
  }
  return empty ? 0 : count;
}

template <typename T>
static T readAs(const char *bytes) {
  return support::endian::read<T>(bytes, endianness::little);
}

static double readSmallFloat(const fltSemantics &semantics, const char *bytes) {
  APFloat value(semantics, APInt(16, readAs<uint16_t>(bytes)));
  bool losesInfo;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                &losesInfo);
  return value.convertToDouble();
}

static double readFloat(ElementType type, const char *bytes) {
  switch (type) {
  case ElementType::F32:
    return readAs<float>(bytes);
  case ElementType::F64:
    return readAs<double>(bytes);
  case ElementType::F16:
    return readSmallFloat(APFloat::IEEEhalf(), bytes);
  default:
    return readSmallFloat(APFloat::BFloat(), bytes);
  }
}

static int64_t readInt(ElementType type, const char *bytes) {
  switch (type) {
  case ElementType::I8:
    return readAs<int8_t>(bytes);
  case ElementType::I16:
    return readAs<int16_t>(bytes);
  case ElementType::U16:
    return readAs<uint16_t>(bytes);
  case ElementType::I32:
    return readAs<int32_t>(bytes);
  case ElementType::U32:
    return readAs<uint32_t>(bytes);
  case ElementType::I64:
  case ElementType::U64:
    return readAs<int64_t>(bytes);
  default:
    return readAs<uint8_t>(bytes);
  }
}

static bool isFloat(ElementType type) {
  return type == ElementType::F32 || type == ElementType::F64 ||
         type == ElementType::F16 || type == ElementType::BF16;
}

static Error typeError(const Tensor &tensor, const char *expected) {
  return modelError("constant '%s' has elements of %s, expected %s",
                    tensor.name.c_str(), getName(tensor.elementType).c_str(),
                    expected);
}

Expected<std::vector<double>> importer::toDoubles(const Tensor &tensor) {
  if (!isFloat(tensor.elementType))
    return typeError(tensor, "float");
  unsigned size = getElementSize(tensor.elementType);
  std::vector<double> result;
  result.reserve(tensor.bytes.size() / size);
  for (size_t offset = 0; offset < tensor.bytes.size(); offset += size)
    result.push_back(
        readFloat(tensor.elementType, tensor.bytes.data() + offset));
  return result;
}

Expected<std::vector<float>> importer::toFloats(const Tensor &tensor) {
  Expected<std::vector<double>> values = toDoubles(tensor);
  if (!values)
    return values.takeError();
  return std::vector<float>(values->begin(), values->end());
}

Expected<Shape> importer::toInts(const Tensor &tensor) {
  unsigned size = getElementSize(tensor.elementType);
  if (isFloat(tensor.elementType) || size == 0)
    return typeError(tensor, "int64");
  Shape result;
  for (size_t offset = 0; offset < tensor.bytes.size(); offset += size)
    result.push_back(readInt(tensor.elementType, tensor.bytes.data() + offset));
  return result;
}
