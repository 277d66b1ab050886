// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files as one sequence of rows.

#include "qnn/Training/Dataset.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace qnn;

Error Dataset::addPart(const DataFiles &files) {
  auto inputRows = InputRows::open(files.inputs, inputs);
  if (!inputRows)
    return inputRows.takeError();
  Part part{numRows, std::move(*inputRows), std::nullopt};
  if (labels) {
    if (files.labels.empty())
      return createStringError(files.inputs.front() +
                               ": has no labels, which this loss needs");
    auto rowLabels = Labels::open(files.labels, *labels);
    if (!rowLabels)
      return rowLabels.takeError();
    if (rowLabels->size() != part.inputs.size())
      return createStringError(
          files.labels + ": has " + Twine(rowLabels->size()) + " labels, but " +
          files.inputs.front() + " has " + Twine(part.inputs.size()) + " rows");
    part.labels = std::move(*rowLabels);
  }
  numRows += part.inputs.size();
  parts.push_back(std::move(part));
  return Error::success();
}

Expected<Dataset> Dataset::open(ArrayRef<DataFiles> files,
                                ArrayRef<Port> inputs,
                                const std::optional<LabelFormat> &labels) {
  Dataset data;
  data.inputs.assign(inputs.begin(), inputs.end());
  data.labels = labels;
  for (const DataFiles &part : files)
    if (Error error = data.addPart(part))
      return std::move(error);
  if (data.parts.empty())
    return createStringError("there are no data to learn from");
  if (Error error = data.checkVaries())
    return std::move(error);
  if (Error error = data.checkReads())
    return std::move(error);
  return data;
}

const Dataset::Part &Dataset::findPart(int64_t row) const {
  assert(row >= 0 && row < numRows && "row out of range");
  auto isBefore = [](int64_t value, const Part &part) {
    return value < part.firstRow;
  };
  return *std::prev(llvm::upper_bound(parts, row, isBefore));
}

/// The bytes of row `i` of a batch of `count`.
static MutableArrayRef<char> rowOf(Tensor &batch, size_t i, size_t count) {
  size_t size = batch.getBytes().size() / count;
  return batch.getBytes().slice(i * size, size);
}

Error Dataset::readInput(size_t input, ArrayRef<int64_t> rows,
                         Tensor &batch) const {
  for (auto [i, row] : enumerate(rows)) {
    const Part &part = findPart(row);
    if (Error error = part.inputs.getFiles()[input].read(
            row - part.firstRow, rowOf(batch, i, rows.size())))
      return error;
  }
  return Error::success();
}

Error Dataset::readLabels(ArrayRef<int64_t> rows, Tensor &batch) const {
  for (auto [i, row] : enumerate(rows)) {
    const Part &part = findPart(row);
    if (Error error = part.labels->read(row - part.firstRow,
                                        rowOf(batch, i, rows.size())))
      return error;
  }
  return Error::success();
}

Expected<uint64_t> Dataset::hash() const {
  constexpr int64_t maxRows = 64;
  int64_t interval = std::max<int64_t>(divideCeil(numRows, maxRows), 1);
  std::string bytes;
  auto append = [&](const Tensor &tensor) {
    bytes.append(tensor.getBytes().begin(), tensor.getBytes().end());
  };
  for (int64_t row = 0; row < numRows; row += interval) {
    for (auto [input, port] : enumerate(inputs)) {
      Tensor tensor(port.shape, port.kind);
      if (Error error = readInput(input, row, tensor))
        return std::move(error);
      append(tensor);
    }
    if (!labels)
      continue;
    Tensor tensor(labels->port.shape, labels->port.kind);
    if (Error error = readLabels(row, tensor))
      return std::move(error);
    append(tensor);
  }
  return xxh3_64bits(bytes);
}

Error Dataset::checkReads() const {
  for (auto [input, port] : enumerate(inputs)) {
    Tensor tensor(port.shape, port.kind);
    for (int64_t row = 0; row < numRows; ++row)
      if (Error error = readInput(input, row, tensor))
        return error;
  }
  if (!labels)
    return Error::success();
  Tensor tensor(labels->port.shape, labels->port.kind);
  for (int64_t row = 0; row < numRows; ++row)
    if (Error error = readLabels(row, tensor))
      return error;
  return Error::success();
}

/// Whether all of `count` tensors are equal; stops at the first that is not.
static Expected<bool> areEqual(int64_t count,
                               function_ref<Error(int64_t, Tensor &)> read,
                               Tensor first) {
  Tensor other = first;
  if (Error error = read(0, first))
    return std::move(error);
  for (int64_t row = 1; row < count; ++row) {
    if (Error error = read(row, other))
      return std::move(error);
    if (other != first)
      return false;
  }
  return true;
}

Error Dataset::checkVaries() const {
  if (numRows == 1)
    return Error::success();
  bool haveEqualInputs = true;
  for (auto [input, port] : enumerate(inputs)) {
    auto read = [&, input = input](int64_t row, Tensor &tensor) {
      return readInput(input, row, tensor);
    };
    auto equal = areEqual(numRows, read, Tensor(port.shape, port.kind));
    if (!equal)
      return equal.takeError();
    haveEqualInputs &= *equal;
  }
  if (haveEqualInputs)
    return createStringError("all " + Twine(numRows) +
                             " rows of the data are "
                             "equal: nothing can be learned from them");
  if (!labels)
    return Error::success();
  auto read = [this](int64_t row, Tensor &tensor) {
    return readLabels(row, tensor);
  };
  auto equal =
      areEqual(numRows, read, Tensor(labels->port.shape, labels->port.kind));
  if (!equal)
    return equal.takeError();
  if (*equal)
    return createStringError("all " + Twine(numRows) +
                             " labels are equal: "
                             "nothing can be learned from them");
  return Error::success();
}
