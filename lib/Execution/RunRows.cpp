// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loop over rows.

#include "qnn/Execution/RunRows.h"
#include "NpyTypes.h"
#include "qnn/Support/Progress.h"
#include <algorithm>
#include <chrono>

using namespace llvm;
using namespace qnn;

/// The shape of a file with `rows` rows of an output.
static SmallVector<int64_t> fileShape(const Port &port, int64_t rows,
                                      bool whole) {
  SmallVector<int64_t> shape(port.shape);
  if (whole)
    return shape;
  if (!shape.empty() && shape.front() == 1)
    shape.front() = rows;
  else
    shape.insert(shape.begin(), rows);
  return shape;
}

static Expected<std::vector<NpyWriter>>
openOutputs(const ExecutableModel &model, const RunOptions &options,
            int64_t rows) {
  std::vector<NpyWriter> writers;
  if (options.outputs.empty())
    return std::move(writers);
  if (options.outputs.size() != model.getOutputs().size())
    return createStringError(
        "the model has " + Twine(model.getOutputs().size()) + " outputs, but " +
        Twine(options.outputs.size()) + " files were given for them");
  for (auto [path, port] : zip(options.outputs, model.getOutputs())) {
    auto writer = NpyWriter::create(path, npyTypeOf(port.kind),
                                    fileShape(port, rows, options.whole));
    if (!writer)
      return writer.takeError();
    writers.push_back(std::move(*writer));
  }
  return std::move(writers);
}

static Error checkRowsPerCall(const ExecutableModel &model,
                              const RunOptions &options) {
  if (options.rowsPerCall < 1)
    return createStringError("--rows expects at least 1, got " +
                             Twine(options.rowsPerCall));
  if (options.rowsPerCall == 1)
    return Error::success();
  if (options.whole)
    return createStringError("--rows and --whole exclude each other");
  if (!model.takesRows())
    return createStringError("the model takes one row a call, not " +
                             Twine(options.rowsPerCall) +
                             ": compile it with --batch=dynamic");
  return Error::success();
}

Expected<double> qnn::runRows(ExecutableModel &model,
                              const RunOptions &options) {
  if (Error error = checkRowsPerCall(model, options))
    return std::move(error);
  auto rows = InputRows::open(options.inputs, model.getInputs(), options.whole);
  if (!rows)
    return rows.takeError();
  auto writers = openOutputs(model, options, rows->size());
  if (!writers)
    return writers.takeError();
  std::vector<double> times;
  Progress progress("running", divideCeil(rows->size(), options.rowsPerCall));
  for (int64_t row = 0; row < rows->size(); row += options.rowsPerCall) {
    int64_t count = std::min(options.rowsPerCall, rows->size() - row);
    auto inputs = rows->get(row, count);
    if (!inputs)
      return inputs.takeError();
    for (int64_t i = 0; i < options.repeat; ++i) {
      auto start = std::chrono::steady_clock::now();
      auto outputs = model.run(*inputs);
      if (!outputs)
        return outputs.takeError();
      times.push_back(std::chrono::duration<double, std::micro>(
                          std::chrono::steady_clock::now() - start)
                          .count() /
                      count);
      if (i == 0)
        for (auto [writer, output] : zip(*writers, *outputs))
          writer.append(output.getBytes());
    }
    progress.advance();
  }
  for (NpyWriter &writer : *writers)
    if (Error error = writer.commit())
      return std::move(error);
  std::nth_element(times.begin(), times.begin() + times.size() / 2,
                   times.end());
  return times[times.size() / 2];
}
