// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares generated code with the reference, then measures it.

#include "../Common/InputOptions.h"
#include "qnn/Benchmark/Kernels.h"
#include "qnn/Benchmark/Layers.h"
#include "qnn/Benchmark/Models.h"
#include "qnn/InitAll.h"
#include "qnn/Support/AtomicFile.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"
#include <thread>

using namespace llvm;
using namespace qnn;

static cl::SubCommand kernels("kernels", "Problems of text lists, one by one");
static cl::SubCommand layers("layers",
                             "The contractions of a quantized model, with "
                             "its weights, one by one");
static cl::SubCommand models("models", "Whole models, in float and in int8");
static cl::SubCommand roof("roof", "What the machine can do at most");

static cl::OptionCategory category("quant-bench options");

static cl::list<std::string> lists(cl::Positional, cl::OneOrMore,
                                   cl::desc("LIST..."), cl::sub(kernels),
                                   cl::cat(category));
static cl::list<std::string> modelPaths(cl::Positional, cl::OneOrMore,
                                        cl::desc("MODEL.onnx..."),
                                        cl::sub(layers), cl::sub(models),
                                        cl::cat(category));
static cl::list<std::string> calibrate(
    "calibrate", cl::OneOrMore,
    cl::desc("Rows to calibrate on, the first of them to run; a .npy file for "
             "each input, separated by commas; once for all models, or once "
             "for each"),
    cl::value_desc("DATA.npy"), cl::sub(layers), cl::sub(models),
    cl::cat(category));
static cl::opt<std::string>
    targetCpu("target-cpu", cl::desc("CPU to compile for (default: this one)"),
              cl::value_desc("CPU"), cl::sub(kernels), cl::sub(layers),
              cl::sub(models), cl::cat(category));
static cl::opt<int64_t> threads("threads", cl::desc("Threads of each (1)"),
                                cl::value_desc("N"), cl::init(1),
                                cl::sub(kernels), cl::sub(layers),
                                cl::sub(models), cl::sub(roof),
                                cl::cat(category));
static cl::list<std::string>
    peerNames("peers", cl::CommaSeparated,
              cl::desc("Kernels and layers: onednn, onnxruntime; models: "
                       "onnxruntime, openvino"),
              cl::value_desc("NAME,..."), cl::sub(kernels), cl::sub(layers),
              cl::sub(models), cl::cat(category));
static cl::opt<std::string>
    python("peer-python",
           cl::desc("Python with the peers' packages (default: what "
                    "tools/scripts/setup-peers.sh made)"),
           cl::value_desc("PROGRAM"), cl::sub(kernels), cl::sub(layers),
           cl::sub(models), cl::cat(category));
static cl::opt<unsigned> seed("seed", cl::desc("Of weights and inputs (1)"),
                              cl::value_desc("N"), cl::init(1),
                              cl::sub(kernels), cl::cat(category));
static cl::opt<std::string>
    jsonPath("json", cl::desc("Write the rows as JSON; -: to standard output"),
             cl::value_desc("OUT"), cl::sub(cl::SubCommand::getAll()),
             cl::cat(category));
static cl::opt<int64_t> rounds("rounds", cl::desc("Turns of each (11)"),
                               cl::value_desc("N"), cl::init(11),
                               cl::sub(cl::SubCommand::getAll()),
                               cl::cat(category));
static cl::opt<double> minTime("min-time",
                               cl::desc("Milliseconds of a turn, at least (2)"),
                               cl::value_desc("MS"), cl::init(2),
                               cl::sub(cl::SubCommand::getAll()),
                               cl::cat(category));
static cl::opt<bool> once("once", cl::desc("One call of each, to test it"),
                          cl::sub(cl::SubCommand::getAll()), cl::cat(category));

