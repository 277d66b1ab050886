// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which kernel computes which operation. An operation is added by one row in
// the table of its family.

#ifndef QNN_LIB_REFERENCE_KERNELS_REGISTRY_H
#define QNN_LIB_REFERENCE_KERNELS_REGISTRY_H

#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Quantization/Requantize.h"
#include "qnn/Reference/Interpreter.h"
#include "qnn/Reference/Kernels.h"

namespace qnn {

/// Reads types and attributes of the operation, checks that its form is
/// supported, and returns the kernel that computes it.
using KernelFactory = llvm::Expected<Kernel> (*)(mlir::Operation *op);

/// A row of a family's table.
struct KernelRow {
  llvm::StringRef operationName;
  KernelFactory factory;
};

llvm::ArrayRef<KernelRow> getContractionKernels();
llvm::ArrayRef<KernelRow> getElementwiseKernels();
llvm::ArrayRef<KernelRow> getMathKernels();
llvm::ArrayRef<KernelRow> getMovementKernels();
llvm::ArrayRef<KernelRow> getQuantizationKernels();
llvm::ArrayRef<KernelRow> getReductionKernels();
llvm::ArrayRef<KernelRow> getSimulationKernels();
llvm::ArrayRef<KernelRow> getTrainingKernels();

/// The factory for an operation, null if no family has one.
KernelFactory lookUpKernel(llvm::StringRef operationName);

/// A row for an operation class and a factory that takes it.
template <typename OpTy, llvm::Expected<Kernel> (*makeKernel)(OpTy)>
KernelRow kernelRow() {
  return {OpTy::getOperationName(),
          [](mlir::Operation *op) { return makeKernel(llvm::cast<OpTy>(op)); }};
}

inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

/// A uniform type with one scale and zero point, or an error that says what
/// `name` (an operand or result) has instead.
llvm::Expected<QuantizedElementType> getPerTensorType(mlir::Value value,
                                                      llvm::StringRef name);

/// Zero point and range of a uniform result of one group, narrowed to the codes
/// of the bounds. An error for a range that requantize() does not support.
llvm::Expected<RequantizeParams>
getOutputParams(mlir::Value result, RoundingMode rounding,
                const reference::FloatClamp &bounds = {},
                RequantizationMode mode = RequantizationMode::Float);

/// The same output for fixed point.
inline FixedPointOutput getFixedPointOutput(const RequantizeParams &params) {
  return {params.zeroPoint, params.min, params.max};
}

/// An error if the range of an explicit result has codes that do not fit.
llvm::Error checkRange(const RequantizeParams &params, ElementKind kind);

/// The kernel of qnn.requantize, also of qnn.clamp on quantized values.
llvm::Expected<Kernel>
makeRequantizeKernel(mlir::Value input, mlir::Value result,
                     reference::RequantizeStyle style,
                     const reference::FloatClamp &bounds);

/// Element kind of a tensor value that was checked before.
ElementKind getKindOf(mlir::Value value);

/// The bounds of an operation that has clamp_min and clamp_max.
template <typename OpTy>
reference::FloatClamp getBounds(OpTy op) {
  reference::FloatClamp bounds;
  if (op.getClampMin())
    bounds.min = op.getClampMin()->convertToFloat();
  if (op.getClampMax())
    bounds.max = op.getClampMax()->convertToFloat();
  return bounds;
}

} // namespace qnn

#endif // QNN_LIB_REFERENCE_KERNELS_REGISTRY_H
