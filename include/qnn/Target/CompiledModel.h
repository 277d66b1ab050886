// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a compiled model in this process.

#ifndef QNN_TARGET_COMPILEDMODEL_H
#define QNN_TARGET_COMPILEDMODEL_H

#include "qnn/Target/Metadata.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

struct qnn_pool;

namespace qnn {

/// An object (linked in memory) or a shared library, with an arena of its own.
/// Calls of `run` of one CompiledModel must not overlap.
class CompiledModel {
public:
  /// Loads an object file (.o) or a shared library for the host.
  static llvm::Expected<std::unique_ptr<CompiledModel>>
  loadFile(llvm::StringRef path);

  /// Loads what emitObject returned. The bytes are copied.
  static llvm::Expected<std::unique_ptr<CompiledModel>>
  loadObject(llvm::ArrayRef<char> object);

  ~CompiledModel();

  const ModelMetadata &getMetadata() const { return metadata; }

  /// Lets `run` use this many threads, of which the caller is one. Fails if
  /// they cannot be had.
  llvm::Error useThreads(unsigned count);

  /// One pointer for each input and output, to as many bytes as the metadata
  /// says, that do not overlap; for `rows` rows to as many times the bytes.
  /// Fails for other numbers than one if the model takes one row.
  llvm::Error run(llvm::ArrayRef<const void *> inputs,
                  llvm::ArrayRef<void *> outputs, int64_t rows = 1);

private:
  CompiledModel();

  static llvm::Expected<std::unique_ptr<CompiledModel>>
  loadObject(std::unique_ptr<llvm::MemoryBuffer> object);
  static llvm::Expected<std::unique_ptr<CompiledModel>>
  loadLibrary(llvm::StringRef path, llvm::MemoryBufferRef file);
  llvm::Error setSymbols(const char *json, void *run);

  ModelMetadata metadata;
  /// Calls the model with the words of an array: inputs, outputs, number of
  /// rows if it takes that, arena, parallel_for, its context.
  int (*call)(void *const *pointers) = nullptr;
  std::unique_ptr<char[]> arenaMemory;
  std::unique_ptr<qnn_pool, void (*)(qnn_pool *)> pool;
  /// The aligned part of arenaMemory.
  char *arena = nullptr;
  /// Holds the code of an object, and of the call.
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

} // namespace qnn

#endif // QNN_TARGET_COMPILEDMODEL_H
