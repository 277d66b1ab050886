// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loss and its gradient become a training step.

#include "../IR/AdjointEmitter.h"
#include "Optimizers.h"
#include "Projection.h"
#include "UniqueNames.h"
#include "mlir/IR/SymbolTable.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include <cmath>
#include <limits>
#include <map>

#define DEBUG_TYPE "qnn-add-optimizer"

namespace qnn {
#define GEN_PASS_DEF_QNNADDOPTIMIZERPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {
/// What changes in a step: a parameter, a scale or a zero point.
struct Learned {
  std::string name, role;
  Value value, gradient;

  RankedTensorType getType() const {
    return cast<RankedTensorType>(value.getType());
  }
  bool isParameter() const { return role == role::kParameter; }
  bool isScale() const { return role == role::kScale; }
  /// Not a bias: what decays and can be masked.
  bool isWeights() const { return isParameter() && getType().getRank() >= 2; }
};

/// A result of the step, with its attributes.
struct NewValue {
  std::string name, role;
  Value value;
};

/// Turns @loss_gradient into @step.
class StepBuilder {
public:
  StepBuilder(func::FuncOp func, const OptimizerRule &rule,
              const HyperParameters &numbers)
      : func(func), rule(rule), numbers(numbers),
        terminator(func.getBody().front().getTerminator()),
        builder(NameLoc::get(StringAttr::get(func.getContext(), "optimizer")),
                terminator),
        emit(builder) {}

  LogicalResult run();

private:
  LogicalResult readArguments();
  void replaceCotangent();
  /// `name` is made unique.
  Value addArgument(Type type, std::string &name, StringRef role);
  Value addScalar(StringRef name, StringRef role, Type elementType);
  Value getRandom(RankedTensorType type);
  Value getCorrection(StringRef name, double beta);
  void clipByNorm();
  Value clip(Value gradient);
  Value emitDecay(const Learned &learned);
  Value emitDirection(const Learned &learned);
  Value emitRate(const Learned &learned);
  Value emitNewValue(const Learned &learned, Value direction);
  LogicalResult checkProjection();
  Value emitProjected(const Learned &learned, Value value);
  Value emitMasked(const Learned &learned, Value value);
  void setResults();

  func::FuncOp func;
  const OptimizerRule &rule;
  const HyperParameters &numbers;
  Operation *terminator;
  ImplicitLocOpBuilder builder;
  FloatExpressions emit;
  UniqueNames names;
  SmallVector<Learned> learned;
  Value learningRate, seed;
  int64_t numStreams = 0;
  std::map<std::string, Value> corrections;
  SmallVector<NewValue> newValues, newStates;
};
} // namespace

static std::string readText(DictionaryAttr attributes, StringRef key) {
  auto text = attributes ? attributes.getAs<StringAttr>(key) : StringAttr();
  return text ? text.str() : std::string();
}

/// The gradients are the last results, in the order of what is learned; the
/// cotangent of the loss is the last argument.
LogicalResult StepBuilder::readArguments() {
  for (BlockArgument argument : func.getArguments().drop_back()) {
    DictionaryAttr attributes = func.getArgAttrDict(argument.getArgNumber());
    std::string name = readText(attributes, kNameAttr);
    std::string role = readText(attributes, kRoleAttr);
    if (name.empty() || role.empty())
      return func.emitError("expects arguments with names and roles, argument ")
             << argument.getArgNumber() << " has none";
    names.reserve(name);
    if (role == role::kParameter || role == role::kScale ||
        role == role::kZeroPoint)
      learned.push_back({name, role, argument, Value()});
  }
  if (learned.empty())
    return func.emitError("expects a parameter, scale or zero point to learn");
  unsigned first = func.getNumResults() - learned.size();
  for (auto [i, each] : llvm::enumerate(learned))
    each.gradient = terminator->getOperand(first + i);
  return success();
}

/// The gradient of the loss with respect to itself is 1.
void StepBuilder::replaceCotangent() {
  BlockArgument cotangent = func.getArguments().back();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&func.getBody().front());
  cotangent.replaceAllUsesWith(emit.number(1));
  (void)func.eraseArgument(cotangent.getArgNumber());
}

