// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hands problems to tools/scripts/peer-onnxruntime.py.

#include "OnnxRuntimePeer.h"
#include "PythonPeer.h"

using namespace llvm;
using namespace qnn;

namespace {
class OnnxRuntimePeer : public Peer {
public:
  OnnxRuntimePeer(std::unique_ptr<Subprocess> process, StringRef version)
      : process(std::move(process)), name("onnxruntime-" + version.str()) {}

  StringRef getName() const override { return name; }
  Expected<std::unique_ptr<Contestant>>
  prepare(const Problem &problem) override;

private:
  std::unique_ptr<Subprocess> process;
  std::string name;
};
} // namespace

Expected<std::unique_ptr<Contestant>>
OnnxRuntimePeer::prepare(const Problem &problem) {
  json::Object values{{"kind", problem.getKind()}};
  for (const auto &value : problem.getValues())
    values[value.first()] = value.second;
  auto answer = process->ask(json::Object{{"problem", std::move(values)}});
  if (!answer)
    return answer.takeError();
  if (!answer->getBoolean("supported").value_or(false))
    return nullptr;
  return std::make_unique<RemoteContestant>(*process);
}

Error qnn::openOnnxRuntime(const PeerOptions &options,
                           std::vector<std::unique_ptr<Peer>> &peers) {
  std::string version;
  auto process = startPythonPeer("onnxruntime", options, version);
  if (!process)
    return process.takeError();
  peers.push_back(
      std::make_unique<OnnxRuntimePeer>(std::move(*process), version));
  return Error::success();
}
