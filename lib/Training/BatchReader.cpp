// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gathering of rows.

#include "qnn/Training/BatchReader.h"
#include "qnn/Support/Progress.h"

using namespace llvm;
using namespace qnn;

Expected<std::vector<Tensor>> qnn::runOnAllRows(ExecutableModel &model,
                                                const Dataset &data) {
  std::vector<Tensor> all;
  for (const Port &port : model.getOutputs())
    all.emplace_back(ArrayRef<int64_t>{data.size(), port.numElements()},
                     port.kind);
  SmallVector<Tensor> inputs;
  for (const Port &port : model.getInputs())
    inputs.emplace_back(port.shape, port.kind);
  Progress progress("asking the float model", data.size());
  for (int64_t row = 0; row < data.size(); ++row) {
    for (auto [i, input] : enumerate(inputs))
      if (Error error = data.readInput(i, row, input))
        return std::move(error);
    auto outputs = model.run(inputs);
    if (!outputs)
      return outputs.takeError();
    for (auto [rows, output] : zip_equal(all, *outputs))
      copy(output.getBytes(),
           rows.getBytes().begin() + row * output.getBytes().size());
    progress.advance();
  }
  return all;
}

/// Copies rows of `all` into a batch.
static void gather(const Tensor &all, ArrayRef<int64_t> rows, Tensor &batch) {
  size_t size = batch.getBytes().size() / rows.size();
  auto *next = batch.getBytes().begin();
  for (int64_t row : rows)
    next = copy(all.getBytes().slice(row * size, size), next);
}

Error BatchReader::read(ArrayRef<int64_t> rows, Batch &batch) const {
  for (auto [i, input] : enumerate(batch.inputs))
    if (Error error = data.readInput(i, rows, input))
      return error;
  for (Tensor &labels : batch.labels)
    if (Error error = data.readLabels(rows, labels))
      return error;
  for (auto [all, teacher] : zip(teachers, batch.teachers))
    gather(all, rows, teacher);
  return Error::success();
}
