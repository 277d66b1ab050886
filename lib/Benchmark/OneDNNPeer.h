// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// oneDNN, in this process.

#ifndef QNN_LIB_BENCHMARK_ONEDNNPEER_H
#define QNN_LIB_BENCHMARK_ONEDNNPEER_H

#include "qnn/Benchmark/Peer.h"

namespace qnn {

/// Every version that this build found. Fails if there is none.
llvm::Error openOneDNN(const PeerOptions &options,
                       std::vector<std::unique_ptr<Peer>> &peers);

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_ONEDNNPEER_H
