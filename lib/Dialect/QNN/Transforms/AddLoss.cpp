// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model becomes a function of its loss.

#include "Losses.h"
#include "UniqueNames.h"
#include "mlir/IR/SymbolTable.h"
#include "qnn/Dialect/QNN/Transforms/Logits.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include <cmath>

#define DEBUG_TYPE "qnn-add-loss"

namespace qnn {
#define GEN_PASS_DEF_QNNADDLOSSPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {
/// Gives a function the arguments and results of its loss.
class LossBuilder {
public:
  explicit LossBuilder(func::FuncOp func)
      : func(func), terminator(func.getBody().front().getTerminator()),
        builder(NameLoc::get(StringAttr::get(func.getContext(), "loss")),
                terminator) {}

  /// Names and roles of what the model has.
  void describeModel();
  /// The weighted sum of losses on one output; null after an error.
  Value build(ArrayRef<std::pair<const LossFormula *, double>> terms,
              unsigned output, double temperature);
  void returnLoss(Value loss);

private:
  Value addArgument(RankedTensorType type, StringRef name, StringRef role);
  Value getLabels(RankedTensorType type);
  Value getTeacher(RankedTensorType type);
  DictionaryAttr describe(StringRef name, StringRef role) {
    return builder.getDictionaryAttr(
        {builder.getNamedAttr(kNameAttr, builder.getStringAttr(name)),
         builder.getNamedAttr(kRoleAttr, builder.getStringAttr(role))});
  }

  func::FuncOp func;
  Operation *terminator;
  ImplicitLocOpBuilder builder;
  UniqueNames names;
  Value labels, teacher;
};
} // namespace

static StringRef getRole(func::FuncOp func, unsigned argument) {
  if (func.getArgAttr(argument, kParameterAttr))
    return role::kParameter;
  // A number is the scale of an input that is quantized.
  if (func.getArgAttrOfType<StringAttr>(argument, kScaleAttr))
    return role::kScale;
  return role::kInput;
}

void LossBuilder::describeModel() {
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    StringRef role = getRole(func, i);
    auto given = func.getArgAttrOfType<StringAttr>(i, kNameAttr);
    std::string name = names.take(given ? given.getValue() : role);
    func.setArgAttr(i, kNameAttr, builder.getStringAttr(name));
    func.setArgAttr(i, kRoleAttr, builder.getStringAttr(role));
    func.removeArgAttr(i, kParameterAttr);
    if (role == role::kScale)
      func.removeArgAttr(i, kScaleAttr);
  }
}

Value LossBuilder::addArgument(RankedTensorType type, StringRef name,
                               StringRef role) {
  unsigned index = func.getNumArguments();
  std::string unique = names.take(name);
  (void)func.insertArgument(index, type, describe(unique, role),
                            NameLoc::get(builder.getStringAttr(unique)));
  return func.getArgument(index);
}

Value LossBuilder::getLabels(RankedTensorType type) {
  if (!labels)
    labels = addArgument(type, "labels", role::kLabel);
  if (labels.getType() == type)
    return labels;
  func.emitError("expects losses that have labels of one type, got ")
      << labels.getType() << " and " << type;
  return {};
}

Value LossBuilder::getTeacher(RankedTensorType type) {
  if (!teacher)
    teacher = addArgument(type, "teacher", role::kTeacher);
  return teacher;
}

Value LossBuilder::build(ArrayRef<std::pair<const LossFormula *, double>> terms,
                         unsigned output, double temperature) {
  Value prediction = terminator->getOperand(output);
  Value logits = findLogits(prediction);
  LossOperands operands{
      builder,
      prediction,
      logits,
      [this](RankedTensorType type) { return getLabels(type); },
      [&] { return getTeacher(cast<RankedTensorType>(logits.getType())); },
      temperature};
  FloatExpressions emit(builder);
  Value sum;
  for (auto [formula, weight] : terms) {
    Value loss = formula->emit(operands);
    if (!loss)
      return {};
    Value term = emit.scale(loss, weight);
    sum = sum ? emit.add(sum, term) : term;
  }
  return sum;
}