Value StepBuilder::addArgument(Type type, std::string &name, StringRef role) {
  unsigned index = func.getNumArguments();
  name = names.take(name);
  StringAttr nameAttr = builder.getStringAttr(name);
  auto attributes = builder.getDictionaryAttr(
      {builder.getNamedAttr(kNameAttr, nameAttr),
       builder.getNamedAttr(kRoleAttr, builder.getStringAttr(role))});
  (void)func.insertArgument(index, type, attributes, NameLoc::get(nameAttr));
  return func.getArgument(index);
}

Value StepBuilder::addScalar(StringRef name, StringRef role, Type elementType) {
  std::string unique = name.str();
  return addArgument(RankedTensorType::get({}, elementType), unique, role);
}

/// Numbers of [0, 1) that no other operation of the step has.
Value StepBuilder::getRandom(RankedTensorType type) {
  if (!seed)
    seed = addScalar("seed", role::kSeed, builder.getI32Type());
  return RandomUniformOp::create(builder, type, seed, numStreams++);
}

/// 1 - beta^t is the average with this beta of ones, which starts at 0: a state
/// of one number gives it without cancellation.
Value StepBuilder::getCorrection(StringRef name, double beta) {
  Value &correction = corrections[name.str()];
  if (correction)
    return correction;
  std::string unique = (name + "_correction").str();
  Value state = addArgument(RankedTensorType::get({}, builder.getF32Type()),
                            unique, role::kState);
  Value scaled = emit.scale(state, beta);
  Value next = emit.add(scaled, emit.number(1 - beta));
  newStates.push_back({unique, role::kState.str(), next});
  correction = emit.div(emit.number(1), next);
  return correction;
}

/// All gradients together, as one vector, are no longer than the bound:
/// Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural
/// networks, 2013, algorithm 1.
void StepBuilder::clipByNorm() {
  Value squares;
  for (const Learned &each : learned) {
    Value sum = emit.sumAll(emit.square(each.gradient));
    squares = squares ? emit.add(squares, sum) : sum;
  }
  Value bound = emit.number(numbers.clipNorm);
  Value longest = emit.maximum(emit.sqrt(squares), bound);
  Value factor = emit.div(bound, longest);
  for (Learned &each : learned)
    each.gradient = emit.mul(each.gradient, factor);
}

/// Element by element.
Value StepBuilder::clip(Value gradient) {
  if (numbers.clipValue > 0)
    gradient = emit.clamp(gradient, -numbers.clipValue, numbers.clipValue);
  if (numbers.clipStochastic > 0) {
    // Wen et al., TernGrad, 2017, equations 2 to 4 with a given bound c: an
    // element becomes c or -c with the probability |g| / c, else 0. So its
    // mean is that of clipping by value.
    Value random = getRandom(cast<RankedTensorType>(gradient.getType()));
    Value threshold = emit.scale(random, numbers.clipStochastic);
    Value excess = emit.sub(emit.abs(gradient), threshold);
    Value isKept = emit.sign(emit.clamp(excess, 0.0, std::nullopt));
    Value bound = emit.scale(emit.sign(gradient), numbers.clipStochastic);
    gradient = emit.mul(bound, isKept);
  }
  return gradient;
}

/// What pulls towards 0; null if nothing does.
Value StepBuilder::emitDecay(const Learned &learned) {
  double part = learned.isWeights() ? numbers.weightDecay
                : learned.isScale() ? numbers.scaleDecay
                                    : 0;
  return part == 0 ? Value() : emit.scale(learned.value, part);
}

