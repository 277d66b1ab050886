// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header of an .npy file: a Python dictionary literal.

#ifndef QNN_LIB_SUPPORT_NPYHEADER_H
#define QNN_LIB_SUPPORT_NPYHEADER_H

#include "qnn/Support/Npy.h"

namespace qnn {

struct NpyHeader {
  NpyType type = NpyType::F32;
  llvm::SmallVector<int64_t> shape;
  /// Where the data begin in the file, and how many bytes they are.
  uint64_t dataOffset = 0;
  uint64_t dataSize = 0;
};

/// Bytes of an array, or nothing if that exceeds INT64_MAX or a dimension is
/// negative.
std::optional<uint64_t> getDataSize(NpyType type,
                                    llvm::ArrayRef<int64_t> shape);

/// Parses the beginning of a file. Errors do not name the file.
llvm::Expected<NpyHeader> parseNpyHeader(llvm::StringRef file);

/// The header in format 1.0 (2.0 if it is longer than 65535 bytes), padded so
/// that the data begin at a multiple of 64.
std::string formatNpyHeader(NpyType type, llvm::ArrayRef<int64_t> shape);

} // namespace qnn

#endif // QNN_LIB_SUPPORT_NPYHEADER_H
