// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model becomes a function of its loss.

#include "Losses.h"
#include "UniqueNames.h"
#include "mlir/IR/SymbolTable.h"
#include "qnn/Dialect/QNN/Transforms/Annotations.h"
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
/// A part of the loss.
struct Term {
  const LossFormula *formula;
  double weight;
  unsigned output;
};

/// Gives a function the arguments and results of its loss.
class LossBuilder {
public:
  explicit LossBuilder(func::FuncOp func)
      : func(func), terminator(func.getBody().front().getTerminator()),
        builder(NameLoc::get(StringAttr::get(func.getContext(), "loss")),
                terminator) {}

  /// Names and roles of what the model has.
  void describeModel();
  /// Takes the values that qnn-expose-observers has made results of from the
  /// results.
  SmallVector<Value> takeFeatures();
  /// The weighted sum of losses; null after an error.
  Value build(ArrayRef<Term> terms, double temperature);
  /// The loss plus the mean over features of their errors.
  Value addFeatures(Value loss, ArrayRef<Value> features, double weight);
  void returnLoss(Value loss);

private:
  void describeArgument(unsigned i, StringRef role);
  Value addArgument(RankedTensorType type, StringRef name, StringRef role);
  Value getLabels(RankedTensorType type);
  Value getTeacher(unsigned output, RankedTensorType type);
  /// One loss; null after an error.
  Value emit(const Term &term, double temperature);
  DictionaryAttr describe(StringRef name, StringRef role) {
    return builder.getDictionaryAttr(
        {builder.getNamedAttr(kNameAttr, builder.getStringAttr(name)),
         builder.getNamedAttr(kRoleAttr, builder.getStringAttr(role))});
  }

  func::FuncOp func;
  Operation *terminator;
  ImplicitLocOpBuilder builder;
  UniqueNames names;
  Value labels;
  /// By output.
  DenseMap<unsigned, Value> teachers;
};
} // namespace

static StringRef getRole(func::FuncOp func, unsigned argument) {
  if (func.getArgAttr(argument, kParameterAttr))
    return role::kParameter;
  // A number is the scale of an input that is quantized.
  if (func.getArgAttrOfType<StringAttr>(argument, kScaleAttr))
    return role::kScale;
  if (func.getArgAttr(argument, kZeroPointAttr))
    return role::kZeroPoint;
  return role::kInput;
}

void LossBuilder::describeArgument(unsigned i, StringRef role) {
  auto given = func.getArgAttrOfType<StringAttr>(i, kNameAttr);
  std::string name = names.take(given ? given.getValue() : role);
  func.setArgAttr(i, kNameAttr, builder.getStringAttr(name));
  func.setArgAttr(i, kRoleAttr, builder.getStringAttr(role));
  func.removeArgAttr(i, kParameterAttr);
  if (role == role::kScale)
    func.removeArgAttr(i, kScaleAttr);
  func.removeArgAttr(i, kZeroPointAttr);
}

