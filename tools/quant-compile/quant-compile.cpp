// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a float ONNX model and a little data to an int8 object file.

#include "../Common/InputOptions.h"
#include "../Common/SparsityOptions.h"
#include "../Common/TargetOptions.h"
#include "mlir/IR/Diagnostics.h"
#include "qnn/Driver/Compiler.h"
#include "qnn/InitAll.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace qnn;

static cl::OptionCategory category("quant-compile options");

static cl::opt<std::string> model(cl::Positional, cl::Required,
                                  cl::desc("MODEL.onnx or MODEL.mlir"),
                                  cl::cat(category));
static cl::opt<std::string>
    outputDirectory("o", cl::desc("Folder for the files (default: .)"),
                    cl::value_desc("DIR"), cl::init("."), cl::cat(category));
static cl::list<std::string>
    calibrate("calibrate", cl::CommaSeparated,
              cl::desc("Rows to calibrate on, a .npy file for each input"),
              cl::value_desc("DATA.npy"), cl::cat(category));
static cl::list<std::string>
    profiles("profile",
             cl::desc("Profile of an earlier calibration; several, of parts of "
                      "the data, are merged"),
             cl::value_desc("FILE"), cl::cat(category));
static cl::opt<int64_t> samples("samples",
                                cl::desc("Rows to calibrate on (default: all)"),
                                cl::value_desc("N"), cl::init(0),
                                cl::cat(category));
static cl::opt<std::string>
    calibrator("calibrator",
               cl::desc("How a range comes from statistics: mse (default), "
                        "percentile, minmax"),
               cl::init("mse"), cl::cat(category));
static cl::opt<double>
    percentile("percentile",
               cl::desc("Percent of the values inside of the range, for "
                        "--calibrator=percentile (default: 99.99)"),
               cl::init(99.99), cl::cat(category));
static cl::opt<int64_t> weightBits("weight-bits",
                                   cl::desc("Bits of weights, 2 to 8 (default: "
                                            "8); fewer are stored in 8"),
                                   cl::value_desc("N"), cl::init(8),
                                   cl::cat(category));
static cl::opt<int64_t>
    activationBits("activation-bits",
                   cl::desc("Bits of activations, 2 to 8 or 16 (default: 8); "
                            "fewer than 8 are stored in 8"),
                   cl::value_desc("N"), cl::init(8), cl::cat(category));
static cl::opt<std::string> requantization(
    "requantization",
    cl::desc("From accumulators to codes: float (default), or bit-exact with "
             "TFLite's fixed point: tflite_single, tflite_double"),
    cl::value_desc("MODE"), cl::init("float"), cl::cat(category));
static cl::opt<std::string>
    batch("batch",
          cl::desc("Rows of a call: 1 (default), or dynamic for any number"),
          cl::init("1"), cl::cat(category));
static cl::opt<bool> floatModel("float", cl::desc("Compile the float model"),
                                cl::cat(category));
static cl::opt<std::string>
    compileTo("compile-to",
              cl::desc("Stop after a phase and write its IR: import, prepare, "
                       "calibrate, quantize, legalize, lower, codegen"),
              cl::value_desc("PHASE"), cl::init("emit"), cl::cat(category));
static cl::opt<std::string>
    dumpPhases("dump-phases", cl::desc("Write the IR after each phase"),
               cl::value_desc("DIR"), cl::cat(category));

static cl::opt<bool> tune(
    "tune",
    cl::desc("Adjust the quantized weights until the object gives what the "
             "float model gives for the rows of --calibrate; --tune-labels and "
             "--sparsity do so, too"),
    cl::cat(category));
static cl::opt<std::string>
    tuneLabels("tune-labels", cl::desc("--tune to the labels of the rows, too"),
               cl::value_desc("Y.npy"), cl::cat(category));
static cl::opt<std::string> learnQuantizers(
    "learn-quantizers",
    cl::desc("What --tune learns beside weights: lsq (scales), lsq+ (zero "
             "points, too; default), pact (clips), none"),
    cl::value_desc("WAY"), cl::cat(category));
static cl::opt<int64_t> tuneSteps(
    "tune-steps",
    cl::desc("Steps of each training that tuning tries (default: 30 times over "
             "the rows, 600 to 1500)"),
    cl::value_desc("N"), cl::cat(category));
static cl::opt<double>
    tuneSeconds("tune-seconds", cl::desc("Longest time to tune (default: 600)"),
                cl::value_desc("S"), cl::init(600), cl::cat(category));
static cl::opt<std::string> tuneCheckpoint(
    "tune-checkpoint",
    cl::desc("Keep where tuning is in this file, and in others beside it; go "
             "on with them if they exist"),
    cl::value_desc("FILE"), cl::cat(category));

