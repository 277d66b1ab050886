// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Class numbers of any integer type, and values.

#include "qnn/Training/Labels.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace qnn;

template <typename T>
static int64_t readAs(ArrayRef<char> bytes) {
  return int64_t(support::endian::read<T>(bytes.data(), endianness::little));
}

int64_t Labels::getClass(int64_t row) const {
  ArrayRef<char> bytes = classes.rowBytes(row);
  switch (classes.type) {
  case NpyType::I8:
    return readAs<int8_t>(bytes);
  case NpyType::U8:
  case NpyType::Bool:
    return readAs<uint8_t>(bytes);
  case NpyType::I16:
    return readAs<int16_t>(bytes);
  case NpyType::U16:
    return readAs<uint16_t>(bytes);
  case NpyType::I32:
    return readAs<int32_t>(bytes);
  case NpyType::I64:
    return readAs<int64_t>(bytes);
  case NpyType::F32:
  case NpyType::F64:
    break;
  }
  llvm_unreachable("class numbers are integers");
}

Error Labels::checkClasses(StringRef path, int64_t numClasses) const {
  if (classes.type == NpyType::F32 || classes.type == NpyType::F64)
    return createStringError(path + ": has labels of type " +
                             getDescr(classes.type) +
                             ", but this loss takes class numbers: save "
                             "integers, or choose a loss of values, as mse");
  if (classes.elementsPerRow() != 1)
    return createStringError(path + ": has " + Twine(classes.elementsPerRow()) +
                             " labels for each row, but this loss takes one "
                             "class number");
  if (classes.rows() == 0)
    return createStringError(path + ": has no labels; at least one is needed");
  for (int64_t row = 0; row < classes.rows(); ++row)
    if (int64_t value = getClass(row); value < 0 || value >= numClasses)
      return createStringError(
          path + ": the label of row " + Twine(row) + " is " + Twine(value) +
          ", but the model has the classes 0 to " + Twine(numClasses - 1));
  return Error::success();
}

/// Fails for class numbers where several values are wanted.
static Error checkValues(StringRef path, const Port &port) {
  Expected<NpyArray> array = readNpy(path);
  if (!array)
    return array.takeError();
  if (array->elementsPerRow() != 1 || port.numElements() == 1)
    return Error::success();
  return createStringError(
      path + ": has one label for each row, but this loss takes " +
      Twine(port.numElements()) +
      " values, one for each output: give those, or choose a loss of class "
      "numbers, as softmax_cross_entropy or hinge");
}

Expected<Labels> Labels::open(StringRef path, const LabelFormat &format) {
  Labels labels;
  if (!format.areClasses()) {
    if (Error error = checkValues(path, format.port))
      return std::move(error);
    Expected<Rows> values = Rows::open(path, format.port);
    if (!values)
      return values.takeError();
    labels.values = std::move(*values);
    return labels;
  }
  Expected<NpyArray> classes = readNpy(path);
  if (!classes)
    return classes.takeError();
  labels.classes = std::move(*classes);
  if (Error error = labels.checkClasses(path, format.numClasses))
    return std::move(error);
  return labels;
}

int64_t Labels::size() const {
  return values ? values->size() : classes.rows();
}

Error Labels::read(int64_t row, MutableArrayRef<char> result) const {
  if (values)
    return values->read(row, result);
  support::endian::write<int32_t>(result.data(), int32_t(getClass(row)),
                                  endianness::native);
  return Error::success();
}
