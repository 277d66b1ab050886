// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Peers by name.

#include "OneDNNPeer.h"
#include "OnnxRuntimePeer.h"
#include "qnn/Benchmark/Peer.h"

using namespace llvm;
using namespace qnn;

Peer::~Peer() = default;

Expected<std::vector<std::unique_ptr<Peer>>>
qnn::openKernelPeers(ArrayRef<std::string> names, const PeerOptions &options) {
  std::vector<std::unique_ptr<Peer>> peers;
  for (const std::string &name : names) {
    Error error = Error::success();
    if (name == "onednn")
      error = openOneDNN(options, peers);
    else if (name == "onnxruntime")
      error = openOnnxRuntime(options, peers);
    else
      error = createStringError("unknown peer '" + name +
                                "', expects onednn or onnxruntime");
    if (error)
      return std::move(error);
  }
  return peers;
}
