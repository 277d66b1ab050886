// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Batch after batch.

#include "qnn/Training/Validation.h"

using namespace llvm;
using namespace qnn;

Validation::Validation(TrainingFunction &loss, const BatchReader &reader,
                       std::vector<int64_t> rows, Metric metric,
                       ArrayRef<Tensor> references)
    : loss(loss), reader(reader), rows(std::move(rows)), metric(metric),
      references(references), batch(loss.makeBatch()) {
  assert(!this->rows.empty() && "nothing to judge by");
}

/// The floats of one row of a batch.
static ArrayRef<float> rowOf(const Tensor &batch, size_t row, size_t count) {
  ArrayRef<float> values = batch.data<float>();
  size_t size = values.size() / count;
  return values.slice(row * size, size);
}

void Validation::addRow(ScoreSum &sum, size_t i, int64_t row) const {
  size_t count = loss.getBatchSize();
  SmallVector<const Tensor *> outputs = loss.getOutputs();
  for (auto [output, wanted] : zip(outputs, references))
    // Bytes that an input passes on have no noise.
    if (wanted.getKind() == ElementKind::F32)
      sum.add(rowOf(*output, i, count),
              rowOf(wanted, row, wanted.getShape().front()));
  if (!references.empty())
    return;
  const Tensor &labels = batch.labels.front();
  if (labels.getKind() == ElementKind::I32)
    return sum.addClass(rowOf(*outputs.front(), i, count),
                        labels.data<int32_t>()[i]);
  sum.add(rowOf(*outputs.front(), i, count), rowOf(labels, i, count));
}

Error Validation::forEachBatch(const TensorMap &state,
                               function_ref<void(ArrayRef<int64_t>)> visit) {
  size_t count = loss.getBatchSize();
  std::vector<int64_t> batchRows(count);
  for (size_t first = 0; first < rows.size(); first += count) {
    for (size_t i = 0; i < count; ++i)
      batchRows[i] = rows[(first + i) % rows.size()];
    if (Error error = reader.read(batchRows, batch))
      return error;
    if (Error error = loss.run(batch, state))
      return error;
    visit(ArrayRef<int64_t>(batchRows).take_front(
        std::min(count, rows.size() - first)));
  }
  return Error::success();
}

Expected<Score> Validation::run(const TensorMap &state) {
  ScoreSum sum(metric);
  double lossSum = 0;
  int64_t numBatches = 0;
  Error error = forEachBatch(state, [&](ArrayRef<int64_t> batchRows) {
    for (auto [i, row] : enumerate(batchRows))
      addRow(sum, i, row);
    lossSum += loss.getLoss();
    ++numBatches;
  });
  if (error)
    return std::move(error);
  return Score{sum.value(), lossSum / double(numBatches)};
}
