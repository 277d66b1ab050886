// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything that an interrupted training needs to go on, in one file.

#ifndef QNN_TRAINING_CHECKPOINT_H
#define QNN_TRAINING_CHECKPOINT_H

#include "qnn/Training/Score.h"
#include "qnn/Training/TrainingState.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace qnn {

/// How far a training is. The order of rows, the learning rate and the random
/// numbers are functions of the seed and the step.
struct TrainingProgress {
  /// Steps that are done.
  int64_t step = 0;
  /// Of the first step ever.
  double firstLoss = 0;
  /// Since the last validation.
  double lossSum = 0;
  int64_t lossCount = 0;
  Score start, best;
  int64_t bestStep = 0;
  /// Validations since the best one.
  int64_t numWithoutGain = 0;
};

/// A file begins with the line `qnn-checkpoint 1` and a line of JSON, for
/// people; then come the bytes of the tensors and a checksum.
struct Checkpoint {
  /// What was trained and how; both must be the same to go on.
  std::string model, options;
  /// Which training it is, if there are several one after the other.
  std::string phase;
  TrainingProgress progress;
  /// Before the first step of the phase, after the last one, and those of the
  /// best score.
  TensorMap initial, current, best;

  /// Writes the file, or leaves an older one as it was.
  llvm::Error save(llvm::StringRef path) const;

  /// Fails, naming the file, for what is no checkpoint, of another version,
  /// truncated or damaged, or of another model or other options.
  static llvm::Expected<Checkpoint>
  load(llvm::StringRef path, llvm::StringRef model, llvm::StringRef options);
};

} // namespace qnn

#endif // QNN_TRAINING_CHECKPOINT_H
