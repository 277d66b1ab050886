// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Signal and noise of each output, row by row.

#include "Quality.h"
#include "qnn/Support/Progress.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace qnn;

namespace {
struct SignalAndNoise {
  double signal = 0, noise = 0;

  void add(ArrayRef<float> original, ArrayRef<float> quantized) {
    for (auto [x, y] : llvm::zip(original, quantized)) {
      signal += double(x) * x;
      noise += (double(x) - y) * (double(x) - y);
    }
  }

  double decibels() const {
    if (!std::isfinite(signal) || !std::isfinite(noise))
      return std::numeric_limits<double>::quiet_NaN();
    if (noise == 0)
      return std::numeric_limits<double>::infinity();
    return 10 * std::log10(signal / noise);
  }
};
} // namespace

llvm::Expected<std::vector<OutputQuality>>
qnn::compareOutputs(ExecutableModel &original, ExecutableModel &quantized,
                    ArrayRef<std::string> data, int64_t maxRows) {
  auto rows = InputRows::open(data, original.getInputs());
  if (!rows)
    return rows.takeError();
  int64_t count = maxRows ? std::min(maxRows, rows->size()) : rows->size();
  std::vector<SignalAndNoise> sums(quantized.getOutputs().size());
  Progress progress("comparing with float", count);
  for (int64_t row = 0; row < count; ++row) {
    auto inputs = rows->get(row);
    if (!inputs)
      return inputs.takeError();
    auto expected = original.run(*inputs);
    if (!expected)
      return expected.takeError();
    auto actual = quantized.run(*inputs);
    if (!actual)
      return actual.takeError();
    for (auto [sum, x, y] : llvm::zip(sums, *expected, *actual))
      if (y.getKind() == ElementKind::F32)
        sum.add(x.data<float>(), y.data<float>());
    progress.advance();
  }
  std::vector<OutputQuality> result;
  for (auto [port, sum] : llvm::zip(quantized.getOutputs(), sums))
    if (port.kind == ElementKind::F32)
      result.push_back({port.name, sum.decibels()});
  return result;
}
