// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many bits the codes of a model have.

#ifndef QNN_QUANTIZATION_BITWIDTHS_H
#define QNN_QUANTIZATION_BITWIDTHS_H

#include "llvm/Support/Error.h"
#include <cstdint>

namespace qnn {

/// Bits of the codes that are chosen. Codes of fewer than 8 are stored in 8.
struct BitWidths {
  /// 2 to 8.
  int64_t weights = 8;
  /// 2 to 8, or 16.
  int64_t activations = 8;

  /// An error that names the option and what it expects.
  llvm::Error check() const {
    if (weights < 2 || weights > 8)
      return llvm::createStringError("weight-bits expects 2 to 8, got " +
                                     llvm::Twine(weights));
    if (activations != 16 && (activations < 2 || activations > 8))
      return llvm::createStringError(
          "activation-bits expects 2 to 8, or 16, got " +
          llvm::Twine(activations));
    return llvm::Error::success();
  }
};

} // namespace qnn

#endif // QNN_QUANTIZATION_BITWIDTHS_H