static Expected<TimingOptions> readTimingOptions() {
  if (rounds < 1)
    return createStringError("--rounds expects a positive number");
  if (!(minTime > 0 && minTime <= 1e6))
    return createStringError("--min-time expects milliseconds, more than 0");
  // More threads than CPUs measure the scheduler.
  int64_t cpus = std::max(1u, std::thread::hardware_concurrency());
  if (threads < 1 || threads > cpus)
    return createStringError("--threads expects 1 to " + Twine(cpus) +
                             ", the CPUs of this machine");
  TimingOptions timing;
  timing.threads = threads;
  timing.rounds = rounds;
  timing.turnMicroseconds = 1000 * minTime;
  timing.once = once;
  return timing;
}

/// The row of the target table that the code is for, unless it is for this
/// machine.
static Expected<PeerOptions> readPeerOptions() {
  PeerOptions options;
  options.threads = threads;
  options.python = python;
  if (targetCpu.empty())
    return options;
  TargetOptions target;
  target.cpu = targetCpu;
  Expected<std::string> row = findTargetName(target);
  if (!row)
    return row.takeError();
  options.target = *row;
  return options;
}

/// The options of a model's input are registered for all commands.
static Error refuseInputOptions() {
  for (auto &option : cl::getRegisteredOptions(kernels ? kernels : roof))
    if (option.second->getNumOccurrences() &&
        is_contained(option.second->Categories, &getInputOptionCategory()))
      return createStringError(
          "--" + option.first +
          " is an option of quant-bench layers and models");
  return Error::success();
}

template <typename Peers>
static std::vector<std::string> getNames(const Peers &peers) {
  std::vector<std::string> names;
  for (const auto &peer : peers)
    names.push_back(peer->getName().str());
  return names;
}

static Expected<std::vector<KernelSource>> readLists() {
  std::vector<KernelSource> sources;
  for (const std::string &path : lists) {
    auto problems = readProblems(path);
    if (!problems)
      return problems.takeError();
    for (Problem &problem : *problems)
      sources.push_back({problem.getText().str(), problem, /*module=*/""});
  }
  return sources;
}

/// What people read; the standard output may be for programs.
static raw_ostream &getTableStream() {
  return jsonPath == "-" ? errs() : outs();
}

template <typename Row>
static Error writeJSONFile(ArrayRef<Row> rows) {
  if (jsonPath.empty())
    return Error::success();
  if (jsonPath == "-") {
    writeJSON(outs(), rows);
    return Error::success();
  }
  return writeFileAtomically(jsonPath, [&](raw_ostream &os) {
    writeJSON(os, rows);
    return Error::success();
  });
}

/// The file, and an error if something was wrong.
static Error report(ArrayRef<ReportRow> rows) {
  if (Error error = writeJSONFile(rows))
    return error;
  int64_t wrong = count_if(rows, [](auto &row) { return !row.checked; });
  if (wrong)
    // Not tested: only a bug of ours makes them differ.
    return createStringError(Twine(wrong) + " of " + Twine(rows.size()) +
                             " results differ from the reference");
  return Error::success();
}

static Expected<std::vector<ModelRequest>> readRequests() {
  Expected<ImportOptions> import = readInputOptions();
  if (!import)
    return import.takeError();
  if (calibrate.size() != 1 && calibrate.size() != modelPaths.size())
    return createStringError("--calibrate expects to be given once, or once "
                             "for each of " +
                             Twine(modelPaths.size()) + " models, got " +
                             Twine(calibrate.size()));
  std::vector<ModelRequest> requests;
  for (auto [i, path] : enumerate(modelPaths)) {
    ModelRequest request;
    request.path = path;
    request.import = *import;
    SmallVector<StringRef> files;
    StringRef(calibrate[calibrate.size() == 1 ? 0 : i]).split(files, ',');
    request.calibration.assign(files.begin(), files.end());
    requests.push_back(std::move(request));
  }
  return requests;
}

static Expected<std::vector<KernelSource>>
readLayers(const mlir::DialectRegistry &registry) {
  auto requests = readRequests();
  if (!requests)
    return requests.takeError();
  std::vector<KernelSource> sources;
  for (const ModelRequest &request : *requests) {
    auto found = extractLayers(registry, request);
    if (!found)
      return found.takeError();
    append_range(sources, *found);
  }
  return sources;
}

