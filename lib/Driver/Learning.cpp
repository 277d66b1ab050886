// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of what learning does.

#include "Learning.h"
#include "Folders.h"
#include "Tuning.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/Transforms/Parameters.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include "qnn/Pipelines/RunPipeline.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <numeric>

using namespace mlir;
using namespace qnn;

char InterruptedError::ID = 0;

void InterruptedError::log(llvm::raw_ostream &os) const {
  os << "interrupted";
  if (!remedy.empty())
    os << "; go on with " << remedy;
}

Learning::Learning(const LearningOptions &options) : options(options) {
  if (!options.tune)
    interruptMessage.emplace(describeInterruption(/*hasTrained=*/false));
}

static StringRef nameOf(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::Float ? "float" : "quantized";
}

/// A number that changes with the operations and with every weight; random
/// weights are no part of the model.
static std::string hashModel(ModuleOp model) {
  std::string text;
  llvm::raw_string_ostream os(text);
  model.print(os, OpPrintingFlags().elideLargeElementsAttrs(0));
  for (ParameterOp parameter : getParameters(model)) {
    if (!parameter.getElements())
      continue;
    ArrayRef<char> bytes = parameter.getElements().getRawData();
    os << llvm::xxh3_64bits(StringRef(bytes.data(), bytes.size())) << " ";
  }
  return llvm::utohexstr(llvm::xxh3_64bits(text));
}

llvm::Error Learning::makeParameters(ModuleOp model) {
  auto mark = [](OpPassManager &pm) {
    pm.addNestedPass<func::FuncOp>(createQNNMarkParametersPass());
  };
  auto materialize = [this](OpPassManager &pm) {
    QNNMaterializeParametersPassOptions start;
    start.seed = options.seed;
    pm.addNestedPass<func::FuncOp>(createQNNMaterializeParametersPass(start));
  };
  if (getParameters(model).empty())
    if (llvm::Error error = runPipeline(model, mark))
      return error;
  SmallVector<ParameterOp> parameters = getParameters(model);
  if (parameters.empty())
    return llvm::createStringError("the model has no weights to learn");
  wasRandom = llvm::any_of(parameters, [](ParameterOp parameter) {
    return !parameter.getElements();
  });
  modelHash = hashModel(model);
  return runPipeline(model, materialize);
}

/// Fails if an input has several rows at once.
static llvm::Error checkIsOneRow(ModuleOp model) {
  func::FuncOp func = *model.getOps<func::FuncOp>().begin();
  for (auto [i, type] : llvm::enumerate(func.getArgumentTypes())) {
    auto shape = cast<ShapedType>(type).getShape();
    if (shape.empty() || shape.front() == 1)
      continue;
    auto name = func.getArgAttrOfType<StringAttr>(i, kNameAttr);
    return llvm::createStringError(
        "input '" + (name ? name.getValue() : StringRef("")) + "' takes " +
        llvm::Twine(shape.front()) +
        " rows at once, and learning chooses its own batches: give a model of "
        "one row, or of a dynamic number of rows");
  }
  return llvm::Error::success();
}

llvm::Error Learning::prepare(ModuleOp model) {
  if (llvm::Error error = checkIsOneRow(model))
    return error;
  if (llvm::Error error = makeParameters(model))
    return error;
  if (llvm::Error error = openData(model))
    return error;
  if (llvm::Error error = checkSparsity(model))
    return error;
  if (options.resume)
    return loadCheckpoint(model);
  return makeFolder(llvm::sys::path::parent_path(options.checkpoint));
}

llvm::Error Learning::checkSources(const StepPorts &ports) const {
  bool hasTeacher = llvm::any_of(ports.arguments, [](const StepPort &port) {
    return port.role == StepRole::Teacher;
  });
  if (hasTeacher && wasRandom)
    return llvm::createStringError(
        "the loss learns from the model's own float weights, but these are "
        "random: give trained ones, or a loss of labels");
  bool hasLabels = !options.data.front().labels.empty();
  if (hasLabels && !getLabelFormat(ports))
    return llvm::createStringError(
        "the labels are not used: add a loss of labels, as in "
        "--loss=softmax_cross_entropy,kl");
  return llvm::Error::success();
}