Value StepBuilder::emitDirection(const Learned &learned) {
  Value gradient = clip(learned.gradient);
  Value decay = emitDecay(learned);
  bool isDecoupled = rule.decoupledDecay || numbers.decoupledWeightDecay;
  if (decay && !isDecoupled)
    gradient = emit.add(gradient, decay);

  SmallVector<Value> states;
  SmallVector<std::string> stateNames;
  for (StringRef state : rule.states) {
    stateNames.push_back(learned.name + "/" + state.str());
    states.push_back(
        addArgument(learned.getType(), stateNames.back(), role::kState));
  }
  Update update{emit, numbers, gradient, states,
                [this](StringRef name, double beta) {
                  return getCorrection(name, beta);
                }};
  Value direction = rule.emitDirection(update);
  for (auto [name, state] : llvm::zip_equal(stateNames, states))
    newStates.push_back({name, role::kState.str(), state});
  return decay && isDecoupled ? emit.add(direction, decay) : direction;
}

Value StepBuilder::emitRate(const Learned &learned) {
  Value rate = learned.isParameter()
                   ? learningRate
                   : emit.scale(learningRate, numbers.scaleLearningRate);
  if (!numbers.relativeRates || learned.role == role::kZeroPoint)
    return rate;
  if (learned.isScale())
    return emit.mul(learned.value, rate);
  Value size = emit.sqrt(emit.meanAll(emit.square(learned.value)));
  // What is 0 has no size: 1 instead, as in LAMB.
  Value one = emit.number(1);
  Value isZero = emit.sub(one, emit.sign(size));
  Value sizeOrOne = emit.add(size, isZero);
  return emit.mul(sizeOrOne, rate);
}

Value StepBuilder::emitNewValue(const Learned &learned, Value direction) {
  Value change = emit.mul(direction, emitRate(learned));
  Value value = emit.sub(learned.value, change);
  if (learned.isParameter())
    return emitMasked(learned, emitProjected(learned, value));
  // A zero point is clipped where it is rounded, as a weight is; here, so that
  // it comes back as soon as its gradient says so.
  if (learned.role == role::kZeroPoint)
    return emit.clamp(value, 0.0, 1.0);
  // A scale stays a normal number, and a step halves it at most: it may not
  // change its sign.
  Value half = emit.scale(learned.value, 0.5);
  Value least =
      emit.clamp(half, std::numeric_limits<float>::min(), std::nullopt);
  return emit.maximum(value, least);
}

LogicalResult StepBuilder::checkProjection() {
  bool hasGrid = false;
  for (const Learned &each : learned) {
    FakeQuantizeOp grid = findGrid(each.value);
    if (!each.isParameter() || !grid)
      continue;
    hasGrid = true;
    std::string reason =
        getReasonNotProjected(grid, numbers.stochasticRounding);
    if (!reason.empty())
      return func.emitError("cannot hold parameter '")
             << each.name << "' projected: " << reason;
  }
  if (!hasGrid)
    return func.emitError("expects a parameter that is quantized, to hold "
                          "projected");
  return success();
}

/// On the grid of its codes, where it has one.
Value StepBuilder::emitProjected(const Learned &learned, Value value) {
  FakeQuantizeOp grid = findGrid(learned.value);
  if (!numbers.projected || !grid)
    return value;
  if (!numbers.stochasticRounding)
    return emitNearest(builder, grid, value);
  return emitStochastic(builder, grid, value, getRandom(learned.getType()));
}

/// Zeros are exact zeros.
Value StepBuilder::emitMasked(const Learned &learned, Value value) {
  if (!numbers.masks || !learned.isWeights())
    return value;
  std::string name = learned.name + "/mask";
  Value mask = addArgument(learned.getType(), name, role::kMask);
  func.setArgAttr(cast<BlockArgument>(mask).getArgNumber(), kMaskOfAttr,
                  builder.getStringAttr(learned.name));
  return emit.mul(value, mask);
}

void StepBuilder::setResults() {
  unsigned numKept = func.getNumResults() - learned.size();
  SmallVector<Value> values(terminator->getOperands().take_front(numKept));
  SmallVector<Attribute> attributes;
  for (unsigned i = 0; i < numKept; ++i)
    attributes.push_back(func.getResultAttrDict(i));
  llvm::append_range(newValues, newStates);
  for (const NewValue &result : newValues) {
    values.push_back(result.value);
    attributes.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr(kNameAttr, builder.getStringAttr(result.name)),
         builder.getNamedAttr(kRoleAttr, builder.getStringAttr(result.role))}));
  }
  terminator->setOperands(values);
  func.removeResAttrsAttr();
  func.setFunctionType(builder.getFunctionType(func.getArgumentTypes(),
                                               ValueRange(values).getTypes()));
  func.setResAttrsAttr(builder.getArrayAttr(attributes));
}

