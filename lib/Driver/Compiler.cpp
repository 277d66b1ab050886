// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The phases one after the other, the files at the end.

#include "qnn/Driver/Compiler.h"
#include "Folders.h"
#include "Learning.h"
#include "MultiTarget.h"
#include "Quality.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Calibration/Calibrate.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Import/Model.h"
#include "qnn/Pipelines/Lowering.h"
#include "qnn/Pipelines/Pipelines.h"
#include "qnn/Pipelines/RunPipeline.h"
#include "qnn/Quantization/Calibrator.h"
#include "qnn/Support/AtomicFile.h"
#include "qnn/Support/Progress.h"
#include "qnn/Target/Header.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace qnn;

namespace {
/// A file that is written when everything has succeeded.
struct PendingFile {
  std::string path;
  std::string contents;
};

class Compilation {
public:
  Compilation(MLIRContext &context, const CompileOptions &options)
      : context(context), options(options) {}

  llvm::Expected<CompileSummary> run();

private:
  /// Runs one phase and dumps its result.
  llvm::Error runPhase(Phase phase,
                       llvm::function_ref<void(OpPassManager &)> build);
  llvm::Error checkOptions();
  llvm::Error import();
  /// All that a choice of types follows from, for checkpoints.
  std::string describeQuantization() const;
  llvm::Error learn();
  llvm::Error quantize();
  llvm::Error freezeParameters();
  llvm::Expected<std::shared_ptr<const Profile>> getProfile();
  llvm::Expected<std::shared_ptr<const Profile>> loadProfiles();
  llvm::Error emit();
  void requestRows();
  llvm::Error lower();
  llvm::Error emitMultiTarget();
  llvm::Error addObject(llvm::ArrayRef<char> object,
                        const ModelMetadata &metadata);
  llvm::Error measureQuality(ExecutableModel &quantized);
  llvm::Error runObject(llvm::ArrayRef<char> object);
  llvm::Error finishLearning();
  llvm::Error writeFiles();

  bool isHostTarget() const {
    return options.target.triple.empty() && options.target.cpu.empty();
  }
  bool isMultiTarget() const { return options.target.cpu == kMultiTarget; }
  bool stopsAt(Phase phase) const { return options.compileTo == phase; }
  std::string outputPath(const llvm::Twine &suffix) const {
    llvm::SmallString<128> path(options.outputDirectory);
    llvm::sys::path::append(path, name + suffix);
    return std::string(path);
  }

  MLIRContext &context;
  const CompileOptions &options;
  OwningOpRef<ModuleOp> module;
  /// What calibration ran, to compare with; null if a profile was given.
  std::unique_ptr<ExecutableModel> floatModel;
  std::optional<Learning> learning;
  /// The prepared model with parameters, if it learns.
  OwningOpRef<ModuleOp> learningModel;
  /// The module after quantize, or after learning if it stays float, if it must
  /// be compiled once more for this machine.
  OwningOpRef<ModuleOp> portableModule;
  std::string name;
  CompileSummary summary;
  std::vector<PendingFile> pending;
};
} // namespace

static std::string describeTarget(const TargetOptions &target) {
  if (target.triple.empty())
    return target.cpu.empty()
               ? "this machine (" + llvm::sys::getHostCPUName().str() + ")"
               : target.cpu;
  return target.triple + " " + (target.cpu.empty() ? "generic" : target.cpu);
}

static std::string print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  // Values are named by their locations.
  module.print(os, OpPrintingFlags().enableDebugInfo());
  os << "\n";
  return text;
}

llvm::Error
Compilation::runPhase(Phase phase,
                      llvm::function_ref<void(OpPassManager &)> build) {
  if (llvm::Error error = runPipeline(*module, build))
    return error;
  if (!options.dumpDirectory.empty()) {
    llvm::SmallString<128> path(options.dumpDirectory);
    llvm::sys::path::append(path, std::to_string(static_cast<int>(phase)) +
                                      "-" + stringifyPhase(phase) + ".mlir");
    pending.push_back({std::string(path), print(*module)});
  }
  if (stopsAt(phase))
    pending.push_back(
        {outputPath("." + stringifyPhase(phase) + ".mlir"), print(*module)});
  return llvm::Error::success();
}