/// The outputs but for the first.
static std::vector<std::string> listOtherOutputs(const StepPorts &ports) {
  std::vector<std::string> names;
  for (const StepPort &port : ports.results)
    if (port.role == StepRole::Output && port.number != 0)
      names.push_back(port.name);
  return names;
}

FunctionOrError Learning::makeRowLoss(ModuleOp model,
                                      ArrayRef<Ending> endings) {
  if (options.tune)
    return makeTuningLoss(model, endings, options, summary.sources.emplace());
  if (!StringRef(options.step).contains("loss=")) {
    auto loss = chooseLabelLoss(model, endings.front(), options.data);
    if (!loss)
      return loss.takeError();
    options.step = "loss=" + *loss + " " + options.step;
  }
  return makeLoss(model, Arithmetic::Float, options, /*rows=*/1);
}

llvm::Error Learning::openData(ModuleOp model) {
  SmallVector<Ending> endings = findEndings(model);
  if (endings.empty())
    return llvm::createStringError(
        "the first output is no f32 tensor with a batch axis to learn");
  auto loss = makeRowLoss(model, endings);
  if (!loss)
    return loss.takeError();
  if (llvm::Error error = checkSources(loss->ports))
    return error;
  if (!options.tune)
    summary.untrainedOutputs = listOtherOutputs(loss->ports);
  metric = chooseMetric(loss->ports, endings, options.step);
  if (llvm::Error error = checkTarget())
    return error;
  for (const std::vector<DataFiles> &files : {options.data, options.testData}) {
    if (!rows.empty() && files.empty())
      continue;
    auto opened = openRows(model, files, loss->ports, summary.sources);
    if (!opened)
      return opened.takeError();
    summary.scores.push_back(
        {rows.empty() ? "validation" : "test", metric, {}, {}, {}, {}});
    rows.push_back(std::move(*opened));
  }
  auto hash = rows.front().data.hash();
  if (!hash)
    return hash.takeError();
  dataHash = llvm::utohexstr(*hash);
  split =
      splitRows(rows.front().data.size(), options.validationPart, options.seed);
  if (!options.tune)
    if (llvm::Error error = checkBatch(split.training.size(), options.batch))
      return error;
  // Better the rows that are learned from than none.
  if (split.validation.empty())
    split.validation = split.training;
  if (options.tune) {
    if (options.learnQuantizers.empty())
      summary.sources->quantizerLimit = findQuantizerLimit(model);
    chooseTuningSteps(options, split.training.size(),
                      summary.sources->quantizerLimit.empty());
  }
  options.schedule.learningRate = options.learningRate
                                      ? *options.learningRate
                                      : chooseLearningRate(model, options.step);
  Schedule withoutEnd = options.schedule;
  withoutEnd.kind = Schedule::Kind::Constant;
  return withoutEnd.verify();
}

llvm::Error Learning::checkTarget() const {
  std::optional<double> target = options.stop.target;
  bool isPercent = metric != Metric::SignalToNoise;
  if (!target || !isPercent || (*target > 0 && *target <= 100))
    return llvm::Error::success();
  return llvm::createStringError(
      "--target: the " + getMetricName(metric) +
      " of this model is a percentage above 0, up to 100");
}

llvm::Error Learning::checkSparsity(ModuleOp model) {
  if (options.sparsity == 0)
    return llvm::Error::success();
  size_t numPruned = 0;
  for (const auto &[name, layout] : findWeightsLayouts(model))
    if (hasRoomFor(options.sparsityPattern, layout))
      ++numPruned;
    else
      summary.denseWeights.push_back(name);
  if (numPruned == 0)
    return llvm::createStringError(
        "--sparsity: no weights of the model have room for the pattern: choose "
        "smaller blocks or groups");
  return llvm::Error::success();
}

std::string Learning::describeOptions() const {
  const Schedule &schedule = options.schedule;
  const StopConditions &stop = options.stop;
  return llvm::formatv(
             "{0} rate={1:e9} schedule={2}:{3}:{4:e9} warm-up={5} epochs={6} "
             "steps={7} patience={8} batch={9} seed={10} rows={11} data={12} "
             "validation={13} learn-quantizers={14} "
             "sparsity={15}:{16}:{17}:{18}:{19} "
             "{20}",
             options.step, schedule.learningRate, int(schedule.kind),
             schedule.interval, schedule.factor, schedule.warmUpSteps,
             stop.epochs, stop.steps, stop.patience, options.batch,
             options.seed, rows.front().data.size(), dataHash,
             split.validation.size(), options.learnQuantizers, options.sparsity,
             options.sparsityPattern.blockOutputs,
             options.sparsityPattern.blockInputs, options.sparsityPattern.kept,
             options.sparsityPattern.group, options.quantization)
      .str();
}