LogicalResult StepBuilder::run() {
  if (failed(readArguments()))
    return failure();
  if (numbers.projected && failed(checkProjection()))
    return failure();
  replaceCotangent();
  learningRate =
      addScalar("learning_rate", role::kLearningRate, builder.getF32Type());
  if (numbers.clipNorm > 0)
    clipByNorm();
  for (const Learned &each : learned) {
    Value direction = emitDirection(each);
    newValues.push_back({each.name, each.role, emitNewValue(each, direction)});
  }
  setResults();
  return success();
}

namespace {
struct AddOptimizerPass : qnn::impl::QNNAddOptimizerPassBase<AddOptimizerPass> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto gradient = module.lookupSymbol<func::FuncOp>("loss_gradient");
    if (!gradient) {
      module.emitError("has no function 'loss_gradient': run qnn-add-loss and "
                       "qnn-differentiate first");
      return signalPassFailure();
    }
    const OptimizerRule *rule = findRule();
    if (!rule || failed(checkNumbers()))
      return signalPassFailure();
    HyperParameters numbers{momentum,
                            beta1,
                            beta2,
                            decay,
                            epsilon,
                            weightDecay,
                            decoupled,
                            clipValue,
                            clipNorm,
                            clipStochastic,
                            scaleLearningRate,
                            relativeRates,
                            scaleDecay,
                            masks,
                            hold == "projected",
                            projectedRounding == "stochastic"};
    if (failed(StepBuilder(gradient, *rule, numbers).run()))
      return signalPassFailure();
    for (auto func : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
      if (func != gradient)
        func.erase();
    gradient.setName("step");
  }

private:
  const OptimizerRule *findRule();
  LogicalResult checkNumbers();
};
} // namespace

const OptimizerRule *AddOptimizerPass::findRule() {
  ArrayRef<OptimizerRule> rules = getOptimizerRules();
  const OptimizerRule *rule =
      llvm::find_if(rules, [&](const OptimizerRule &candidate) {
        return candidate.name == optimizer;
      });
  if (rule != rules.end())
    return rule;
  InFlightDiagnostic error = getOperation().emitError("unknown optimizer '")
                             << optimizer << "': expects one of ";
  llvm::interleaveComma(
      rules, error, [&](const OptimizerRule &known) { error << known.name; });
  return nullptr;
}

/// Refuses NaN, too.
LogicalResult AddOptimizerPass::checkNumbers() {
  std::pair<StringRef, double> fractions[] = {{"momentum", momentum},
                                              {"beta1", beta1},
                                              {"beta2", beta2},
                                              {"decay", decay}};
  for (auto [name, value] : fractions)
    if (!(value >= 0 && value < 1))
      return getOperation().emitError("expects ")
             << name << " of at least 0 and below 1, got " << value;
  std::pair<StringRef, double> amounts[] = {
      {"weight-decay", weightDecay},
      {"clip-value", clipValue},
      {"clip-norm", clipNorm},
      {"clip-stochastic", clipStochastic},
      {"scale-learning-rate", scaleLearningRate},
      {"scale-decay", scaleDecay}};
  for (auto [name, value] : amounts)
    if (!(value >= 0 && std::isfinite(value)))
      return getOperation().emitError("expects a finite ")
             << name << " of at least 0, got " << value;
  if (hold != "shadow" && hold != "projected")
    return getOperation().emitError("unknown hold '")
           << hold << "': expects shadow or projected";
  if (projectedRounding != "nearest" && projectedRounding != "stochastic")
    return getOperation().emitError("unknown projected-rounding '")
           << projectedRounding << "': expects nearest or stochastic";
  if (!(epsilon > 0))
    return getOperation().emitError("expects epsilon above 0, got ")
           << double(epsilon);
  return success();
}