llvm::Error Compilation::checkOptions() {
  bool needsStatistics =
      !options.floatModel && options.compileTo >= Phase::Calibrate;
  bool hasStatistics = !options.calibrationData.empty() ||
                       !options.profiles.empty() || options.learning;
  if (needsStatistics && !hasStatistics)
    return llvm::createStringError(
        "quantization needs data: give --calibrate=ROWS.npy, or --profile=FILE "
        "of an earlier calibration, or --float for the float model");
  if (!options.calibrationData.empty() && !options.profiles.empty())
    return llvm::createStringError(
        "--calibrate and --profile exclude each other: the profile stands for "
        "the data");
  if (options.floatModel && options.compileTo >= Phase::Calibrate &&
      options.compileTo <= Phase::Legalize)
    return llvm::createStringError("--float has no phase '" +
                                   stringifyPhase(options.compileTo) +
                                   "' to stop at: the model stays float");
  if (isMultiTarget() && (options.compileTo == Phase::Lower ||
                          options.compileTo == Phase::Codegen))
    return llvm::createStringError("--target-cpu=multi has no single phase '" +
                                   stringifyPhase(options.compileTo) +
                                   "' to stop at: name one CPU");
  if (options.learning && !options.floatModel &&
      options.requantization != "float")
    return llvm::createStringError(
        "--requantization=" + options.requantization +
        " cannot be learned with: a model learns in floats, which do not "
        "compute TFLite's fixed point; drop --requantization, or do not tune");
  if (llvm::sys::path::filename(options.import.name) != options.import.name)
    return llvm::createStringError("--name: '" + options.import.name +
                                   "' names a folder; give it with -o");
  auto calibrator = readCalibrator(options.calibrator, options.percentile);
  if (!calibrator)
    return calibrator.takeError();
  if (llvm::Error error = options.bits.check())
    return llvm::createStringError("--" + llvm::toString(std::move(error)));
  // Here, because calibration can take long, and its result would be lost.
  for (StringRef folder :
       {StringRef(options.outputDirectory), StringRef(options.dumpDirectory)})
    if (llvm::Error error = checkFolder(folder))
      return error;
  return llvm::Error::success();
}

llvm::Error Compilation::import() {
  module = importModel(options.model, context, options.import);
  if (!module)
    return diagnosedError();
  for (auto func : module->getOps<func::FuncOp>())
    name = func.getSymName().str();
  return runPhase(Phase::Import, [this](OpPassManager &pm) {
    // Because a model written by hand may learn, and need not name its values.
    if (!options.learning)
      pm.addNestedPass<func::FuncOp>(createQNNFreezeParametersPass());
    pm.addNestedPass<func::FuncOp>(createQNNNameValuesPass());
  });
}

llvm::Error Compilation::freezeParameters() {
  auto freeze = [](OpPassManager &pm) {
    pm.addNestedPass<func::FuncOp>(createQNNFreezeParametersPass());
  };
  return runPipeline(*module, freeze);
}

std::string Compilation::describeQuantization() const {
  if (options.floatModel)
    return "float";
  return llvm::formatv("weight-bits={0} activation-bits={1} calibrator={2} "
                       "percentile={3} per-channel={4} requantization={5}",
                       options.bits.weights, options.bits.activations,
                       options.calibrator, options.percentile,
                       options.perChannel, options.requantization)
      .str();
}

llvm::Error Compilation::learn() {
  if (llvm::Error error = learning->prepare(*module))
    return error;
  if (llvm::Error error = learning->trainFloat(*module, options.floatModel))
    return error;
  learningModel = module->clone();
  if (!options.floatModel)
    return llvm::Error::success();
  if (llvm::Error error = freezeParameters())
    return error;
  if (!isHostTarget())
    portableModule = module->clone();
  return llvm::Error::success();
}

llvm::Expected<std::shared_ptr<const Profile>> Compilation::loadProfiles() {
  auto merged = std::make_shared<Profile>();
  for (const std::string &path : options.profiles) {
    llvm::Expected<Profile> profile = Profile::load(path);
    if (!profile)
      return profile.takeError();
    llvm::Error error = checkProfile(*module, *profile);
    error = llvm::joinErrors(std::move(error), merged->merge(*profile));
    if (error)
      return llvm::createStringError("'" + path +
                                     "': " + llvm::toString(std::move(error)));
  }
  return merged;
}

