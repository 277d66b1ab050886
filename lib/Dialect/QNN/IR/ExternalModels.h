// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The two halves of registerExternalModels.

#ifndef QNN_LIB_DIALECT_QNN_IR_EXTERNALMODELS_H
#define QNN_LIB_DIALECT_QNN_IR_EXTERNALMODELS_H

#include "mlir/IR/DialectRegistry.h"

namespace qnn {

/// QuantizedElementType for !quant.uniform in all its forms.
void registerUniformTypeModels(mlir::DialectRegistry &registry);

/// QuantizableOpInterface and DifferentiableOpInterface for
/// tensor.collapse_shape, expand_shape, extract_slice and concat.
void registerTensorOpModels(mlir::DialectRegistry &registry);

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_IR_EXTERNALMODELS_H
