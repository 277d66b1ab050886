// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares generated code with the reference, then measures it.

#include "qnn/Benchmark/Kernels.h"
#include "qnn/InitAll.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace qnn;

static cl::SubCommand kernels("kernels", "Problems of text lists, one by one");
static cl::SubCommand roof("roof", "What the machine can do at most");

static cl::list<std::string> lists(cl::Positional, cl::OneOrMore,
                                   cl::desc("LIST..."), cl::sub(kernels));
static cl::opt<std::string>
    targetCpu("target-cpu", cl::desc("CPU to compile for (default: this one)"),
              cl::value_desc("CPU"), cl::sub(kernels));
static cl::opt<int64_t> threads("threads", cl::desc("Threads of each (1)"),
                                cl::value_desc("N"), cl::init(1),
                                cl::sub(kernels));
static cl::list<std::string> peerNames("peers", cl::CommaSeparated,
                                       cl::desc("onednn, onnxruntime"),
                                       cl::value_desc("NAME,..."),
                                       cl::sub(kernels));
static cl::opt<std::string>
    python("peer-python",
           cl::desc("Python with the peers' packages (default: what "
                    "tools/scripts/setup-peers.sh made)"),
           cl::value_desc("PROGRAM"), cl::sub(kernels));
static cl::opt<unsigned> seed("seed", cl::desc("Of weights and inputs (1)"),
                              cl::value_desc("N"), cl::init(1),
                              cl::sub(kernels));
static cl::opt<std::string> jsonPath("json", cl::desc("Write the rows as JSON"),
                                     cl::value_desc("OUT"), cl::sub(kernels),
                                     cl::sub(roof));
static cl::opt<int64_t> rounds("rounds", cl::desc("Turns of each (11)"),
                               cl::value_desc("N"), cl::init(11),
                               cl::sub(kernels), cl::sub(roof));
static cl::opt<double> minTime("min-time",
                               cl::desc("Milliseconds of a turn, at least (2)"),
                               cl::value_desc("MS"), cl::init(2),
                               cl::sub(kernels), cl::sub(roof));
static cl::opt<bool> once("once", cl::desc("One call of each, to test it"),
                          cl::sub(kernels), cl::sub(roof));

static Expected<TimingOptions> readTimingOptions() {
  if (rounds < 1)
    return createStringError("--rounds expects a positive number");
  if (!(minTime > 0 && minTime <= 1e6))
    return createStringError("--min-time expects milliseconds, more than 0");
  TimingOptions timing;
  timing.rounds = rounds;
  timing.turnMicroseconds = 1000 * minTime;
  timing.once = once;
  return timing;
}

static Expected<KernelOptions> readKernelOptions() {
  Expected<TimingOptions> timing = readTimingOptions();
  if (!timing)
    return timing.takeError();
  if (threads != 1)
    return createStringError("--threads expects 1: compiled code has one "
                             "thread");
  KernelOptions options;
  options.timing = *timing;
  options.timing.threads = threads;
  options.target.cpu = targetCpu;
  options.threads = threads;
  options.seed = seed;
  return options;
}

static Expected<std::vector<Problem>> readLists() {
  std::vector<Problem> problems;
  for (const std::string &path : lists) {
    auto list = readProblems(path);
    if (!list)
      return list.takeError();
    append_range(problems, *list);
  }
  return problems;
}

static Error runKernels() {
  Expected<KernelOptions> options = readKernelOptions();
  if (!options)
    return options.takeError();
  auto problems = readLists();
  if (!problems)
    return problems.takeError();
  PeerOptions peerOptions;
  peerOptions.threads = options->threads;
  peerOptions.python = python;
  auto peers = openKernelPeers(peerNames, peerOptions);
  if (!peers)
    return peers.takeError();
  auto widest = createWidestRoof();
  if (!widest)
    return widest.takeError();

  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  std::vector<std::string> names;
  for (const std::unique_ptr<Peer> &peer : *peers)
    names.push_back(peer->getName().str());
  TableWriter table(outs(), names);
  std::vector<ReportRow> rows;
  for (const Problem &problem : *problems) {
    auto row = benchmarkKernel(registry, problem, *options, **widest, *peers);
    if (!row)
      return row.takeError();
    table.writeRow(*row);
    rows.push_back(std::move(*row));
  }
  table.writeSummary(rows);
  if (!jsonPath.empty())
    if (Error error = writeJSON(jsonPath, rows))
      return error;
  int64_t wrong = count_if(rows, [](auto &row) { return !row.checked; });
  if (wrong)
    return createStringError(Twine(wrong) + " of " + Twine(rows.size()) +
                             " results differ from the reference");
  return Error::success();
}

static Error runRoof() {
  Expected<TimingOptions> timing = readTimingOptions();
  if (!timing)
    return timing.takeError();
  auto roofs = measureRoofs(*timing);
  if (!roofs)
    return roofs.takeError();
  printRoofs(outs(), *roofs);
  return jsonPath.empty() ? Error::success() : writeJSON(jsonPath, *roofs);
}

static Error run() {
  if (kernels)
    return runKernels();
  if (roof)
    return runRoof();
  return createStringError("expects kernels or roof; see --help");
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "Measures generated code\n");
  if (Error error = run()) {
    WithColor::error(errs(), "quant-bench")
        << toString(std::move(error)) << "\n";
    return 1;
  }
  return 0;
}