void LossBuilder::returnLoss(Value loss) {
  SmallVector<Value> results{loss};
  llvm::append_range(results, terminator->getOperands());
  SmallVector<Attribute> attributes{describe(names.take("loss"), role::kLoss)};
  for (unsigned i = 0; i < func.getNumResults(); ++i) {
    auto given = func.getResultAttrOfType<StringAttr>(i, kNameAttr);
    std::string name =
        names.take(given ? given.getValue() : StringRef(role::kOutput));
    attributes.push_back(describe(name, role::kOutput));
  }
  terminator->setOperands(results);
  func.setFunctionType(builder.getFunctionType(func.getArgumentTypes(),
                                               ValueRange(results).getTypes()));
  func.setResAttrsAttr(builder.getArrayAttr(attributes));
}

namespace {
struct AddLossPass : qnn::impl::QNNAddLossPassBase<AddLossPass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp func = getOperation().lookupSymbol<func::FuncOp>(function);
    if (!func || func.isExternal()) {
      getOperation().emitError("has no function '") << function << "' to train";
      return signalPassFailure();
    }
    auto terms = readTerms(func);
    if (failed(terms) || failed(checkFunction(func)))
      return signalPassFailure();
    LossBuilder builder(func);
    builder.describeModel();
    Value value = builder.build(*terms, output, temperature);
    if (!value)
      return signalPassFailure();
    builder.returnLoss(value);
    func.setName("loss");
  }

private:
  using Terms = SmallVector<std::pair<const LossFormula *, double>>;
  FailureOr<Terms> readTerms(func::FuncOp func);
  LogicalResult checkFunction(func::FuncOp func);
};
} // namespace

FailureOr<AddLossPass::Terms> AddLossPass::readTerms(func::FuncOp func) {
  Terms terms;
  if (!lossWeights.empty() && lossWeights.size() != loss.size())
    return func.emitError("expects a weight for each of ")
           << loss.size() << " losses, got " << lossWeights.size();
  for (double weight : lossWeights)
    if (!(weight > 0) || !std::isfinite(weight))
      return func.emitError("expects weights of losses above 0, got ")
             << weight;
  for (size_t i = 0; i < loss.size(); ++i) {
    StringRef name = loss[i];
    const LossFormula *formula =
        llvm::find_if(getLossFormulas(), [&](const LossFormula &candidate) {
          return candidate.name == name;
        });
    if (formula == getLossFormulas().end()) {
      InFlightDiagnostic error = func.emitError("unknown loss '")
                                 << name << "': expects one of ";
      llvm::interleaveComma(
          getLossFormulas(), error,
          [&](const LossFormula &known) { error << known.name; });
      return error;
    }
    terms.push_back({formula, lossWeights.empty() ? 1.0 : lossWeights[i]});
  }
  if (terms.empty())
    return func.emitError("expects a loss");
  return terms;
}

LogicalResult AddLossPass::checkFunction(func::FuncOp func) {
  if (!func.getBody().hasOneBlock())
    return func.emitError("expects a function of one block to train");
  if (output >= func.getNumResults())
    return func.emitError("has no output ") << unsigned(output) << " to train";
  auto type = dyn_cast<RankedTensorType>(func.getResultTypes()[output]);
  if (!type || !type.hasStaticShape() || !isFloatTensor(type) ||
      type.getRank() == 0)
    return func.emitError("expects an output to train that is an f32 tensor "
                          "with a batch axis, got ")
           << func.getResultTypes()[output];
  if (function != "loss" && getOperation().lookupSymbol("loss"))
    return func.emitError("expects no function 'loss' beside it");
  // The squares of larger ones are no floats.
  constexpr double maxTemperature = 1e9;
  if (!(temperature > 0) || !(temperature <= maxTemperature))
    return func.emitError("expects a temperature above 0, up to 1e9, got ")
           << double(temperature);
  return success();
}
