// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions.

#include "Functions.h"
#include "Registry.h"

using namespace qnn;
using namespace qnn::reference;
using llvm::Expected;

template <typename T>
static T compute(UnaryKind kind, T x) {
  switch (kind) {
  case UnaryKind::Abs:
    return std::abs(x);
  case UnaryKind::Exp:
    return exponential(x);
  case UnaryKind::Log:
    return logarithm(x);
  case UnaryKind::Sigmoid:
    return sigmoid(x);
  case UnaryKind::Sign:
    return x > 0 ? T(1) : x < 0 ? T(-1) : T(0);
  case UnaryKind::Sqrt:
    return std::sqrt(x);
  case UnaryKind::Tanh:
    return hyperbolicTangent(x);
  }
  llvm_unreachable("unknown function");
}

Tensor reference::unary(UnaryKind kind, const Tensor &input) {
  Tensor result = input;
  dispatchFloat(input.getKind(), [&](auto zero) {
    for (auto &value : result.data<decltype(zero)>())
      value = compute(kind, value);
  });
  return result;
}

template <typename OpTy, UnaryKind kind>
static Expected<Kernel> makeUnary(OpTy) {
  return Kernel(
      [](llvm::ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
        return unary(kind, *operands[0]);
      });
}

llvm::ArrayRef<KernelRow> qnn::getMathKernels() {
  static const KernelRow rows[] = {
      kernelRow<AbsOp, makeUnary<AbsOp, UnaryKind::Abs>>(),
      kernelRow<ExpOp, makeUnary<ExpOp, UnaryKind::Exp>>(),
      kernelRow<LogOp, makeUnary<LogOp, UnaryKind::Log>>(),
      kernelRow<SigmoidOp, makeUnary<SigmoidOp, UnaryKind::Sigmoid>>(),
      kernelRow<SignOp, makeUnary<SignOp, UnaryKind::Sign>>(),
      kernelRow<SqrtOp, makeUnary<SqrtOp, UnaryKind::Sqrt>>(),
      kernelRow<TanhOp, makeUnary<TanhOp, UnaryKind::Tanh>>(),
  };
  return rows;
}
