// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One line of a problem list: an operation, its extents and its types.

#ifndef QNN_BENCHMARK_PROBLEM_H
#define QNN_BENCHMARK_PROBLEM_H

#include "qnn/Reference/Tensor.h"
#include "llvm/ADT/StringMap.h"
#include <string>
#include <vector>

namespace qnn {

/// A line such as `gemm m=512 n=512 k=512 in=u8 weights=s8 out=u8`. The keys of
/// each kind, with their defaults, are a table in Problem.cpp; all are present
/// in a parsed problem.
class Problem {
public:
  /// Fails with what was expected. What fits the syntax but not the operation
  /// (a kernel larger than its image, groups that do not divide) fails, too.
  static llvm::Expected<Problem> parse(llvm::StringRef line);

  /// "gemm", "conv", ...
  llvm::StringRef getKind() const { return kind; }
  /// The line, words separated by one space.
  llvm::StringRef getText() const { return text; }

  int64_t getNumber(llvm::StringRef key) const;
  /// The numbers of a key such as `pad=0,1,0,1`; one stands for all.
  llvm::SmallVector<int64_t> getNumbers(llvm::StringRef key) const;
  llvm::StringRef getWord(llvm::StringRef key) const;
  /// The element kind that a key such as `in` or `out` names.
  ElementKind getType(llvm::StringRef key) const;
  /// All keys and their values, as they would be written.
  const llvm::StringMap<std::string> &getValues() const { return values; }

  bool isFloat() const { return getWord("in") == "f32"; }
  /// Whether the problem is a product with weights: gemm, conv or depthwise.
  bool isContraction() const;

  /// Shape of the first operand of the operation, and of its result.
  llvm::SmallVector<int64_t> getInputShape() const;
  llvm::SmallVector<int64_t> getResultShape() const;
  /// Shape of the weights of a contraction.
  llvm::SmallVector<int64_t> getWeightsShape() const;
  /// Extents of the padding, {top, bottom, left, right}, that the operation
  /// adds itself.
  llvm::SmallVector<int64_t> getPad() const;
  int64_t getGroups() const;

  /// Two for each product of a contraction, products with padding included; one
  /// for each element of the result, or of the window, elsewhere.
  double countOperations() const;

private:
  llvm::Error parseValue(llvm::StringRef word);
  llvm::Error check() const;
  llvm::Error checkTypes() const;
  llvm::Error checkWindow() const;

  std::string kind, text;
  llvm::StringMap<std::string> values;
};

/// The problems of a file: one a line, `#` begins a comment. Errors begin with
/// file and line.
llvm::Expected<std::vector<Problem>> readProblems(llvm::StringRef path);

} // namespace qnn

#endif // QNN_BENCHMARK_PROBLEM_H
