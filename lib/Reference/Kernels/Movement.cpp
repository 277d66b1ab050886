// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations that copy elements, whatever their kind.

#include "Indexing.h"
#include "Registry.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <cstring>

using namespace mlir;
using namespace qnn;
using namespace qnn::reference;
using llvm::Expected;

/// Copies elements: result[to[i]] = input[from[i]], as bytes.
static void copyElements(const Tensor &input, const Offsets &from,
                         Tensor &result, const Offsets &to) {
  size_t size = getElementSize(input.getKind());
  for (size_t i = 0; i < from.size(); ++i)
    std::memcpy(result.getBytes().data() + to[i] * size,
                input.getBytes().data() + from[i] * size, size);
}

/// 0, 1, 2, ...: all elements of a tensor in row-major order.
static Offsets allElements(const Tensor &tensor) {
  return offsetsOf(tensor.getNumElements(), 1);
}

/// Where the elements of a box go that starts at `start` in a tensor of shape
/// `shape`.
static Offsets boxOffsets(ArrayRef<int64_t> box, ArrayRef<int64_t> shape,
                          ArrayRef<int64_t> start) {
  SmallVector<int64_t> strides = rowMajorStrides(shape);
  Offsets offsets = offsetsOf(box, strides);
  int64_t first = 0;
  for (size_t axis = 0; axis < shape.size(); ++axis)
    first += start[axis] * strides[axis];
  for (int64_t &offset : offsets)
    offset += first;
  return offsets;
}

Tensor reference::transpose(const Tensor &input,
                            ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> inputStrides = rowMajorStrides(input.getShape());
  SmallVector<int64_t> shape, strides;
  for (int64_t axis : permutation) {
    shape.push_back(input.getShape()[axis]);
    strides.push_back(inputStrides[axis]);
  }
  Tensor result(shape, input.getKind());
  copyElements(input, offsetsOf(shape, strides), result, allElements(result));
  return result;
}

Tensor reference::pad(const Tensor &input, ArrayRef<int64_t> low,
                      ArrayRef<int64_t> high, const Tensor &value) {
  SmallVector<int64_t> shape(input.getShape());
  for (size_t axis = 0; axis < shape.size(); ++axis)
    shape[axis] += low[axis] + high[axis];
  Tensor result(shape, input.getKind());
  copyElements(value, Offsets(result.getNumElements(), 0), result,
               allElements(result));
  copyElements(input, allElements(input), result,
               boxOffsets(input.getShape(), shape, low));
  return result;
}

Tensor reference::reverse(const Tensor &input, ArrayRef<int64_t> axes) {
  Tensor result(input.getShape(), input.getKind());
  SmallVector<int64_t> strides = rowMajorStrides(input.getShape());
  int64_t last = 0;
  for (int64_t axis : axes) {
    last += (input.getShape()[axis] - 1) * strides[axis];
    strides[axis] = -strides[axis];
  }
  Offsets from = offsetsOf(input.getShape(), strides);
  for (int64_t &offset : from)
    offset += last;
  copyElements(input, from, result, allElements(result));
  return result;
}

Tensor reference::extractSlice(const Tensor &input, ArrayRef<int64_t> offsets,
                               ArrayRef<int64_t> shape,
                               ArrayRef<int64_t> strides) {
  SmallVector<int64_t> steps = rowMajorStrides(input.getShape());
  int64_t first = 0;
  for (size_t axis = 0; axis < steps.size(); ++axis) {
    first += offsets[axis] * steps[axis];
    steps[axis] *= strides[axis];
  }
  Tensor result(shape, input.getKind());
  Offsets from = offsetsOf(shape, steps);
  for (int64_t &offset : from)
    offset += first;
  copyElements(input, from, result, allElements(result));
  return result;
}