static Error runKernels(const mlir::DialectRegistry &registry,
                        const TimingOptions &timing, RoofLoop &widest) {
  auto peerOptions = readPeerOptions();
  if (!peerOptions)
    return peerOptions.takeError();
  auto peers = openKernelPeers(peerNames, *peerOptions);
  if (!peers)
    return peers.takeError();
  auto sources = kernels ? readLists() : readLayers(registry);
  if (!sources)
    return sources.takeError();
  KernelOptions options;
  options.timing = timing;
  options.target.cpu = targetCpu;
  options.seed = seed;
  TableWriter table(getTableStream(), getNames(*peers));
  std::vector<ReportRow> rows;
  for (const KernelSource &source : *sources) {
    auto row = benchmarkKernel(registry, source, options, widest, *peers);
    if (!row)
      return row.takeError();
    table.writeRow(*row);
    rows.push_back(std::move(*row));
  }
  table.writeSummary(rows);
  return report(rows);
}

static Error runModels(const mlir::DialectRegistry &registry,
                       const TimingOptions &timing, RoofLoop &widest) {
  auto requests = readRequests();
  if (!requests)
    return requests.takeError();
  ModelOptions options;
  options.timing = timing;
  options.target.cpu = targetCpu;
  auto peerOptions = readPeerOptions();
  if (!peerOptions)
    return peerOptions.takeError();
  auto peers = openModelPeers(peerNames, *peerOptions);
  if (!peers)
    return peers.takeError();
  TableWriter table(getTableStream(), getNames(*peers));
  std::vector<ReportRow> rows;
  for (const ModelRequest &request : *requests) {
    auto both = benchmarkModel(registry, request, options, widest, *peers);
    if (!both)
      return both.takeError();
    for (const ReportRow &row : *both)
      table.writeRow(row);
    append_range(rows, *both);
  }
  return report(rows);
}

/// Fails before anything is measured if the rows could not be written. A pipe
/// is opened only once.
static Error checkJSONPath() {
  if (jsonPath.empty() || jsonPath == "-" ||
      sys::fs::get_file_type(jsonPath) == sys::fs::file_type::fifo_file)
    return Error::success();
  return AtomicFile::create(jsonPath).takeError();
}

static Error runRoof(const TimingOptions &timing) {
  auto roofs = measureRoofs(timing);
  if (!roofs)
    return roofs.takeError();
  printRoofs(getTableStream(), *roofs);
  return writeJSONFile(ArrayRef(*roofs));
}

static Error run() {
  if (!kernels && !layers && !models && !roof)
    return createStringError(
        "expects kernels, layers, models or roof; see --help");
  Expected<TimingOptions> timing = readTimingOptions();
  if (!timing)
    return timing.takeError();
  if (Error error = checkJSONPath())
    return error;
  if (kernels || roof)
    if (Error error = refuseInputOptions())
      return error;
  if (roof && threads.getNumOccurrences() != 0)
    return createStringError(
        "--threads is an option of quant-bench kernels, layers and models");
  if (roof)
    return runRoof(*timing);
  TargetOptions target;
  target.cpu = targetCpu;
  if (Error error = checkRunsOnHost(target))
    return error;
  auto widest = createWidestRoof();
  if (!widest)
    return widest.takeError();
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  return models ? runModels(registry, *timing, **widest)
                : runKernels(registry, *timing, **widest);
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  for (cl::SubCommand *command :
       {&cl::SubCommand::getTopLevel(), &kernels, &roof})
    cl::HideUnrelatedOptions({&category}, *command);
  for (cl::SubCommand *command : {&layers, &models})
    cl::HideUnrelatedOptions({&category, &getInputOptionCategory()}, *command);
  cl::ParseCommandLineOptions(
      argc, argv, "Compares generated code with the reference, and times it\n");
  if (Error error = run()) {
    WithColor::error(errs(), "quant-bench")
        << toString(std::move(error)) << "\n";
    return 1;
  }
  return 0;
}
