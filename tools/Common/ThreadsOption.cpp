// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An option whose name LLVM's own library has taken already.

#include "ThreadsOption.h"

using namespace llvm;
using namespace qnn;

static std::unique_ptr<cl::opt<unsigned>> option;

void qnn::addThreadsOption(cl::OptionCategory &category) {
  constexpr StringRef name = "threads";
  // LLVM registers one for its linker plugin; two of a name abort the program.
  if (cl::Option *other = cl::getRegisteredOptions().lookup(name))
    other->removeArgument();
  option = std::make_unique<cl::opt<unsigned>>(
      name, cl::desc("Threads to run with (default: 1)"), cl::value_desc("N"),
      cl::init(1), cl::cat(category));
}

Expected<unsigned> qnn::readThreadsOption() {
  if (*option == 0)
    return createStringError("--threads: expects at least 1");
  return unsigned(*option);
}
