// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The calibration profile: statistics by value name, as a versioned JSON file.

#ifndef QNN_QUANTIZATION_PROFILE_H
#define QNN_QUANTIZATION_PROFILE_H

#include "qnn/Quantization/Statistics.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <string>

namespace qnn {

/// What calibration learned about a model. The file is
///   {"format": "qnn-profile", "version": 1, "samples": N,
///    "values": {name: statistics, ...}}
/// with names in ascending order, so that equal profiles are equal files.
struct Profile {
  static constexpr int64_t kVersion = 1;

  /// Number of samples (rows of the calibration data) behind the statistics.
  uint64_t samples = 0;
  std::map<std::string, TensorStatistics, std::less<>> values;

  /// Reads a profile. Fails with the file's name and a remedy if it is
  /// missing, truncated, no profile, or of another version.
  static llvm::Expected<Profile> load(llvm::StringRef path);

  /// Prints the file's text.
  void print(llvm::raw_ostream &os) const;

  /// Writes a profile; the file appears complete or not at all.
  llvm::Error save(llvm::StringRef path) const;

  /// Adds a profile of the same model from other samples. Names known to one
  /// side only are kept. Fails, and changes nothing, if the numbers of
  /// channels of a value differ.
  llvm::Error merge(const Profile &other);

  /// The statistics of a value, or null.
  const TensorStatistics *lookup(llvm::StringRef name) const;

  bool operator==(const Profile &other) const {
    return samples == other.samples && values == other.values;
  }
};

} // namespace qnn

#endif // QNN_QUANTIZATION_PROFILE_H