Tensor reference::concat(ArrayRef<const Tensor *> inputs, int64_t axis) {
  SmallVector<int64_t> shape(inputs.front()->getShape());
  shape[axis] = 0;
  for (const Tensor *input : inputs)
    shape[axis] += input->getShape()[axis];
  Tensor result(shape, inputs.front()->getKind());
  SmallVector<int64_t> start(shape.size(), 0);
  for (const Tensor *input : inputs) {
    copyElements(*input, allElements(*input), result,
                 boxOffsets(input->getShape(), shape, start));
    start[axis] += input->getShape()[axis];
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Adapters
//===----------------------------------------------------------------------===//

static Expected<Kernel> makeTranspose(TransposeOp op) {
  SmallVector<int64_t> permutation(op.getPermutation());
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::transpose(*operands[0], permutation);
  });
}

/// The padding value as one element of the result's kind.
static Expected<Tensor> getPadValue(PadOp op) {
  float value = op.getValue().convertToFloat();
  if (isFloatTensor(op.getResult().getType()))
    return Tensor::fromValues<float>({}, value);
  ElementKind kind = getKindOf(op.getResult());
  QuantizedElementType type = getQuantizedElementType(op.getResult().getType());
  if (type) {
    if (type.getGroupAxis() != -1)
      return makeError("per-axis or blockwise type is not supported");
    return Tensor::fromCodes(
        {}, kind, type.quantizeValue(value, 0, RoundingMode::HalfEven));
  }
  auto [min, max] = getElementRange(kind);
  // The upper bounds of i32 and i64 are not floats; powers of two are.
  if (!(value >= float(min) && value < float(max / 2 + 1) * 2.0f) ||
      value != float(int64_t(value)))
    return makeError("expects a padding value that is a code");
  return Tensor::fromCodes({}, kind, int64_t(value));
}

static Expected<Kernel> makePad(PadOp op) {
  SmallVector<int64_t> low(op.getLow()), high(op.getHigh());
  Expected<Tensor> value = getPadValue(op);
  if (!value)
    return value.takeError();
  return Kernel([=, value = std::move(*value)](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    bool isDouble = operands[0]->getKind() == ElementKind::F64;
    return reference::pad(*operands[0], low, high,
                          isDouble ? value.toDouble() : value);
  });
}

static Expected<Kernel> makeReverse(ReverseOp op) {
  SmallVector<int64_t> axes(op.getAxes());
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::reverse(*operands[0], axes);
  });
}

/// Offsets that are computed have operands, for which there is no kernel.
static Expected<Kernel> makeExtractSlice(tensor::ExtractSliceOp op) {
  SmallVector<int64_t> offsets(op.getStaticOffsets());
  SmallVector<int64_t> sizes(op.getStaticSizes());
  SmallVector<int64_t> strides(op.getStaticStrides());
  SmallVector<int64_t> shape(op.getType().getShape());
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::extractSlice(*operands[0], offsets, sizes, strides)
        .reshaped(shape);
  });
}

static Expected<Kernel> makeConcat(tensor::ConcatOp op) {
  int64_t axis = op.getDim();
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::concat(operands, axis);
  });
}

/// Reshapes, and casts between types of one shape and element type.
template <typename OpTy>
static Expected<Kernel> makeReshape(OpTy op) {
  auto type = cast<RankedTensorType>(op.getResult().getType());
  SmallVector<int64_t> shape(type.getShape());
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return operands[0]->reshaped(shape);
  });
}

ArrayRef<KernelRow> qnn::getMovementKernels() {
  static const KernelRow rows[] = {
      kernelRow<TransposeOp, makeTranspose>(),
      kernelRow<PadOp, makePad>(),
      kernelRow<ReverseOp, makeReverse>(),
      kernelRow<tensor::CastOp, makeReshape<tensor::CastOp>>(),
      kernelRow<tensor::CollapseShapeOp,
                makeReshape<tensor::CollapseShapeOp>>(),
      kernelRow<tensor::ConcatOp, makeConcat>(),
      kernelRow<tensor::ExpandShapeOp, makeReshape<tensor::ExpandShapeOp>>(),
      kernelRow<tensor::ExtractSliceOp, makeExtractSlice>(),
  };
  return rows;
}