llvm::Expected<std::shared_ptr<const Profile>> Compilation::getProfile() {
  if (!options.profiles.empty())
    return loadProfiles();
  bool fromLearning = options.calibrationData.empty();
  llvm::Expected<Calibration> calibration =
      fromLearning
          ? learning->calibrate(*module)
          : calibrateModel(*module, options.calibrationData, options.samples);
  if (!calibration)
    return calibration.takeError();
  if (!fromLearning)
    floatModel = std::move(calibration->floatModel);
  std::string text;
  llvm::raw_string_ostream os(text);
  calibration->profile.print(os);
  pending.push_back({outputPath(".profile.json"), text});
  return std::make_shared<const Profile>(std::move(calibration->profile));
}

llvm::Error Compilation::quantize() {
  auto profile = getProfile();
  if (!profile)
    return profile.takeError();
  summary.calibrationSamples = (*profile)->samples;
  if (stopsAt(Phase::Calibrate) || !options.dumpDirectory.empty()) {
    OwningOpRef<ModuleOp> prepared = module->clone();
    if (llvm::Error error = runPhase(Phase::Calibrate, buildCalibratePipeline))
      return error;
    if (stopsAt(Phase::Calibrate))
      return llvm::Error::success();
    module = std::move(prepared);
  }
  QuantizePipelineOptions choice;
  choice.calibrator = options.calibrator;
  choice.percentile = options.percentile;
  choice.perChannel = options.perChannel;
  choice.weightBits = options.bits.weights;
  choice.activationBits = options.bits.activations;
  choice.requantization = options.requantization;
  auto choose = [&](OpPassManager &pm) {
    buildChoosePipeline(pm, choice, *profile);
  };
  if (llvm::Error error = runPipeline(*module, choose)) {
    if (learning)
      learning->discardCheckpoint();
    return error;
  }
  countChoices(*module, summary);
  if (learning) {
    if (llvm::Error error = learning->trainQuantized(*module))
      return error;
    if (llvm::Error error = freezeParameters())
      return error;
  }
  if (llvm::Error error = runPhase(Phase::Quantize, buildObeyPipeline))
    return error;
  if (options.learning && options.learning->sparsity > 0)
    summary.sparsity = measureZeroWeights(*module);
  if ((floatModel || learning) && !isHostTarget())
    portableModule = module->clone();
  return llvm::Error::success();
}

llvm::Error Compilation::emit() {
  auto object = [&] {
    Activity activity("generating code");
    return emitObject(*module, options.target);
  }();
  if (!object)
    return object.takeError();
  auto metadata = getMetadata(*module);
  if (!metadata)
    return metadata.takeError();
  return addObject(*object, *metadata);
}

void Compilation::requestRows() {
  if (options.dynamicRows)
    for (auto func : module->getOps<func::FuncOp>())
      func->setAttr(kDynamicRowsAttr, UnitAttr::get(&context));
}

llvm::Error Compilation::lower() {
  requestRows();
  if (llvm::Error error = setTarget(*module, options.target))
    return error;
  if (llvm::Error error = runPhase(Phase::Lower, buildLowerPipeline))
    return error;
  summary.arenaLowerBound = getArenaLowerBound(*module);
  listMovements(*module, summary);
  return llvm::Error::success();
}

llvm::Error Compilation::emitMultiTarget() {
  requestRows();
  auto object =
      compileMultiTarget(*module, options.target, options.calibrationData);
  if (!object)
    return object.takeError();
  return addObject(object->bytes, object->metadata);
}

llvm::Error Compilation::addObject(llvm::ArrayRef<char> object,
                                   const ModelMetadata &metadata) {
  summary.objectBytes = object.size();
  summary.arenaBytes = metadata.arenaBytes;
  summary.variants = metadata.variants;
  summary.rowBlocks = metadata.rowBlocks;
  pending.push_back(
      {outputPath(".o"), std::string(object.begin(), object.end())});
  pending.push_back({outputPath(".h"), emitHeader(metadata)});
  return runObject(object);
}

