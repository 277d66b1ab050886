// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the command line to the options of a compilation that learns.

#include "TrainOptions.h"
#include "../Common/InputOptions.h"
#include "../Common/SparsityOptions.h"
#include "../Common/TargetOptions.h"
#include "../Common/ThreadsOption.h"
#include "StepOptions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cmath>

using namespace llvm;
using namespace qnn;

cl::OptionCategory &getTrainCategory() {
  static cl::OptionCategory category("quant-train options");
  return category;
}

static cl::OptionCategory &category = getTrainCategory();

static cl::opt<std::string>
    model(cl::Positional, cl::Required,
          cl::desc("MODEL.onnx, or MODEL.mlir with qnn.parameter"),
          cl::cat(category));
static cl::opt<std::string>
    outputDirectory("o", cl::desc("Folder for the files (default: .)"),
                    cl::value_desc("DIR"), cl::init("."), cl::cat(category));

// --- Data ------------------------------------------------------------------

static cl::list<std::string>
    data("data",
         cl::desc("Rows to learn from, a .npy file for each input; may be "
                  "repeated for more rows"),
         cl::value_desc("X.npy"), cl::OneOrMore, cl::cat(category));
static cl::list<std::string>
    labels("labels", cl::desc("What the rows should give, for each --data"),
           cl::value_desc("Y.npy"), cl::cat(category));
static cl::list<std::string>
    testData("test-data",
             cl::desc("Rows that the result is judged by, as --data"),
             cl::value_desc("X.npy"), cl::cat(category));
static cl::list<std::string> testLabels("test-labels",
                                        cl::desc("Labels for --test-data"),
                                        cl::value_desc("Y.npy"),
                                        cl::cat(category));
static cl::opt<double>
    validation("validation",
               cl::desc("Part of the rows that the best weights are chosen by "
                        "and that is not learned from (default: 0.1)"),
               cl::init(0.1), cl::cat(category));

// --- How long, how fast ----------------------------------------------------

static cl::opt<std::string>
    learningRate("learning-rate",
                 cl::desc("Default: 1 % of the weights' usual magnitude, for "
                          "optimizers whose steps have about this size; 0.01 "
                          "for sgd, momentum and nesterov"),
                 cl::value_desc("R"), cl::cat(category));
static cl::opt<std::string>
    schedule("schedule",
             cl::desc("Of the learning rate: constant, step:INTERVAL[:FACTOR], "
                      "cosine (default, where the end is known by steps)"),
             cl::init("cosine"), cl::cat(category));
static cl::opt<int64_t> warmUp("warm-up",
                               cl::desc("Steps to the full learning rate"),
                               cl::value_desc("STEPS"), cl::init(0),
                               cl::cat(category));
static cl::opt<int64_t> epochs("epochs",
                               cl::desc("Times to take each row (default: 10)"),
                               cl::value_desc("N"), cl::init(10),
                               cl::cat(category));
static cl::opt<int64_t> steps("steps", cl::desc("Most steps to do"),
                              cl::value_desc("N"), cl::init(0),
                              cl::cat(category));
static cl::opt<double> seconds("seconds", cl::desc("Longest time to take"),
                               cl::value_desc("S"), cl::init(0),
                               cl::cat(category));
static cl::opt<int64_t>
    patience("patience",
             cl::desc("Stop after so many validations without a better score"),
             cl::value_desc("N"), cl::init(0), cl::cat(category));
static cl::opt<std::string>
    target("target", cl::desc("Stop at this score (percent, or decibels)"),
           cl::value_desc("SCORE"), cl::cat(category));
static cl::opt<int64_t> batch("batch", cl::desc("Rows of a step (default: 32)"),
                              cl::value_desc("N"), cl::init(32),
                              cl::cat(category));
static cl::opt<int64_t>
    validationInterval("validation-interval",
                       cl::desc("Steps between two validations (default: an "
                                "epoch)"),
                       cl::value_desc("STEPS"), cl::init(0), cl::cat(category));
static cl::opt<uint64_t>
    seed("seed",
         cl::desc("Of first weights, order of rows and random numbers "
                  "(default: 0)"),
         cl::init(0), cl::cat(category));

// --- Files -----------------------------------------------------------------

static cl::opt<std::string>
    checkpoint("checkpoint",
               cl::desc("Where a checkpoint is kept (default: in the folder of "
                        "-o until the end)"),
               cl::value_desc("FILE"), cl::cat(category));
static cl::opt<bool> resume("resume", cl::desc("Go on with the checkpoint"),
                            cl::cat(category));
static cl::opt<std::string>
    logFile("log", cl::desc("A line of JSON for each validation"),
            cl::value_desc("FILE.jsonl"), cl::cat(category));
static cl::opt<std::string>
    dumpPhases("dump-phases",
               cl::desc("Write the IR after each phase, with the weights "
                        "that were learned"),
               cl::value_desc("DIR"), cl::cat(category));

// --- Quantization ----------------------------------------------------------

static cl::opt<bool> floatModel("float", cl::desc("Train the float model only"),
                                cl::cat(category));
static cl::opt<int64_t>
    weightBits("weight-bits", cl::desc("Bits of weights, 2 to 8 (default: 8)"),
               cl::init(8), cl::cat(category));
static cl::opt<int64_t>
    activationBits("activation-bits",
                   cl::desc("Bits of activations, 2 to 8, or 16 (default: 8)"),
                   cl::init(8), cl::cat(category));

