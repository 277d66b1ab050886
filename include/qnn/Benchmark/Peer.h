// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Other libraries that solve the same problems.

#ifndef QNN_BENCHMARK_PEER_H
#define QNN_BENCHMARK_PEER_H

#include "qnn/Benchmark/Contestant.h"
#include "qnn/Benchmark/Problem.h"
#include "qnn/Import/ONNX.h"

namespace qnn {

/// A library. Zero points are left out, since some take time for them.
class Peer {
public:
  virtual ~Peer();

  /// Name and version.
  virtual llvm::StringRef getName() const = 0;

  /// The library's best form of the problem, operands in the layout that it
  /// likes, weights packed. Null if it has none.
  virtual llvm::Expected<std::unique_ptr<Contestant>>
  prepare(const Problem &problem) = 0;
};

struct ModelRequest {
  std::string path;
  ImportOptions import;
  /// One .npy file for each input: rows to calibrate on, and to run.
  std::vector<std::string> calibration;
};

/// A library with one model at a time, in float or in int8.
class ModelPeer : public Contestant {
public:
  /// "onnxruntime-1.31.0 int8".
  virtual llvm::StringRef getName() const = 0;

  /// Loads a model instead of the last one. Fails if the library does not run
  /// it.
  virtual llvm::Error prepare(const ModelRequest &request) = 0;
};

struct PeerOptions {
  int64_t threads = 1;
  /// The row of the target table: a library that can be held to the same
  /// instructions is.
  std::string target;
  /// The interpreter of an environment that tools/scripts/setup-peers.sh made;
  /// empty: the one of the build.
  std::string python;
};

/// The peers of these names (onednn, onnxruntime) for kernels. Fails if one is
/// unknown or not installed, and says what to do. A name can stand for several
/// versions.
llvm::Expected<std::vector<std::unique_ptr<Peer>>>
openKernelPeers(llvm::ArrayRef<std::string> names, const PeerOptions &options);

/// The same for whole models (onnxruntime, openvino): each in float and in
/// int8, in processes of their own.
llvm::Expected<std::vector<std::unique_ptr<ModelPeer>>>
openModelPeers(llvm::ArrayRef<std::string> names, const PeerOptions &options);

} // namespace qnn

#endif // QNN_BENCHMARK_PEER_H
