// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What was measured, as a table for people and as JSON.

#ifndef QNN_BENCHMARK_REPORT_H
#define QNN_BENCHMARK_REPORT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace qnn {

/// The time of a peer, in microseconds.
struct PeerTime {
  std::string name;
  double us;
};

struct ReportRow {
  std::string problem;
  /// The row of the target table.
  std::string target;
  int64_t threads = 1;
  /// None if the result was wrong: then nothing is timed.
  std::optional<double> us;
  /// Of the widest roof of the machine, times the number of threads; none if
  /// there is no count of operations.
  std::optional<double> roofFraction;
  int64_t bytes = 0;
  /// Every output byte equalled the reference.
  bool checked = false;
  /// Peers that solve this problem.
  std::vector<PeerTime> peers;

  /// The time of this peer, or none.
  std::optional<double> findPeer(llvm::StringRef name) const;
};

/// A table that is written row by row, since rows take their time.
class TableWriter {
public:
  TableWriter(llvm::raw_ostream &os, llvm::ArrayRef<std::string> peers);

  void writeRow(const ReportRow &row);
  /// The geometric means of the ratios, if there are peers.
  void writeSummary(llvm::ArrayRef<ReportRow> rows);

private:
  llvm::raw_ostream &os;
  std::vector<std::string> peers;
};

/// How many times longer the peer takes: the geometric mean over the rows where
/// both were timed, or none.
std::optional<double> getMeanRatio(llvm::ArrayRef<ReportRow> rows,
                                   llvm::StringRef peer);

/// An array with an object for each row.
void writeJSON(llvm::raw_ostream &os, llvm::ArrayRef<ReportRow> rows);

/// A machine's roof by name, in operations per nanosecond.
struct RoofSpeed {
  std::string name;
  double gops;
};

void printRoofs(llvm::raw_ostream &os, llvm::ArrayRef<RoofSpeed> roofs);
void writeJSON(llvm::raw_ostream &os, llvm::ArrayRef<RoofSpeed> roofs);

} // namespace qnn

#endif // QNN_BENCHMARK_REPORT_H