static int fail(const Twine &message) {
  WithColor::error(errs(), "quant-compile") << message << "\n";
  return 1;
}

/// Options that would change nothing are mistakes.
static Error refuseIdleOptions() {
  for (const cl::Option *option : {static_cast<cl::Option *>(&calibrator),
                                   static_cast<cl::Option *>(&percentile),
                                   static_cast<cl::Option *>(&weightBits),
                                   static_cast<cl::Option *>(&activationBits),
                                   static_cast<cl::Option *>(&requantization)})
    if (floatModel && option->getNumOccurrences() != 0)
      return createStringError("--" + option->ArgStr +
                               " says how to quantize, but --float does not");
  if (percentile.getNumOccurrences() != 0 && calibrator != "percentile")
    return createStringError("--percentile needs --calibrator=percentile");
  return Error::success();
}

/// What --tune and its options say; nothing without them.
static Expected<std::optional<LearningOptions>> readTuning() {
  if (!tune && tuneLabels.empty() && !isSparsityGiven()) {
    for (const cl::Option *option :
         {static_cast<cl::Option *>(&learnQuantizers),
          static_cast<cl::Option *>(&tuneSteps),
          static_cast<cl::Option *>(&tuneSeconds),
          static_cast<cl::Option *>(&tuneCheckpoint)})
      if (option->getNumOccurrences() != 0)
        return createStringError("--" + option->ArgStr + " needs --tune");
    return std::nullopt;
  }
  if (calibrate.empty() || floatModel)
    return createStringError(
        "--tune needs rows: give --calibrate=ROWS.npy, and "
        "neither --profile nor --float");
  if (learnQuantizers.getNumOccurrences() != 0 &&
      !is_contained({"lsq", "lsq+", "pact", "none"},
                    StringRef(learnQuantizers)))
    return createStringError("--learn-quantizers: unknown '" +
                             Twine(learnQuantizers) +
                             "': expects one of none, lsq, lsq+, pact");
  if (tuneSteps.getNumOccurrences() != 0 && tuneSteps < 1)
    return createStringError("--tune-steps expects a positive number");
  if (!(tuneSeconds > 0))
    return createStringError("--tune-seconds expects a positive number");
  LearningOptions options;
  options.tune = true;
  options.data = {DataFiles{{calibrate.begin(), calibrate.end()}, tuneLabels}};
  options.validationPart = 0.2;
  options.stop.steps = tuneSteps;
  options.stop.seconds = tuneSeconds;
  options.checkpoint = tuneCheckpoint;
  options.resume = sys::fs::exists(tuneCheckpoint);
  options.learnQuantizers = learnQuantizers;
  if (Error error = readSparsityOptions(options))
    return std::move(error);
  return options;
}

static Expected<CompileOptions> readOptions() {
  CompileOptions options;
  auto import = readInputOptions();
  if (!import)
    return import.takeError();
  std::optional<Phase> phase = symbolizePhase(compileTo);
  if (!phase)
    return createStringError("unknown phase '" + compileTo +
                             "' in --compile-to");
  if (batch != "1" && batch != "dynamic")
    return createStringError("--batch expects 1 or dynamic, got '" + batch +
                             "'");
  if (samples.getNumOccurrences() != 0 && samples < 1)
    return createStringError("--samples expects a positive number");
  if (Error error = refuseIdleOptions())
    return std::move(error);
  options.model = model;
  options.outputDirectory = outputDirectory;
  options.import = *import;
  options.target = readTargetOptions();
  options.calibrationData.assign(calibrate.begin(), calibrate.end());
  options.profiles.assign(profiles.begin(), profiles.end());
  options.samples = samples;
  options.calibrator = calibrator;
  options.percentile = percentile;
  options.bits = {weightBits, activationBits};
  options.requantization = requantization;
  options.dynamicRows = batch == "dynamic";
  options.floatModel = floatModel;
  auto tuning = readTuning();
  if (!tuning)
    return tuning.takeError();
  options.learning = std::move(*tuning);
  options.compileTo = *phase;
  options.dumpDirectory = dumpPhases;
  return options;
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  addSparsityOptions(category);
  addTargetOptions(category);
  cl::HideUnrelatedOptions({&category, &getInputOptionCategory()});
  cl::ParseCommandLineOptions(
      argc, argv, "From a float ONNX model to an int8 object file\n");
  Expected<CompileOptions> options = readOptions();
  if (!options)
    return fail(toString(options.takeError()));
  mlir::DialectRegistry registry;
  qnn::registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  OneLineErrors diagnostics(context);
  Expected<CompileSummary> summary = compile(context, *options);
  if (!summary)
    return diagnostics.report("quant-compile", summary.takeError());
  summary->print(outs());
  return 0;
}
