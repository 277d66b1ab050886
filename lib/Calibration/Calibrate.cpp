// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the observed model over the data.

#include "qnn/Calibration/Calibrate.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/Transforms/Annotations.h"
#include "qnn/Pipelines/Pipelines.h"
#include "qnn/Pipelines/RunPipeline.h"
#include "qnn/Support/Progress.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace qnn;

/// A copy of the model that returns what is to be observed.
static llvm::Expected<OwningOpRef<ModuleOp>> observe(ModuleOp prepared) {
  OwningOpRef<ModuleOp> observed = prepared.clone();
  if (llvm::Error error = runPipeline(*observed, buildCalibratePipeline))
    return std::move(error);
  return observed;
}

/// The names of the observed results, which are the last ones.
static SmallVector<std::string> observedNames(ModuleOp module) {
  SmallVector<std::string> names;
  for (auto func : module.getOps<func::FuncOp>())
    if (auto array = func->getAttrOfType<ArrayAttr>(annotation::kObserved))
      for (Attribute name : array)
        names.push_back(cast<StringAttr>(name).str());
  return names;
}

namespace {
/// The observed model, compiled, and the names of its last results.
struct ObservedModel {
  SmallVector<std::string> names;
  std::unique_ptr<ExecutableModel> model;
};
} // namespace

static llvm::Expected<ObservedModel> compileObserved(ModuleOp prepared) {
  auto observed = observe(prepared);
  if (!observed)
    return observed.takeError();
  ModelOrError model = compileModule(**observed);
  if (!model)
    return model.takeError();
  return ObservedModel{observedNames(**observed), std::move(*model)};
}

static llvm::Expected<Calibration>
runObserved(ObservedModel observed, int64_t numRows, RowSource getInputs) {
  ExecutableModel &model = *observed.model;
  Profile profile;
  size_t firstObserved = model.getOutputs().size() - observed.names.size();
  Progress progress("calibrating", numRows);
  for (int64_t row = 0; row < numRows; ++row) {
    auto inputs = getInputs(row);
    if (!inputs)
      return inputs.takeError();
    auto outputs = model.run(*inputs);
    if (!outputs)
      return outputs.takeError();
    for (auto [i, name] : llvm::enumerate(observed.names))
      profile.values[name].observe((*outputs)[firstObserved + i].data<float>());
    ++profile.samples;
    progress.advance();
  }
  return Calibration{std::move(profile), std::move(observed.model)};
}

llvm::Expected<Calibration> qnn::calibrateModel(ModuleOp prepared,
                                                ArrayRef<std::string> data,
                                                int64_t maxRows) {
  auto observed = compileObserved(prepared);
  if (!observed)
    return observed.takeError();
  auto rows = InputRows::open(data, observed->model->getInputs());
  if (!rows)
    return rows.takeError();
  int64_t count = maxRows ? std::min(maxRows, rows->size()) : rows->size();
  return runObserved(std::move(*observed), count,
                     [&](int64_t row) { return rows->get(row); });
}

llvm::Expected<Calibration>
qnn::calibrateModel(ModuleOp prepared, int64_t numRows, RowSource getInputs) {
  auto observed = compileObserved(prepared);
  if (!observed)
    return observed.takeError();
  return runObserved(std::move(*observed), numRows, getInputs);
}

llvm::Error qnn::checkProfile(ModuleOp prepared, const Profile &profile) {
  auto isOther = [](const llvm::Twine &reason) {
    return llvm::createStringError(
        "the profile is of another model: " + reason + "; calibrate this one");
  };
  auto observed = observe(prepared);
  if (!observed)
    return observed.takeError();
  SmallVector<std::string> names = observedNames(**observed);
  for (auto func : (*observed)->getOps<func::FuncOp>()) {
    ArrayRef<Type> types = func.getResultTypes().take_back(names.size());
    // Several values may have one name.
    llvm::MapVector<StringRef, uint64_t> numElements;
    for (auto [name, type] : llvm::zip_equal(names, types))
      numElements[name] += cast<ShapedType>(type).getNumElements();
    for (auto [name, elements] : numElements) {
      const TensorStatistics *statistics = profile.lookup(name);
      if (!statistics)
        return isOther("it has no value '" + name + "'");
      uint64_t seen = statistics->count + statistics->numNonFinite;
      if (seen != profile.samples * elements)
        return isOther("'" + name + "' has " + llvm::Twine(elements) +
                       " elements, but " + llvm::Twine(seen) +
                       " values in the profile's " +
                       llvm::Twine(profile.samples) + " samples");
    }
  }
  return llvm::Error::success();
}
