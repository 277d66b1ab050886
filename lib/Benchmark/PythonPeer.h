// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What peers in Python processes have in common.

#ifndef QNN_LIB_BENCHMARK_PYTHONPEER_H
#define QNN_LIB_BENCHMARK_PYTHONPEER_H

#include "Subprocess.h"
#include "qnn/Benchmark/Contestant.h"
#include "qnn/Benchmark/Peer.h"

namespace qnn {

/// What a process was asked to prepare last; it measures its turns itself.
class RemoteContestant : public Contestant {
public:
  explicit RemoteContestant(Subprocess &process) : process(process) {}
  llvm::Expected<double> takeTurn(const TimingOptions &options) override;

private:
  Subprocess &process;
};

/// Starts tools/scripts/peer-<name>.py and asks for the library's version.
/// Errors say how to install what is missing.
llvm::Expected<std::unique_ptr<Subprocess>>
startPythonPeer(llvm::StringRef name, const PeerOptions &options,
                std::string &version);

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_PYTHONPEER_H
