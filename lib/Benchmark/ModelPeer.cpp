// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hands models to the processes of tools/scripts/peer-<name>.py.

#include "PythonPeer.h"

using namespace llvm;
using namespace qnn;

namespace {
class PythonModelPeer : public ModelPeer {
public:
  PythonModelPeer(std::unique_ptr<Subprocess> started, std::string name,
                  bool isInt8)
      : process(std::move(started)), turns(*process), name(std::move(name)),
        isInt8(isInt8) {}

  StringRef getName() const override { return name; }
  Error prepare(const ModelRequest &request) override;
  Expected<double> takeTurn(const TimingOptions &options) override {
    return turns.takeTurn(options);
  }

private:
  std::unique_ptr<Subprocess> process;
  RemoteContestant turns;
  std::string name;
  bool isInt8;
};
} // namespace

static json::Array toArray(ArrayRef<float> numbers) {
  json::Array array;
  for (float number : numbers)
    array.push_back(double(number));
  return array;
}

Error PythonModelPeer::prepare(const ModelRequest &request) {
  json::Object dims;
  for (const auto &dim : request.import.dims)
    dims[dim.first()] = dim.second;
  const ImportOptions &import = request.import;
  json::Object model{
      {"path", request.path},
      {"int8", isInt8},
      {"rows", json::Array(request.calibration)},
      {"dims", std::move(dims)},
      {"layout", import.inputLayout == RawLayout::NHWC ? "nhwc" : "model"},
      {"mean", toArray(import.inputMean)},
      {"scale", toArray(import.inputScale)}};
  auto answer = process->ask(json::Object{{"model", std::move(model)}});
  return answer ? Error::success() : answer.takeError();
}

Expected<std::vector<std::unique_ptr<ModelPeer>>>
qnn::openModelPeers(ArrayRef<std::string> names, const PeerOptions &options) {
  std::vector<std::unique_ptr<ModelPeer>> peers;
  for (const std::string &name : names) {
    if (name != "onnxruntime" && name != "openvino")
      return createStringError("unknown peer '" + name +
                               "' of models, expects onnxruntime or openvino");
    for (bool isInt8 : {false, true}) {
      std::string version;
      auto process = startPythonPeer(name, options, version);
      if (!process)
        return process.takeError();
      peers.push_back(std::make_unique<PythonModelPeer>(
          std::move(*process),
          name + "-" + version + (isInt8 ? " int8" : " float"), isInt8));
    }
  }
  return peers;
}