void LossBuilder::describeModel() {
  SmallVector<StringRef> roles;
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    roles.push_back(getRole(func, i));
  // Parameters first: they keep their names, which their values are found by.
  for (bool areParameters : {true, false})
    for (auto [i, role] : llvm::enumerate(roles))
      if ((role == role::kParameter) == areParameters)
        describeArgument(i, role);
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

Value LossBuilder::getTeacher(unsigned output, RankedTensorType type) {
  Value &teacher = teachers[output];
  if (!teacher)
    teacher = addArgument(type, "teacher", role::kTeacher);
  return teacher;
}

Value LossBuilder::emit(const Term &term, double temperature) {
  Value prediction = terminator->getOperand(term.output);
  Value logits = findLogits(prediction);
  return term.formula->emit(
      {builder, prediction, logits,
       [this](RankedTensorType type) { return getLabels(type); },
       [&] {
         return getTeacher(term.output,
                           cast<RankedTensorType>(logits.getType()));
       },
       temperature});
}

Value LossBuilder::build(ArrayRef<Term> terms, double temperature) {
  FloatExpressions expressions(builder);
  Value sum;
  for (const Term &term : terms) {
    Value loss = emit(term, temperature);
    if (!loss)
      return {};
    Value scaled = expressions.scale(loss, term.weight);
    sum = sum ? expressions.add(sum, scaled) : scaled;
  }
  return sum;
}

SmallVector<Value> LossBuilder::takeFeatures() {
  auto names = func->getAttrOfType<ArrayAttr>(annotation::kObserved);
  if (!names)
    return {};
  func->removeAttr(annotation::kObserved);
  unsigned first = func.getNumResults() - names.size();
  SmallVector<Value> features(terminator->getOperands().drop_front(first));
  terminator->eraseOperands(first, names.size());
  llvm::BitVector erased(func.getNumResults());
  erased.set(first, func.getNumResults());
  (void)func.eraseResults(erased);
  return features;
}

Value LossBuilder::addFeatures(Value loss, ArrayRef<Value> features,
                               double weight) {
  FloatExpressions emit(builder);
  for (Value feature : features) {
    Value wanted = addArgument(cast<RankedTensorType>(feature.getType()),
                               "teacher", role::kTeacher);
    Value error = emitNoiseToSignal(emit, feature, wanted);
    loss = emit.add(loss, emit.scale(error, weight / double(features.size())));
  }
  return loss;
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
    if (failed(terms) || failed(checkFunction(func, *terms)))
      return signalPassFailure();
    LossBuilder builder(func);
    builder.describeModel();
    SmallVector<Value> features = builder.takeFeatures();
    Value value = builder.build(*terms, temperature);
    if (!value)
      return signalPassFailure();
    if (featureWeight > 0 && !features.empty())
      value = builder.addFeatures(value, features, featureWeight);
    builder.returnLoss(value);
    func.setName("loss");
  }

private:
  FailureOr<SmallVector<Term>> readTerms(func::FuncOp func);
  LogicalResult checkOutput(func::FuncOp func, unsigned output);
  LogicalResult checkFunction(func::FuncOp func, ArrayRef<Term> terms);
};
} // namespace

FailureOr<SmallVector<Term>> AddLossPass::readTerms(func::FuncOp func) {
  SmallVector<Term> terms;
  if (!lossWeights.empty() && lossWeights.size() != loss.size())
    return func.emitError("expects a weight for each of ")
           << loss.size() << " losses, got " << lossWeights.size();
  for (double weight : lossWeights)
    if (!(weight > 0) || !std::isfinite(weight))
      return func.emitError("expects weights of losses above 0, got ")
             << weight;
  if (!outputs.empty() && outputs.size() != loss.size())
    return func.emitError("expects an output for each of ")
           << loss.size() << " losses, got " << outputs.size();
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
    terms.push_back({formula, lossWeights.empty() ? 1.0 : lossWeights[i],
                     outputs.empty() ? 0 : outputs[i]});
  }
  if (terms.empty())
    return func.emitError("expects a loss");
  return terms;
}

LogicalResult AddLossPass::checkOutput(func::FuncOp func, unsigned output) {
  if (output >= func.getNumResults())
    return func.emitError("has no output ") << output << " to train";
  auto type = dyn_cast<RankedTensorType>(func.getResultTypes()[output]);
  if (!type || !type.hasStaticShape() || !isFloatTensor(type) ||
      type.getRank() == 0)
    return func.emitError("expects an output to train that is an f32 tensor "
                          "with a batch axis, got ")
           << func.getResultTypes()[output];
  return success();
}

LogicalResult AddLossPass::checkFunction(func::FuncOp func,
                                         ArrayRef<Term> terms) {
  if (!func.getBody().hasOneBlock())
    return func.emitError("expects a function of one block to train");
  for (const Term &term : terms)
    if (failed(checkOutput(func, term.output)))
      return failure();
  if (function != "loss" && getOperation().lookupSymbol("loss"))
    return func.emitError("expects no function 'loss' beside it");
  if (!(featureWeight >= 0))
    return func.emitError("expects a feature-weight of at least 0, got ")
           << double(featureWeight);
  // The squares of larger ones are no floats.
  constexpr double maxTemperature = 1e9;
  if (!(temperature > 0) || !(temperature <= maxTemperature))
    return func.emitError("expects a temperature above 0, up to 1e9, got ")
           << double(temperature);
  return success();
}
