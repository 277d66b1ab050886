// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What parameters may be.

#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

LogicalResult ParameterOp::verify() {
  if (getName().empty())
    return emitOpError("expects a name");
  if (!isFloatTensor(getType()))
    return emitOpError("expects a parameter of element type f32");
  if (!isa<InitializerAttr, DenseElementsAttr>(getValue()))
    return emitOpError("expects an initializer or dense values");
  return success();
}
