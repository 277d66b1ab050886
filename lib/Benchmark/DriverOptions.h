// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A request to measure a model as a request to compile it.

#ifndef QNN_LIB_BENCHMARK_DRIVEROPTIONS_H
#define QNN_LIB_BENCHMARK_DRIVEROPTIONS_H

#include "TemporaryFolder.h"
#include "qnn/Benchmark/Peer.h"
#include "qnn/Driver/Compiler.h"

namespace qnn {

/// Compiles into `folder`, which this makes.
inline llvm::Expected<CompileOptions>
makeCompileOptions(const ModelRequest &request, TemporaryFolder &folder) {
  if (llvm::Error error = folder.make())
    return std::move(error);
  CompileOptions options;
  options.model = request.path;
  options.import = request.import;
  options.calibrationData = request.calibration;
  options.outputDirectory = folder.getPath();
  return options;
}

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_DRIVEROPTIONS_H
