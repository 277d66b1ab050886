// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Peers by name.

#include "qnn/Benchmark/Peer.h"

using namespace llvm;
using namespace qnn;

Peer::~Peer() = default;

Expected<std::vector<std::unique_ptr<Peer>>>
qnn::openKernelPeers(ArrayRef<std::string> names, const PeerOptions &options) {
  std::vector<std::unique_ptr<Peer>> peers;
  for (const std::string &name : names)
    return createStringError("unknown peer '" + name +
                             "', expects onednn or onnxruntime");
  return peers;
}
