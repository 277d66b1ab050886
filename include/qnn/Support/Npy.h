// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NumPy's .npy files, format 1.0 and 2.0: plain numbers, little endian, C
// order. Big files are memory-mapped, output is streamed and atomic.

#ifndef QNN_SUPPORT_NPY_H
#define QNN_SUPPORT_NPY_H

#include "qnn/Support/AtomicFile.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstdint>
#include <memory>
#include <optional>

namespace qnn {

enum class NpyType { F32, F64, I8, U8, I16, U16, I32, I64, Bool };

/// Bytes of one element.
unsigned getByteSize(NpyType type);
/// NumPy's name of the type in a file, such as "<f4" or "|u1".
llvm::StringRef getDescr(NpyType type);
/// The type that `descr` names, or nothing if it is not supported.
std::optional<NpyType> parseDescr(llvm::StringRef descr);

/// An array and its data; copies share the data, which never changes.
struct NpyArray {
  NpyType type = NpyType::F32;
  llvm::SmallVector<int64_t> shape;
  /// The whole file, mapped or read; the data begin at dataOffset.
  std::shared_ptr<llvm::MemoryBuffer> buffer;
  size_t dataOffset = 0;

  /// An array with a copy of `bytes`, whose size must match the shape.
  static NpyArray copyOf(NpyType type, llvm::ArrayRef<int64_t> shape,
                         llvm::ArrayRef<char> bytes);

  /// All elements in C order, little endian, not necessarily aligned.
  llvm::ArrayRef<char> bytes() const;

  /// The first dimension, and the product of the others. An array of rank 0 is
  /// one row of one element.
  int64_t rows() const;
  int64_t elementsPerRow() const;

  /// Bytes of row `row`, 0 <= row < rows().
  llvm::ArrayRef<char> rowBytes(int64_t row) const;

  /// Row `row` converted to f32 (nearest even; Bool gives 0 and 1). `result`
  /// has elementsPerRow() elements.
  void rowAsFloat(int64_t row, llvm::MutableArrayRef<float> result) const;
};

/// Reads or maps a file. Fails with the file's name and a remedy for what is
/// no .npy file, truncated or too long, and for what we do not read: object,
/// structured, big-endian or other types, Fortran order.
llvm::Expected<NpyArray> readNpy(llvm::StringRef path);

/// Writes an array of known shape piece by piece.
class NpyWriter {
public:
  static llvm::Expected<NpyWriter> create(llvm::StringRef path, NpyType type,
                                          llvm::ArrayRef<int64_t> shape);

  /// Appends elements in C order, little endian: usually a row.
  void append(llvm::ArrayRef<char> bytes);

  /// Makes the file visible. Fails, leaving nothing, if a write failed or if
  /// not exactly the elements of the shape were appended.
  llvm::Error commit();

private:
  NpyWriter(AtomicFile file, uint64_t missingBytes)
      : file(std::move(file)), missingBytes(missingBytes) {}

  AtomicFile file;
  uint64_t missingBytes;
  bool isTooLong = false;
};

/// Writes a whole array.
llvm::Error writeNpy(llvm::StringRef path, NpyType type,
                     llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<char> bytes);

} // namespace qnn

#endif // QNN_SUPPORT_NPY_H
