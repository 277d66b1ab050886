// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// QuantizedElementType for the three uniform types of upstream's quant dialect.

#include "ExternalModels.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Quantization/UniformParams.h"

using namespace mlir;
using namespace qnn;

/// Where the parameters of a group come from, for each upstream type.
static double scaleOf(quant::UniformQuantizedType type, int64_t) {
  return type.getScale();
}
static int64_t zeroPointOf(quant::UniformQuantizedType type, int64_t) {
  return type.getZeroPoint();
}
static double scaleOf(quant::UniformQuantizedPerAxisType type, int64_t group) {
  return type.getScales()[group];
}
static int64_t zeroPointOf(quant::UniformQuantizedPerAxisType type,
                           int64_t group) {
  return type.getZeroPoints()[group];
}
static double scaleOf(quant::UniformQuantizedSubChannelType type,
                      int64_t group) {
  return type.getScales().getValues<APFloat>()[group].convertToDouble();
}
static int64_t zeroPointOf(quant::UniformQuantizedSubChannelType type,
                           int64_t group) {
  return type.getZeroPoints().getValues<APInt>()[group].getSExtValue();
}

/// How elements map to groups, for each upstream type.
static int64_t groupAxisOf(quant::UniformQuantizedType) { return -1; }
static int64_t groupAxisOf(quant::UniformQuantizedPerAxisType type) {
  return type.getQuantizedDimension();
}
static int64_t groupAxisOf(quant::UniformQuantizedSubChannelType) { return -2; }
static int64_t numGroupsOf(quant::UniformQuantizedType, ArrayRef<int64_t>) {
  return 1;
}
static int64_t numGroupsOf(quant::UniformQuantizedPerAxisType type,
                           ArrayRef<int64_t>) {
  return type.getScales().size();
}
static int64_t numGroupsOf(quant::UniformQuantizedSubChannelType type,
                           ArrayRef<int64_t>) {
  return type.getScales().getNumElements();
}
static int64_t groupOf(quant::UniformQuantizedType, ArrayRef<int64_t>) {
  return 0;
}
static int64_t groupOf(quant::UniformQuantizedPerAxisType type,
                       ArrayRef<int64_t> index) {
  return index[type.getQuantizedDimension()];
}
static int64_t groupOf(quant::UniformQuantizedSubChannelType type,
                       ArrayRef<int64_t> index) {
  // Scales have the tensor's rank, and extent 1 along axes without blocks.
  SmallVector<int64_t> block(index.size(), 0);
  for (auto [axis, size] : type.getBlockSizeInfo())
    block[axis] = index[axis] / size;
  int64_t group = 0;
  for (auto [axis, extent] :
       llvm::enumerate(type.getScales().getType().getShape()))
    group = group * extent + (extent == 1 ? 0 : block[axis]);
  return group;
}

namespace {
template <typename UniformT>
struct UniformTypeModel
    : QuantizedElementType::ExternalModel<UniformTypeModel<UniformT>,
                                          UniformT> {
  static UniformParams params(Type type, int64_t group) {
    auto uniform = cast<UniformT>(type);
    return {scaleOf(uniform, group), zeroPointOf(uniform, group),
            uniform.getStorageTypeMin(), uniform.getStorageTypeMax()};
  }
  IntegerType getCodeType(Type type) const {
    return cast<IntegerType>(cast<UniformT>(type).getStorageType());
  }
  bool isCodeSigned(Type type) const { return cast<UniformT>(type).isSigned(); }
  int64_t getCodeMin(Type type) const {
    return cast<UniformT>(type).getStorageTypeMin();
  }
  int64_t getCodeMax(Type type) const {
    return cast<UniformT>(type).getStorageTypeMax();
  }
  FloatType getValueType(Type type) const {
    return cast<FloatType>(cast<UniformT>(type).getExpressedType());
  }
  int64_t getNumGroups(Type type, ArrayRef<int64_t> shape) const {
    return numGroupsOf(cast<UniformT>(type), shape);
  }
  int64_t getGroup(Type type, ArrayRef<int64_t>,
                   ArrayRef<int64_t> index) const {
    return groupOf(cast<UniformT>(type), index);
  }
  int64_t quantizeValue(Type type, double value, int64_t group,
                        RoundingMode rounding) const {
    return params(type, group).quantize(value, rounding);
  }
  double dequantizeCode(Type type, int64_t code, int64_t group) const {
    return params(type, group).dequantize(code);
  }
  bool isUniform(Type) const { return true; }
  double getGroupScale(Type type, int64_t group) const {
    return scaleOf(cast<UniformT>(type), group);
  }
  int64_t getGroupZeroPoint(Type type, int64_t group) const {
    return zeroPointOf(cast<UniformT>(type), group);
  }
  int64_t getGroupAxis(Type type) const {
    return groupAxisOf(cast<UniformT>(type));
  }
  /// Only types of one group and at most 16 bits have a list of levels.
  SmallVector<float> getCodeValues(Type type) const {
    SmallVector<float> values;
    if (!isa<quant::UniformQuantizedType>(type) ||
        getCodeType(type).getWidth() > 16)
      return values;
    for (int64_t code = getCodeMin(type); code <= getCodeMax(type); ++code)
      values.push_back(static_cast<float>(dequantizeCode(type, code, 0)));
    return values;
  }
};
} // namespace

void qnn::registerUniformTypeModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, quant::QuantDialect *) {
    quant::UniformQuantizedType::attachInterface<
        UniformTypeModel<quant::UniformQuantizedType>>(*context);
    quant::UniformQuantizedPerAxisType::attachInterface<
        UniformTypeModel<quant::UniformQuantizedPerAxisType>>(*context);
    quant::UniformQuantizedSubChannelType::attachInterface<
        UniformTypeModel<quant::UniformQuantizedSubChannelType>>(*context);
  });
}
