// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting and comparing.

#include "qnn/Training/Score.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace llvm;
using namespace qnn;

StringRef qnn::getMetricName(Metric metric) {
  switch (metric) {
  case Metric::Accuracy:
  case Metric::BinaryAccuracy:
  case Metric::LogitAccuracy:
    return "accuracy";
  case Metric::Agreement:
    return "agreement";
  case Metric::SignalToNoise:
    return "SNR";
  }
  llvm_unreachable("all metrics are handled");
}

std::optional<double> qnn::getIfFinite(double loss) {
  return std::isfinite(loss) ? std::optional(loss) : std::nullopt;
}

/// NaN is more than any number: the worst.
static bool isLess(double loss, double other) {
  return loss < other || (std::isnan(other) && !std::isnan(loss));
}

bool qnn::isBetter(const Score &score, const Score &other,
                   Preference preference) {
  if (preference == Preference::Value && score.value != other.value)
    return score.value > other.value;
  return isLess(score.loss, other.loss);
}

bool qnn::isClearlyLess(double loss, double other, int64_t rows) {
  return isLess(loss, other * (1 - 1 / std::sqrt(double(rows))));
}

bool qnn::doLabelsHelp(double with, double without, double start,
                       int64_t rows) {
  return isLess(start, without) || isClearlyLess(with, without, rows);
}

std::string qnn::formatValue(Metric metric, double value) {
  std::string text;
  raw_string_ostream(text) << format("%.2f", value)
                           << (metric == Metric::SignalToNoise ? " dB" : " %");
  return text;
}

/// The first of the greatest values, as numpy.argmax.
static int64_t argmax(ArrayRef<float> values) {
  return std::max_element(values.begin(), values.end()) - values.begin();
}

void ScoreSum::addClass(ArrayRef<float> actual, int64_t wanted) {
  ++count;
  numRight +=
      wanted == (hasSides() ? actual.front() > getLimit() : argmax(actual));
}

void ScoreSum::add(ArrayRef<float> actual, ArrayRef<float> wanted) {
  if (metric == Metric::Agreement)
    return addClass(actual, argmax(wanted));
  for (auto [x, y] : zip_equal(actual, wanted)) {
    ++count;
    numRight += (x > getLimit()) == (y > 0.5f);
    signal += double(y) * y;
    noise += (double(x) - y) * (double(x) - y);
  }
}

double ScoreSum::value() const {
  if (metric != Metric::SignalToNoise)
    return 100.0 * double(numRight) / double(count);
  // A finite limit, because JSON has no infinity.
  constexpr double limit = 999;
  if (!std::isfinite(noise))
    return -limit;
  if (noise == 0)
    return limit;
  return std::clamp(10 * std::log10(signal / noise), -limit, limit);
}
