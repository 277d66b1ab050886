// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Static shapes of inputs, and raw data: layout, element type, normalization.

#include "ImportInputs.h"
#include "Layout.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

/// {0, 2, ..., rank - 1, 1}: channels, which are axis 1, go last.
static SmallVector<int64_t> getChannelsLast(int64_t rank) {
  SmallVector<int64_t> permutation{0};
  llvm::append_range(permutation, llvm::seq<int64_t>(2, rank));
  permutation.push_back(1);
  return permutation;
}

/// {0, rank - 1, 1, ..., rank - 2}: the inverse.
static SmallVector<int64_t> getChannelsFirst(int64_t rank) {
  SmallVector<int64_t> permutation{0, rank - 1};
  llvm::append_range(permutation, llvm::seq<int64_t>(1, rank - 1));
  return permutation;
}

static bool isNormalized(const ImportOptions &options) {
  return options.inputIsU8 || !options.inputMean.empty() ||
         !options.inputScale.empty();
}

static FailureOr<int64_t> resolveDimension(GraphState &graph,
                                           const ValueInfo &input, size_t axis,
                                           const ImportOptions &options) {
  const Dimension &dim = (*input.shape)[axis];
  auto option = options.dims.find(dim.name);
  int64_t extent = axis == 0 ? 1 : 0;
  if (dim.extent)
    extent = *dim.extent;
  else if (!dim.name.empty() && option != options.dims.end())
    extent = option->second;
  else if (axis > 0)
    return graph.error() << "input '" << input.name << "': axis " << axis
                         << " has the dynamic extent '"
                         << (dim.name.empty() ? "?" : dim.name) << "'; "
                         << (dim.name.empty()
                                 ? "export the model with a static shape"
                                 : "give its value with --dim=" + dim.name +
                                       "=VALUE");
  if (extent < 1)
    return graph.error() << "input '" << input.name << "': axis " << axis
                         << " has extent " << extent << "; expects at least 1";
  return extent;
}

static FailureOr<RankedTensorType> resolveInput(GraphState &graph,
                                                const ValueInfo &input,
                                                const ImportOptions &options) {
  if (!input.isTensor || input.elementType != ElementType::F32)
    return graph.error() << "input '" << input.name << "' is "
                         << (input.isTensor
                                 ? "a tensor of " + getName(input.elementType)
                                 : "no tensor")
                         << "; expects a tensor of float";
  if (!input.shape)
    return graph.error() << "input '" << input.name
                         << "' has no shape; export the model with one";
  Shape shape;
  for (size_t axis = 0; axis < input.shape->size(); ++axis) {
    FailureOr<int64_t> extent = resolveDimension(graph, input, axis, options);
    if (failed(extent))
      return failure();
    shape.push_back(*extent);
  }
  if (!countElements(shape))
    return graph.error() << "input '" << input.name
                         << "' has more than 2^30 elements";
  return RankedTensorType::get(shape, graph.builder.getF32Type());
}

/// The argument's type of the first input, whose model value has `type`.
static FailureOr<RankedTensorType>
resolveRawInput(GraphState &graph, RankedTensorType type,
                const ImportOptions &options) {
  size_t channels = type.getRank() > 1 ? type.getDimSize(1) : 1;
  for (ArrayRef<float> values : {ArrayRef<float>(options.inputMean),
                                 ArrayRef<float>(options.inputScale)}) {
    if (values.size() > 1 && values.size() != channels)
      return graph.error() << "expects input mean and scale of 1 or "
                           << channels << " numbers (the channels are axis 1), "
                           << "got " << values.size();
    if (!llvm::all_of(values, [](float v) { return std::isfinite(v); }))
      return graph.error() << "expects finite input mean and scale";
  }
  if (llvm::is_contained(options.inputScale, 0.0f))
    return graph.error() << "expects an input scale other than 0";
  if (options.inputIsU8)
    type = RankedTensorType::get(
        type.getShape(), graph.builder.getIntegerType(8, /*isSigned=*/false));
  if (options.inputLayout == RawLayout::AsModel)
    return type;
  if (type.getRank() < 3)
    return graph.error() << "expects an input of rank 3 or more for layout "
                            "nhwc, got rank "
                         << type.getRank();
  auto shape =
      inferTransposedShape(type.getShape(), getChannelsLast(type.getRank()));
  return type.clone(llvm::cantFail(std::move(shape)));
}

static LogicalResult checkDimOptions(GraphState &graph, const Model &model,
                                     const ImportOptions &options) {
  llvm::StringSet<> names;
  for (const ValueInfo &input : model.inputs)
    if (input.shape)
      for (const Dimension &dim : *input.shape)
        names.insert(dim.name);
  for (const auto &entry : options.dims)
    if (!names.contains(entry.getKey()))
      return graph.error() << "no input has a dynamic extent '"
                           << entry.getKey() << "'";
  return success();
}

FailureOr<SmallVector<InputTypes>>
importer::resolveInputs(GraphState &graph, const Model &model,
                        const ImportOptions &options) {
  if (failed(checkDimOptions(graph, model, options)))
    return failure();
  SmallVector<InputTypes> types;
  for (const ValueInfo &input : model.inputs) {
    FailureOr<RankedTensorType> type = resolveInput(graph, input, options);
    if (failed(type))
      return failure();
    types.push_back({*type, *type});
  }
  if (types.empty())
    return types;
  FailureOr<RankedTensorType> raw =
      resolveRawInput(graph, types.front().model, options);
  if (failed(raw))
    return failure();
  types.front().argument = *raw;
  return types;
}

Value importer::prepareInput(GraphState &graph, BlockArgument argument,
                             const ImportOptions &options) {
  OpBuilder &builder = graph.builder;
  Value value = argument;
  Location loc = argument.getLoc();
  int64_t rank = shapeOf(value).size();
  bool isChannelsLast = options.inputLayout == RawLayout::NHWC;
  if (isNormalized(options)) {
    SmallVector<float> mean = options.inputMean, scale = options.inputScale;
    if (mean.empty())
      mean = {0};
    if (scale.empty())
      scale = {1};
    // qnn.normalize wants its channels last.
    if (!isChannelsLast && rank > 2 &&
        std::max(mean.size(), scale.size()) > 1) {
      value = transpose(builder, loc, value, getChannelsLast(rank));
      isChannelsLast = true;
    }
    auto type = RankedTensorType::get(shapeOf(value), builder.getF32Type());
    loc = NameLoc::get(
        builder.getStringAttr(getValueName(argument) + "/normalized"));
    value = NormalizeOp::create(builder, loc, type, value, mean, scale);
  }
  if (isChannelsLast)
    value = transpose(builder, loc, value, getChannelsFirst(rank));
  return value;
}
