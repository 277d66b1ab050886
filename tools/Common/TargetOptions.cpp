// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Triple and CPU as they are given.

#include "TargetOptions.h"

using namespace llvm;
using namespace qnn;

static std::unique_ptr<cl::opt<std::string>> triple;
static std::unique_ptr<cl::opt<std::string>> cpu;

void qnn::addTargetOptions(cl::OptionCategory &category) {
  triple = std::make_unique<cl::opt<std::string>>(
      "target-triple", cl::desc("Target (default: this machine)"),
      cl::value_desc("TRIPLE"), cl::cat(category));
  cpu = std::make_unique<cl::opt<std::string>>(
      "target-cpu",
      cl::desc("CPU to compile for (default: this one; for another triple the "
               "least common one)"),
      cl::value_desc("CPU"), cl::cat(category));
}

TargetOptions qnn::readTargetOptions() {
  TargetOptions options;
  options.triple = *triple;
  options.cpu = *cpu;
  return options;
}
