// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The learning rate of each step.

#ifndef QNN_TRAINING_SCHEDULE_H
#define QNN_TRAINING_SCHEDULE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>

namespace qnn {

/// A pure function of the step. After a linear warm-up, of which step w of W
/// has w/W of the rate, the rate stays (constant), is multiplied by a factor
/// after each interval (step), or falls along half a cosine towards zero at the
/// last step (cosine).
struct Schedule {
  enum class Kind { Constant, Step, Cosine };

  Kind kind = Kind::Constant;
  double learningRate = 0.01;
  int64_t warmUpSteps = 0;
  /// Of Step.
  int64_t interval = 0;
  double factor = 0.1;
  /// Of Cosine: the last step, warm-up included.
  int64_t totalSteps = 0;

  /// Reads `constant`, `cosine` or `step:INTERVAL` or `step:INTERVAL:FACTOR`
  /// into kind, interval and factor.
  static llvm::Expected<Schedule> parse(llvm::StringRef text);

  /// Fails for a learning rate that is not a positive number and for an
  /// impossible number of steps.
  llvm::Error verify() const;

  /// The learning rate of a step; the first one is 1.
  double at(int64_t step) const;
};

} // namespace qnn

#endif // QNN_TRAINING_SCHEDULE_H