llvm::Error Learning::loadCheckpoint(ModuleOp model) {
  auto loaded =
      Checkpoint::load(options.checkpoint, modelHash, describeOptions());
  if (!loaded)
    return loaded.takeError();
  checkpoint = std::move(*loaded);
  return setParameters(model, checkpoint->initial);
}

int64_t Learning::countSteps() const {
  int64_t stepsPerEpoch = int64_t(split.training.size()) / options.batch;
  int64_t byEpochs = options.stop.epochs * stepsPerEpoch;
  int64_t steps = options.stop.steps;
  return byEpochs && steps ? std::min(byEpochs, steps)
                           : std::max(byEpochs, steps);
}

TrainingOptions Learning::makeOptions(Arithmetic arithmetic) const {
  TrainingOptions result;
  result.schedule = options.schedule;
  result.stop = options.stop;
  bool isFloat = arithmetic == Arithmetic::Float;
  double share = isFloat ? floatShare : 1 - floatShare;
  // In steps, because half of an epoch is some, too.
  int64_t whole = countSteps();
  int64_t first = int64_t(double(whole) * floatShare);
  result.stop.epochs = 0;
  result.stop.steps = isFloat ? first : whole - first;
  result.schedule.totalSteps = result.stop.steps;
  result.stop.seconds *= share;
  // The target is one of the model that is shipped.
  if (share < 1 && isFloat)
    result.stop.target = std::nullopt;
  result.seed = options.seed;
  if (options.tune)
    result.preference = Preference::Loss;
  result.validationInterval = options.validationInterval;
  result.checkpoint = options.checkpoint;
  result.model = modelHash;
  result.description = describeOptions();
  result.phase = nameOf(arithmetic).str();
  if (checkpoint && checkpoint->phase == result.phase)
    result.resume = checkpoint;
  result.log = options.log;
  result.appendsLog = !isFloat && floatShare > 0;
  return result;
}

llvm::Error Learning::record(const TrainingResult &result,
                             Arithmetic arithmetic, const TensorMap &initial) {
  summary.progress = result.progress;
  summary.reason = result.reason;
  bool isFloat = arithmetic == Arithmetic::Float;
  auto before =
      isFloat ? &LearningScores::floatBefore : &LearningScores::integerBefore;
  auto after =
      isFloat ? &LearningScores::floatAfter : &LearningScores::integerAfter;
  summary.scores.front().*before = result.progress.start;
  summary.scores.front().*after = result.progress.best;
  if (llvm::Error error = scoreTest(initial, before))
    return error;
  if (llvm::Error error = scoreTest(finalState, after))
    return error;
  return options.tune ? recordNoise(initial) : llvm::Error::success();
}

llvm::Error Learning::recordNoise(const TensorMap &initial) {
  if (metric == Metric::SignalToNoise && !getReferences(rows.front()).empty())
    return llvm::Error::success();
  BatchReader reader(rows.front().data, rows.front().teachers);
  Validation validation(*finalLoss, reader, split.validation,
                        Metric::SignalToNoise, rows.front().references);
  auto before = validation.run(initial);
  if (!before)
    return before.takeError();
  auto after = validation.run(finalState);
  if (!after)
    return after.takeError();
  summary.scores.push_back(
      {"validation", Metric::SignalToNoise, {}, {}, *before, *after});
  return llvm::Error::success();
}

llvm::Error Learning::scoreTest(const TensorMap &state,
                                std::optional<Score> LearningScores::*member) {
  if (rows.size() == 1)
    return llvm::Error::success();
  const LearningRows &test = rows.back();
  std::vector<int64_t> all(test.data.size());
  std::iota(all.begin(), all.end(), 0);
  BatchReader reader(test.data, test.teachers);
  auto score = Validation(*finalLoss, reader, std::move(all), metric,
                          getReferences(test))
                   .run(state);
  if (!score)
    return score.takeError();
  summary.scores.back().*member = *score;
  return llvm::Error::success();
}