/// One part of the data for each occurrence of an option.
static Expected<std::vector<DataFiles>>
readFiles(const cl::list<std::string> &rows,
          const cl::list<std::string> &rowLabels) {
  if (!rowLabels.empty() && rowLabels.size() != rows.size())
    return createStringError("--" + rowLabels.ArgStr + " is given " +
                             Twine(rowLabels.size()) + " times, but --" +
                             rows.ArgStr + " " + Twine(rows.size()) +
                             " times: give labels for each");
  std::vector<DataFiles> parts;
  for (auto [i, text] : enumerate(rows)) {
    DataFiles part;
    for (StringRef path : split(text, ','))
      part.inputs.push_back(path.str());
    if (!rowLabels.empty())
      part.labels = rowLabels[i];
    parts.push_back(std::move(part));
  }
  return parts;
}

static Error readSchedule(LearningOptions &options) {
  auto parsed = Schedule::parse(schedule);
  if (!parsed)
    return parsed.takeError();
  options.schedule = *parsed;
  options.schedule.warmUpSteps = warmUp;
  bool hasEnd = options.stop.epochs != 0 || options.stop.steps != 0;
  if (!hasEnd && schedule.getNumOccurrences() == 0)
    options.schedule.kind = Schedule::Kind::Constant;
  else if (!hasEnd && parsed->kind == Schedule::Kind::Cosine)
    return createStringError("--schedule=cosine needs an end that is known: "
                             "--epochs or --steps");
  auto rate = readNumber(learningRate);
  if (!rate)
    return rate.takeError();
  options.learningRate = *rate;
  return Error::success();
}

static Error expectPositive(StringRef option) {
  return createStringError("--" + option + " expects a positive number");
}

static Error readStopConditions(StopConditions &stop) {
  // Where 0 stands for none, it is not given.
  for (const cl::opt<int64_t> *option :
       {&epochs, &steps, &patience, &validationInterval})
    if (option->getNumOccurrences() != 0 && *option < 1)
      return expectPositive(option->ArgStr);
  bool hasTime = seconds.getNumOccurrences() != 0;
  if (hasTime && !(seconds > 0 && std::isfinite(seconds)))
    return expectPositive(seconds.ArgStr);
  stop.epochs = epochs;
  // Another limit alone means no limit of epochs.
  bool isLimited = hasTime || steps.getNumOccurrences() != 0;
  if (isLimited && !epochs.getNumOccurrences())
    stop.epochs = 0;
  stop.steps = steps;
  stop.seconds = seconds;
  stop.patience = patience;
  auto wanted = readNumber(target);
  if (!wanted)
    return wanted.takeError();
  stop.target = *wanted;
  return Error::success();
}

/// Where the checkpoint is, and whether there may be one.
static Error readCheckpoint(CompileOptions &options) {
  SmallString<128> path(checkpoint);
  if (path.empty()) {
    path = outputDirectory;
    sys::path::append(path, sys::path::stem(model) + ".checkpoint");
  }
  options.learning->checkpoint = path.str();
  options.learning->keepsCheckpoint = !checkpoint.empty();
  options.learning->resume = resume;
  if (!resume && sys::fs::exists(path))
    return createStringError("'" + path +
                             "' exists: --resume goes on with it; "
                             "remove it to start again");
  return Error::success();
}

static Expected<LearningOptions> readLearning() {
  LearningOptions options;
  auto parts = readFiles(data, labels);
  if (!parts)
    return parts.takeError();
  options.data = std::move(*parts);
  auto testParts = readFiles(testData, testLabels);
  if (!testParts)
    return testParts.takeError();
  options.testData = std::move(*testParts);
  if (!(validation >= 0) || !(validation < 1))
    return createStringError("--validation expects a part of 1, such as 0.1");
  if (batch < 1)
    return expectPositive(batch.ArgStr);
  auto threads = readThreadsOption();
  if (!threads)
    return threads.takeError();
  options.validationPart = validation;
  options.batch = batch;
  options.validationInterval = validationInterval;
  options.seed = seed;
  options.threads = *threads;
  options.log = logFile;
  if (Error error = readStepOptions(options))
    return std::move(error);
  if (Error error = readStopConditions(options.stop))
    return std::move(error);
  if (Error error = readSchedule(options))
    return std::move(error);
  if (Error error = readSparsityOptions(options))
    return std::move(error);
  return options;
}

/// The first option that is given and says how to quantize; null if none is.
static const cl::Option *findQuantizingOption() {
  for (const cl::opt<int64_t> *option : {&weightBits, &activationBits})
    if (option->getNumOccurrences() != 0)
      return option;
  return findQuantizingStepOption();
}

Expected<CompileOptions> readTrainOptions() {
  CompileOptions options;
  auto import = readInputOptions();
  if (!import)
    return import.takeError();
  auto learning = readLearning();
  if (!learning)
    return learning.takeError();
  options.model = model;
  options.outputDirectory = outputDirectory;
  options.import = *import;
  const cl::Option *quantizing = findQuantizingOption();
  if (floatModel && quantizing)
    return createStringError("--" + quantizing->ArgStr +
                             " says how to quantize, but --float does not");
  options.target = readTargetOptions();
  options.dumpDirectory = dumpPhases;
  options.floatModel = floatModel;
  options.bits.weights = weightBits;
  options.bits.activations = activationBits;
  options.learning = std::move(*learning);
  if (Error error = readCheckpoint(options))
    return std::move(error);
  return options;
}
