// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Processes of the Python environment that tools/scripts/setup-peers.sh makes.

#include "PythonPeer.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace qnn;

Expected<double> RemoteContestant::takeTurn(const TimingOptions &options) {
  json::Object turn{{"once", options.once},
                    {"warm_up_us", options.warmUpMicroseconds},
                    {"turn_us", options.turnMicroseconds}};
  auto answer = process.ask(json::Object{{"turn", std::move(turn)}});
  if (!answer)
    return answer.takeError();
  std::optional<double> us = answer->getNumber("us");
  if (!us || !(*us > 0))
    return createStringError("a peer measured nothing");
  return *us;
}

Expected<std::unique_ptr<Subprocess>>
qnn::startPythonPeer(StringRef name, const PeerOptions &options,
                     std::string &version) {
  std::string python =
      options.python.empty() ? QNN_PEERS_PYTHON : options.python;
  auto isMissing = [&](const Twine &reason) {
    return createStringError("no " + name + " in '" + python + "': " + reason +
                             "; run tools/scripts/setup-peers.sh");
  };
  if (!sys::fs::can_execute(python))
    return isMissing("no such program");
  auto process = Subprocess::start(
      {python, (QNN_PEERS_SCRIPTS "/peer-" + name + ".py").str()});
  if (!process)
    return process.takeError();
  auto answer = (*process)->ask(json::Object{{"threads", options.threads}});
  if (!answer)
    return isMissing(toString(answer.takeError()));
  version = answer->getString("version").value_or("").str();
  return process;
}