llvm::Error Compilation::runObject(llvm::ArrayRef<char> object) {
  if (!floatModel && !learning)
    return llvm::Error::success();
  // An object for another machine cannot run here; its bytes would be the same.
  ModelOrError quantized =
      isHostTarget() ? loadModel(object) : compileModule(*portableModule);
  if (!quantized)
    return quantized.takeError();
  if (learning)
    if (llvm::Error error = learning->checkObject(**quantized))
      return error;
  return floatModel ? measureQuality(**quantized) : llvm::Error::success();
}

llvm::Error Compilation::measureQuality(ExecutableModel &quantized) {
  auto quality = compareOutputs(*floatModel, quantized, options.calibrationData,
                                options.samples);
  if (!quality)
    return quality.takeError();
  summary.outputs = std::move(*quality);
  return llvm::Error::success();
}

llvm::Error Compilation::finishLearning() {
  if (!learning)
    return llvm::Error::success();
  summary.learning = learning->getSummary();
  if (options.learning->tune)
    return llvm::Error::success();
  if (llvm::Error error = learning->setWeights(*learningModel))
    return error;
  pending.push_back({outputPath(".trained.mlir"), print(*learningModel)});
  return llvm::Error::success();
}

llvm::Error Compilation::writeFiles() {
  for (StringRef folder :
       {StringRef(options.outputDirectory), StringRef(options.dumpDirectory)})
    if (llvm::Error error = makeFolder(folder))
      return error;
  std::vector<AtomicFile> files;
  for (const PendingFile &file : pending) {
    auto output = AtomicFile::create(file.path);
    if (!output)
      return output.takeError();
    output->os() << file.contents;
    files.push_back(std::move(*output));
  }
  for (AtomicFile &file : files) {
    summary.files.push_back(file.path().str());
    if (llvm::Error error = file.commit())
      return error;
  }
  return llvm::Error::success();
}

llvm::Expected<CompileSummary> Compilation::run() {
  using Step = std::function<llvm::Error()>;
  auto phase = [this](Phase phase, void (*build)(OpPassManager &)) {
    return [this, phase, build] { return runPhase(phase, build); };
  };
  // Each phase with the step that reaches it.
  std::vector<std::pair<Phase, Step>> steps = {
      {Phase::Import, [this] { return import(); }},
      {Phase::Prepare, phase(Phase::Prepare, buildPreparePipeline)}};
  if (options.learning)
    steps.push_back({Phase::Calibrate, [this] { return learn(); }});
  if (!options.floatModel) {
    steps.push_back({Phase::Calibrate, [this] { return quantize(); }});
    steps.push_back(
        {Phase::Legalize, phase(Phase::Legalize, buildLegalizePipeline)});
  }
  if (isMultiTarget()) {
    steps.push_back({Phase::Emit, [this] { return emitMultiTarget(); }});
  } else {
    steps.push_back({Phase::Lower, [this] { return lower(); }});
    steps.push_back({Phase::Codegen, [this] {
                       return runPhase(Phase::Codegen, [](OpPassManager &pm) {
                         buildCodegenPipeline(pm);
                       });
                     }});
    steps.push_back({Phase::Emit, [this] { return emit(); }});
  }

  if (llvm::Error error = checkOptions())
    return std::move(error);
  if (options.learning) {
    LearningOptions learningOptions = *options.learning;
    learningOptions.quantization = describeQuantization();
    learning.emplace(learningOptions);
  }
  for (auto &[first, step] : steps) {
    if (first > options.compileTo)
      break;
    if (first >= Phase::Lower && summary.weightBytes == 0)
      summary.weightBytes = countConstantBytes(*module);
    if (llvm::Error error = step())
      return std::move(error);
  }
  if (llvm::Error error = finishLearning())
    return std::move(error);
  if (llvm::Error error = writeFiles())
    return std::move(error);
  if (learning && !options.learning->keepsCheckpoint)
    llvm::sys::fs::remove(options.learning->checkpoint);
  summary.model = name;
  summary.floatModel = options.floatModel;
  summary.bits = options.bits;
  summary.target = describeTarget(options.target);
  return std::move(summary);
}

llvm::Expected<CompileSummary> qnn::compile(MLIRContext &context,
                                            const CompileOptions &options) {
  return Compilation(context, options).run();
}
