// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much is pruned follows from a pattern that says so.

#include "SparsityOptions.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace llvm;
using namespace qnn;

static std::unique_ptr<cl::opt<double>> sparsity;
static std::unique_ptr<cl::opt<std::string>> pattern;

void qnn::addSparsityOptions(cl::OptionCategory &category) {
  sparsity = std::make_unique<cl::opt<double>>(
      "sparsity",
      cl::desc("Part of the weights to make zero while they learn, between 0 "
               "and 1 (default: 0, or what the pattern says); quant-compile "
               "does --tune then"),
      cl::value_desc("S"), cl::init(0), cl::cat(category));
  pattern = std::make_unique<cl::opt<std::string>>(
      "sparsity-pattern",
      cl::desc("Which weights are zero together: unstructured (default); N:M, "
               "all but N of M input channels; or blocks of output times input "
               "channels, such as 4x1"),
      cl::value_desc("PATTERN"), cl::init("unstructured"), cl::cat(category));
}

bool qnn::isSparsityGiven() {
  return sparsity->getNumOccurrences() != 0 ||
         pattern->getNumOccurrences() != 0;
}

/// The part of the weights to make zero.
static Expected<double> readPart(const SparsityPattern &parsed) {
  bool isGiven = sparsity->getNumOccurrences() != 0;
  if (!isGiven && parsed.group == 0)
    return createStringError("--sparsity-pattern=" + *pattern +
                             " does not say how many weights to make zero: "
                             "give --sparsity, too");
  if (isGiven && (!(*sparsity > 0) || !(*sparsity < 1)))
    return createStringError("--sparsity expects a part between 0 and 1");
  if (parsed.group == 0)
    return *sparsity;
  double part = 1 - double(parsed.kept) / double(parsed.group);
  // People round thirds.
  constexpr double tolerance = 0.005;
  if (isGiven && !(std::abs(*sparsity - part) <= tolerance))
    return createStringError("--sparsity-pattern=" + *pattern + " makes " +
                             formatv("{0:f2}", part).str() +
                             " of the weights zero: leave out --sparsity, "
                             "which says something else");
  return part;
}

Error qnn::readSparsityOptions(LearningOptions &options) {
  if (!isSparsityGiven())
    return Error::success();
  auto parsed = SparsityPattern::parse(*pattern);
  if (!parsed)
    return parsed.takeError();
  options.sparsityPattern = *parsed;
  auto part = readPart(*parsed);
  if (!part)
    return part.takeError();
  options.sparsity = *part;
  if (!options.tune && options.stop.epochs == 0 && options.stop.steps == 0)
    return createStringError("--sparsity needs an end that is known: --epochs "
                             "or --steps");
  return Error::success();
}
