// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// enum class RequantizationMode with symbolize/stringify, generated from
// RequantizationMode.td. The one MLIR header is a list of aliases: nothing to
// link.

#ifndef QNN_QUANTIZATION_REQUANTIZATIONMODE_H
#define QNN_QUANTIZATION_REQUANTIZATIONMODE_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/DenseMapInfo.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <optional>
#include <string>

#include "qnn/Quantization/RequantizationMode.h.inc"

#endif // QNN_QUANTIZATION_REQUANTIZATIONMODE_H
