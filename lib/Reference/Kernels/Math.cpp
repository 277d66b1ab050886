// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions.

#include "Functions.h"
#include "Registry.h"

using namespace qnn;
using namespace qnn::reference;
using llvm::Expected;

Tensor reference::unary(ElementaryFunction function, const Tensor &input) {
  Tensor result = input;
  dispatchFloat(input.getKind(), [&](auto zero) {
    for (auto &value : result.data<decltype(zero)>())
      value = apply(function, value);
  });
  return result;
}

/// On codes: the code of the function of what the code stands for.
template <typename OpTy>
static Expected<Kernel> makeUnary(OpTy op) {
  QuantizedElementType from = getQuantizedElementType(op.getInput().getType());
  QuantizedElementType to = getQuantizedElementType(op.getType());
  return Kernel(
      [=](llvm::ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
        if (!from)
          return unary(OpTy::kFunction, *operands[0]);
        Tensor values = unary(OpTy::kFunction, dequantize(*operands[0], from));
        return quantize(values, to, RoundingMode::HalfEven);
      });
}

llvm::ArrayRef<KernelRow> qnn::getMathKernels() {
  static const KernelRow rows[] = {
      kernelRow<AbsOp, makeUnary>(),  kernelRow<ExpOp, makeUnary>(),
      kernelRow<LogOp, makeUnary>(),  kernelRow<SigmoidOp, makeUnary>(),
      kernelRow<SignOp, makeUnary>(), kernelRow<SqrtOp, makeUnary>(),
      kernelRow<TanhOp, makeUnary>(),
  };
  return rows;
}
