// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How good weights are.

#ifndef QNN_TRAINING_SCORE_H
#define QNN_TRAINING_SCORE_H

#include "qnn/Reference/Tensor.h"
#include <optional>
#include <string>

namespace qnn {

/// What outputs are judged by.
enum class Metric {
  /// The percentage of rows whose greatest output is the label's class.
  Accuracy,
  /// The percentage of outputs on the label's side of 1/2: probabilities.
  BinaryAccuracy,
  /// The same where outputs are logits, whose limit is 0.
  LogitAccuracy,
  /// The percentage of rows whose greatest output is the teacher's.
  Agreement,
  /// 10 * log10(sum of wanted^2 / sum of (wanted - actual)^2), decibels.
  SignalToNoise,
};

/// "accuracy", "agreement" or "SNR".
llvm::StringRef getMetricName(Metric metric);

/// What weights have reached.
struct Score {
  double value = 0;
  double loss = 0;
};

/// Nothing for NaN and infinite losses, which JSON has no numbers for.
std::optional<double> getIfFinite(double loss);

/// What makes a score better.
enum class Preference {
  /// A greater value, and less loss for equal values.
  Value,
  /// Less loss. It says more than a value that counts few rows.
  Loss,
};

/// Whether a score is better than another; a loss of NaN is the worst.
bool isBetter(const Score &score, const Score &other, Preference preference);

/// Whether a loss is less than another by more than means of so many rows
/// differ by chance: a part `1 / sqrt(rows)`, which is the standard error of a
/// mean of numbers that deviate as much as they are large.
bool isClearlyLess(double loss, double other, int64_t rows);

/// Whether weights that were learned with labels are kept, by losses that count
/// the labels of held-out rows: theirs must be clearly less than without
/// labels, unless those without are worse than the start.
bool doLabelsHelp(double with, double without, double start, int64_t rows);

/// "91.25 %" or "20.30 dB".
std::string formatValue(Metric metric, double value);

/// Adds rows up.
class ScoreSum {
public:
  explicit ScoreSum(Metric metric) : metric(metric) {}

  /// One row: its output, and its labels or the teacher's output.
  void add(llvm::ArrayRef<float> actual, llvm::ArrayRef<float> wanted);
  /// The same for the number of a class. One output says of two classes which
  /// it is: metrics of sides.
  void addClass(llvm::ArrayRef<float> actual, int64_t wanted);

  double value() const;

private:
  /// Between the sides of an output.
  float getLimit() const { return metric == Metric::LogitAccuracy ? 0 : 0.5f; }
  bool hasSides() const {
    return metric == Metric::BinaryAccuracy || metric == Metric::LogitAccuracy;
  }

  Metric metric;
  int64_t count = 0, numRight = 0;
  double signal = 0, noise = 0;
};

} // namespace qnn

#endif // QNN_TRAINING_SCORE_H
