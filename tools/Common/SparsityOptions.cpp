// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much is pruned follows from a pattern that says so.

#include "SparsityOptions.h"

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

Error qnn::readSparsityOptions(LearningOptions &options) {
  if (!isSparsityGiven())
    return Error::success();
  auto parsed = SparsityPattern::parse(*pattern);
  if (!parsed)
    return parsed.takeError();
  options.sparsityPattern = *parsed;
  options.sparsity = *sparsity;
  if (sparsity->getNumOccurrences() == 0 && parsed->group != 0)
    options.sparsity = 1 - double(parsed->kept) / double(parsed->group);
  if (!(options.sparsity > 0) || !(options.sparsity < 1))
    return createStringError("--sparsity expects a part between 0 and 1");
  if (!options.tune && options.stop.epochs == 0 && options.stop.steps == 0)
    return createStringError("--sparsity needs an end that is known: --epochs "
                             "or --steps");
  return Error::success();
}
