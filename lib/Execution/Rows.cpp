// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of a data file as inputs of a model.

#include "qnn/Execution/Rows.h"
#include "NpyTypes.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace llvm;
using namespace qnn;

NpyType qnn::npyTypeOf(ElementKind kind) {
  switch (kind) {
  case ElementKind::F32:
    return NpyType::F32;
  case ElementKind::F64:
    return NpyType::F64;
  case ElementKind::U8:
    return NpyType::U8;
  case ElementKind::S8:
    return NpyType::I8;
  case ElementKind::U16:
    return NpyType::U16;
  case ElementKind::S16:
    return NpyType::I16;
  case ElementKind::I32:
    return NpyType::I32;
  case ElementKind::I64:
    return NpyType::I64;
  }
  llvm_unreachable("all kinds are handled");
}

static std::string printShape(ArrayRef<int64_t> shape) {
  return "[" +
         join(map_range(shape, [](int64_t n) { return std::to_string(n); }),
              ", ") +
         "]";
}

/// Without the axes of extent 1, which do not order anything.
static SmallVector<int64_t> squeeze(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> result(shape);
  erase(result, 1);
  return result;
}

/// Whether elements in the order of `row` are in the order of `port`: they have
/// the same axes, or one of them is a plain list. [32, 32, 3] for [3, 32, 32]
/// has the right number of elements, but each in the wrong place.
static bool hasOrderOf(ArrayRef<int64_t> row, ArrayRef<int64_t> port) {
  SmallVector<int64_t> left = squeeze(row), right = squeeze(port);
  return left.size() <= 1 || right.size() <= 1 || left == right;
}

Expected<Rows> Rows::open(StringRef path, const Port &port, bool whole) {
  Expected<NpyArray> array = readNpy(path);
  if (!array)
    return array.takeError();
  Rows rows;
  rows.path = path.str();
  rows.array = *array;
  rows.port = port;
  rows.whole = whole;
  if (array->rows() == 0)
    return createStringError(path + ": has no rows; at least one is needed");
  int64_t elements =
      array->elementsPerRow() * (whole ? array->rows() : int64_t(1));
  if (elements != port.numElements())
    return createStringError(path + ": a row has " + Twine(elements) +
                             " elements (shape " + printShape(array->shape) +
                             ", the first axis counts rows), but input '" +
                             port.name + "' has " + Twine(port.numElements()) +
                             ": give rows of its shape");
  ArrayRef<int64_t> rowShape(array->shape);
  rowShape = rowShape.drop_front(!whole && !rowShape.empty());
  if (!hasOrderOf(rowShape, port.shape))
    return createStringError(
        path + ": a row has the shape " + printShape(rowShape) +
        ", but input '" + port.name + "' has " + printShape(port.shape) +
        ": transpose the rows, or import the model with --input-layout=nhwc "
        "if they have channels last");
  if (port.kind != ElementKind::F32 && array->type != npyTypeOf(port.kind))
    return createStringError(
        path + ": has elements of type " + getDescr(array->type) +
        ", but input '" + port.name + "' takes " +
        stringifyElementKind(port.kind) + ": convert the file");
  return rows;
}

Expected<Tensor> Rows::get(int64_t row) const {
  Tensor tensor(port.shape, port.kind);
  if (Error error = read(row, tensor.getBytes()))
    return std::move(error);
  return tensor;
}

Error Rows::read(int64_t row, MutableArrayRef<char> result) const {
  assert(result.size() == port.numBytes() && "wrong result size");
  if (port.kind != ElementKind::F32) {
    llvm::copy(whole ? array.bytes() : array.rowBytes(row), result.begin());
    return Error::success();
  }
  MutableArrayRef<float> values(reinterpret_cast<float *>(result.data()),
                                result.size() / sizeof(float));
  int64_t perRow = array.elementsPerRow();
  for (int64_t i = 0, e = whole ? array.rows() : 1; i < e; ++i)
    array.rowAsFloat(whole ? i : row, values.slice(i * perRow, perRow));
  for (auto [i, value] : enumerate(values))
    if (!std::isfinite(value))
      return createStringError(path + ": row " + Twine(row) +
                               " has a NaN or infinite value at element " +
                               Twine(i) + ": remove the row or repair it");
  return Error::success();
}

Expected<InputRows> InputRows::open(ArrayRef<std::string> paths,
                                    ArrayRef<Port> ports, bool whole) {
  if (paths.size() != ports.size())
    return createStringError("the model has " + Twine(ports.size()) +
                             " inputs, but " + Twine(paths.size()) +
                             " data files were given: give one for each, in "
                             "the order of the inputs");
  InputRows result;
  result.ports.assign(ports.begin(), ports.end());
  for (auto [path, port] : zip(paths, ports)) {
    Expected<Rows> rows = Rows::open(path, port, whole);
    if (!rows)
      return rows.takeError();
    if (!result.files.empty() && rows->size() != result.size())
      return createStringError(path + ": has " + Twine(rows->size()) +
                               " rows, but the file of the first input has " +
                               Twine(result.size()) +
                               ": give as many rows for each");
    result.files.push_back(std::move(*rows));
  }
  return result;
}

Expected<SmallVector<Tensor>> InputRows::get(int64_t row) const {
  SmallVector<Tensor> values;
  for (const Rows &file : files) {
    Expected<Tensor> value = file.get(row);
    if (!value)
      return value.takeError();
    values.push_back(std::move(*value));
  }
  return values;
}

Expected<SmallVector<Tensor>> InputRows::get(int64_t row, int64_t count) const {
  SmallVector<Tensor> values;
  for (const Port &port : ports)
    values.emplace_back(port.getShapeOfRows(count), port.kind);
  for (int64_t i = 0; i < count; ++i) {
    auto one = get(row + i);
    if (!one)
      return one.takeError();
    for (auto [value, part] : zip_equal(values, *one))
      copy(part.getBytes(),
           value.getBytes().begin() + i * part.getBytes().size());
  }
  return values;
}
