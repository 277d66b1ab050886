// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Labels, random numbers, gradients of another function.

#include "Registry.h"
#include "qnn/Quantization/ElementaryFunctions.h"

using namespace mlir;
using namespace qnn;
using llvm::Expected;

template <typename T>
static void setOnes(ArrayRef<T> labels, int64_t depth,
                    MutableArrayRef<float> rows) {
  for (auto [row, label] : llvm::enumerate(labels))
    if (label >= 0 && label < depth)
      rows[row * depth + label] = 1.0f;
}

Tensor reference::oneHot(const Tensor &labels, int64_t depth) {
  SmallVector<int64_t> shape(labels.getShape());
  shape.push_back(depth);
  Tensor result(shape, ElementKind::F32);
  if (labels.getKind() == ElementKind::U8)
    setOnes(labels.data<uint8_t>(), depth, result.data<float>());
  else
    setOnes(labels.data<int32_t>(), depth, result.data<float>());
  return result;
}

Tensor reference::randomUniform(const Tensor &seed, uint32_t stream,
                                ArrayRef<int64_t> shape) {
  ArrayRef<int32_t> words = seed.data<int32_t>();
  uint32_t second = words.size() > 1 ? words[1] : 0;
  Tensor result(shape, ElementKind::F32);
  for (auto [i, out] : llvm::enumerate(result.data<float>()))
    out = uniformReference(i, {uint32_t(words[0]), second, stream});
  return result;
}

static Expected<Kernel> makeOneHot(OneHotOp op) {
  return Kernel([depth = op.getDepth()](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::oneHot(*operands[0], depth);
  });
}

static Expected<Kernel> makeRandomUniform(RandomUniformOp op) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(op.getType()).getShape());
  return Kernel([=, stream = uint32_t(op.getStream())](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::randomUniform(*operands[0], stream, shape);
  });
}

static Expected<Kernel> makeStraightThrough(StraightThroughOp) {
  return Kernel([](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return *operands[0];
  });
}

ArrayRef<KernelRow> qnn::getTrainingKernels() {
  static const KernelRow rows[] = {
      kernelRow<OneHotOp, makeOneHot>(),
      kernelRow<RandomUniformOp, makeRandomUniform>(),
      kernelRow<StraightThroughOp, makeStraightThrough>(),
  };
  return rows;
}