llvm::Error Learning::scoreFloat(ModuleOp model) {
  auto loss = compileFunction(
      makeLoss(model, Arithmetic::Float, options, options.batch),
      options.threads);
  if (!loss)
    return loss.takeError();
  auto state = makeInitialState(model, loss->source);
  if (!state)
    return state.takeError();
  BatchReader reader(rows.front().data, rows.front().teachers);
  auto score = Validation(loss->code, reader, split.validation, metric,
                          getReferences(rows.front()))
                   .run(*state);
  if (!score)
    return score.takeError();
  summary.scores.front().floatBefore = *score;
  finalLoss = std::move(loss->code);
  return scoreTest(*state, &LearningScores::floatBefore);
}

llvm::Error Learning::trainFloat(ModuleOp model, bool staysFloat) {
  // A single step is one of the integer program.
  bool hasHalves = wasRandom && countSteps() != 1;
  floatShare = staysFloat ? 1 : hasHalves ? 0.5 : 0;
  bool isOver =
      checkpoint && checkpoint->phase == nameOf(Arithmetic::Simulated);
  if (floatShare == 0 || isOver)
    return llvm::Error::success();
  return train(model, Arithmetic::Float);
}

llvm::Error Learning::trainQuantized(ModuleOp annotated) {
  // What the float model would do is known of a model that was trained so, and
  // is what tuning compares with.
  if (!options.tune && !summary.scores.front().floatBefore)
    if (llvm::Error error = scoreFloat(annotated))
      return error;
  return train(annotated, Arithmetic::Simulated);
}

llvm::Expected<Calibration> Learning::calibrate(ModuleOp model) {
  const Dataset &data = rows.front().data;
  auto ports = readStepPorts(*model.getOps<func::FuncOp>().begin());
  if (!ports)
    return ports.takeError();
  SmallVector<Tensor> inputs;
  for (const StepPort &port : ports->arguments)
    inputs.emplace_back(port.shape, port.kind);
  auto read = [&](int64_t i) -> llvm::Expected<SmallVector<Tensor>> {
    for (auto [number, input] : llvm::enumerate(inputs))
      if (llvm::Error error = data.readInput(number, split.training[i], input))
        return std::move(error);
    return inputs;
  };
  // More rows change ranges little.
  constexpr int64_t maxRows = 1024;
  int64_t count = std::min<int64_t>(split.training.size(), maxRows);
  return calibrateModel(model, count, read);
}

llvm::Error Learning::checkObject(ExecutableModel &object) {
  const Dataset &data = rows.front().data;
  BatchReader reader(data, rows.front().teachers);
  Batch batch = finalLoss->makeBatch();
  int64_t size = finalLoss->getBatchSize();
  std::vector<int64_t> numbers(size);
  for (size_t first = 0; first < split.validation.size(); first += size) {
    for (int64_t i = 0; i < size; ++i)
      numbers[i] = split.validation[(first + i) % split.validation.size()];
    if (llvm::Error error = reader.read(numbers, batch))
      return error;
    if (llvm::Error error = finalLoss->run(batch, finalState))
      return error;
    for (int64_t i = 0; i < size; ++i)
      if (llvm::Error error = compareRow(object, batch, i, numbers[i]))
        return error;
  }
  return llvm::Error::success();
}

/// Row \p i of a batch.
static Tensor sliceRow(const Tensor &batch, int64_t i, const Port &port) {
  Tensor row(port.shape, port.kind);
  size_t size = row.getBytes().size();
  llvm::copy(batch.getBytes().slice(i * size, size), row.getBytes().begin());
  return row;
}

llvm::Error Learning::compareRow(ExecutableModel &object, const Batch &batch,
                                 int64_t i, int64_t number) const {
  SmallVector<Tensor> inputs;
  for (auto [input, port] : llvm::zip_equal(batch.inputs, object.getInputs()))
    inputs.push_back(sliceRow(input, i, port));
  auto outputs = object.run(inputs);
  if (!outputs)
    return outputs.takeError();
  for (auto [trained, output, port] :
       llvm::zip_equal(finalLoss->getOutputs(), *outputs, object.getOutputs()))
    if (sliceRow(*trained, i, port) != output)
      // Not tested: only a bug of ours makes them differ.
      return llvm::createStringError(
          "output '" + port.name + "' of the object differs for row " +
          llvm::Twine(number) +
          " from that of the model that was trained: please report this");
  return llvm::Error::success();
}
