// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reverse mode: walks a copy of the function backwards and asks each operation
// for its adjoint.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include "llvm/ADT/SmallSet.h"

#define DEBUG_TYPE "qnn-differentiate"

namespace qnn {
#define GEN_PASS_DEF_QNNDIFFERENTIATEPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {

/// Turns a copy of a function of one block into the function of its gradients.
class GradientBuilder {
public:
  /// `results` are those that the loss depends on.
  GradientBuilder(func::FuncOp copy, ArrayRef<unsigned> arguments,
                  ArrayRef<unsigned> results)
      : func(copy), results(results),
        terminator(copy.getBody().front().getTerminator()),
        builder(copy.getLoc(), terminator) {
    for (unsigned index : arguments)
      wanted.push_back(copy.getArgument(index));
  }

  LogicalResult run(bool keepResults, bool recompute);

private:
  /// All but the terminator, as they are now.
  SmallVector<Operation *> getOperations() {
    return llvm::map_to_vector(func.getBody().front().without_terminator(),
                               [](Operation &op) { return &op; });
  }
  void markActive();
  void addCotangentArguments();
  void accumulate(Value value, Value contribution);
  LogicalResult checkDifferentiable(Operation *op);
  LogicalResult visit(Operation *op);
  Value getGradient(Value value);
  void recomputeFor(Operation *reader);
  Value recomputed(Value value, Operation *reader);
  void replaceResults(bool keepResults);
  void eraseUnused();

  func::FuncOp func;
  ArrayRef<unsigned> results;
  Operation *terminator;
  ImplicitLocOpBuilder builder;
  SmallVector<Value> wanted;
  /// Floats that depend on a wanted argument.
  DenseSet<Value> active;
  /// The gradient with respect to each value, as far as it is known.
  DenseMap<Value, Value> gradients;
  /// The cheap results of the forward pass, each with its second computation
  /// once there is one.
  DenseMap<Value, Value> cheap;
};

} // namespace

void GradientBuilder::markActive() {
  active.insert(wanted.begin(), wanted.end());
  for (Operation &op : func.getBody().front().without_terminator())
    if (llvm::any_of(op.getOperands(),
                     [&](Value operand) { return active.contains(operand); }))
      active.insert(op.result_begin(), op.result_end());
}

/// A result that is returned twice has two cotangents, which add up.
void GradientBuilder::addCotangentArguments() {
  for (unsigned number : results) {
    Value result = terminator->getOperand(number);
    unsigned index = func.getNumArguments();
    Location loc = NameLoc::get(
        builder.getStringAttr("gradient of " + getValueName(result).str()));
    (void)func.insertArgument(index, result.getType(), DictionaryAttr(), loc);
    accumulate(result, func.getArgument(index));
  }
}

void GradientBuilder::accumulate(Value value, Value contribution) {
  if (!active.contains(value))
    return;
  Value &gradient = gradients[value];
  if (!gradient) {
    gradient = contribution;
    return;
  }
  gradient = AddOp::create(builder, value.getType(), gradient, contribution,
                           /*clamp_min=*/nullptr, /*clamp_max=*/nullptr);
}

LogicalResult GradientBuilder::checkDifferentiable(Operation *op) {
  auto refuse = [&](const Twine &reason) {
    return op->emitError() << "cannot differentiate " << op->getName()
                           << " of node '" << getNodeName(op)
                           << "': " << reason;
  };
  auto differentiable = dyn_cast<DifferentiableOpInterface>(op);
  if (!differentiable)
    return refuse("it has no adjoint");
  std::string reason = differentiable.getReasonNotDifferentiable();
  if (!reason.empty())
    return refuse(reason);
  SmallVector<Type> types(op->getOperandTypes());
  llvm::append_range(types, op->getResultTypes());
  for (Type type : types)
    if (!cast<RankedTensorType>(type).hasStaticShape())
      return refuse("its shapes are not static");
  return success();
}

/// Passes the gradient of the result on to the operands.
LogicalResult GradientBuilder::visit(Operation *op) {
  Value cotangent =
      op->getNumResults() ? gradients.lookup(op->getResult(0)) : Value();
  if (!cotangent)
    return success();
  if (failed(checkDifferentiable(op)))
    return failure();
  SmallVector<bool> isActive;
  for (Value operand : op->getOperands())
    isActive.push_back(active.contains(operand));
  // Names of values are for those of the forward pass.
  builder.setLoc(
      NameLoc::get(builder.getStringAttr("gradient of " + getNodeName(op))));
  SmallVector<Value> contributions =
      cast<DifferentiableOpInterface>(op).buildAdjoint(builder, cotangent,
                                                       isActive);
  for (auto [operand, contribution] :
       llvm::zip_equal(op->getOperands(), contributions))
    if (contribution)
      accumulate(operand, contribution);
  return success();
}

static bool isCheapToRecompute(Operation *op) {
  auto differentiable = dyn_cast<DifferentiableOpInterface>(op);
  return differentiable && differentiable.isCheapToRecompute();
}

/// The value computed again before `reader`, from what is kept.
Value GradientBuilder::recomputed(Value value, Operation *reader) {
  auto known = cheap.find(value);
  if (known == cheap.end() || known->second)
    return known == cheap.end() ? value : known->second;
  IRMapping mapping;
  for (Value operand : value.getDefiningOp()->getOperands())
    mapping.map(operand, recomputed(operand, reader));
  builder.setInsertionPoint(reader);
  Operation *copy = builder.clone(*value.getDefiningOp(), mapping);
  return cheap[value] = copy->getResult(0);
}

void GradientBuilder::recomputeFor(Operation *reader) {
  for (OpOperand &operand : reader->getOpOperands())
    operand.set(recomputed(operand.get(), reader));
}

Value GradientBuilder::getGradient(Value value) {
  if (Value gradient = gradients.lookup(value))
    return gradient;
  auto type = cast<ShapedType>(value.getType());
  return arith::ConstantOp::create(builder, DenseElementsAttr::get(type, 0.0f));
}

void GradientBuilder::replaceResults(bool keepResults) {
  SmallVector<Value> values;
  if (keepResults)
    llvm::append_range(values, terminator->getOperands());
  for (Value argument : wanted)
    values.push_back(getGradient(argument));
  terminator->setOperands(values);
  ArrayAttr attributes = func.getResAttrsAttr();
  func.removeResAttrsAttr();
  func.setFunctionType(builder.getFunctionType(func.getArgumentTypes(),
                                               ValueRange(values).getTypes()));
  if (!keepResults || !attributes)
    return;
  for (auto [i, dictionary] :
       llvm::enumerate(attributes.getAsRange<DictionaryAttr>()))
    func.setResultAttrs(i, dictionary);
}

void GradientBuilder::eraseUnused() {
  SmallVector<Operation *> operations = getOperations();
  for (Operation *op : llvm::reverse(operations))
    if (isOpTriviallyDead(op))
      op->erase();
}

LogicalResult GradientBuilder::run(bool keepResults, bool recompute) {
  // Statistics are for the forward function.
  for (auto op : llvm::make_early_inc_range(func.getOps<ObserveOp>()))
    op.erase();
  SmallVector<Operation *> forward = getOperations();
  markActive();
  addCotangentArguments();
  for (Operation *op : llvm::reverse(forward))
    if (failed(visit(op)))
      return failure();
  if (recompute) {
    for (Operation *op : forward)
      if (isCheapToRecompute(op))
        cheap.try_emplace(op->getResult(0));
    SmallVector<Operation *> all = getOperations();
    for (Operation *op : ArrayRef(all).drop_front(forward.size()))
      recomputeFor(op);
  }
  replaceResults(keepResults);
  eraseUnused();
  return success();
}

namespace {
struct DifferentiatePass
    : qnn::impl::QNNDifferentiatePassBase<DifferentiatePass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp source = findFunction();
    if (!source || failed(checkFunction(source)))
      return signalPassFailure();
    FailureOr<SmallVector<unsigned>> chosen = chooseArguments(source);
    FailureOr<SmallVector<unsigned>> losses = chooseResults(source);
    if (failed(chosen) || failed(losses))
      return signalPassFailure();
    OpBuilder builder(&getContext());
    builder.setInsertionPointAfter(source);
    auto copy = cast<func::FuncOp>(builder.clone(*source));
    copy.setName((source.getName() + "_gradient").str());
    if (failed(GradientBuilder(copy, *chosen, *losses)
                   .run(keepResults, recompute))) {
      copy.erase();
      signalPassFailure();
    }
  }

private:
  func::FuncOp findFunction();
  LogicalResult checkFunction(func::FuncOp source);
  FailureOr<SmallVector<unsigned>> chooseArguments(func::FuncOp source);
  FailureOr<SmallVector<unsigned>> chooseResults(func::FuncOp source);
};
} // namespace

/// The one that the option names, or the only one with a body.
func::FuncOp DifferentiatePass::findFunction() {
  if (!function.empty()) {
    auto named = getOperation().lookupSymbol<func::FuncOp>(function);
    if (!named)
      getOperation().emitError("has no function '") << function << "'";
    return named;
  }
  SmallVector<func::FuncOp> defined;
  for (auto func : getOperation().getOps<func::FuncOp>())
    if (!func.isExternal())
      defined.push_back(func);
  if (defined.size() == 1)
    return defined.front();
  getOperation().emitError("expects one function to differentiate, or the "
                           "option 'function', and has ")
      << defined.size();
  return nullptr;
}

LogicalResult DifferentiatePass::checkFunction(func::FuncOp source) {
  if (!source.getBody().hasOneBlock())
    return source.emitError("expects a function of one block");
  Operation *terminator = source.getBody().front().getTerminator();
  if (llvm::none_of(terminator->getOperandTypes(), isFloatTensor))
    return source.emitError("has no result of element type f32");
  std::string name = (source.getName() + "_gradient").str();
  if (getOperation().lookupSymbol(name))
    return source.emitError("expects no function '") << name << "' beside it";
  return success();
}

/// What a training step learns; all of element type f32 in a function without
/// roles.
static SmallVector<unsigned> getLearnedArguments(func::FuncOp source) {
  SmallVector<unsigned> learned, floats;
  for (BlockArgument argument : source.getArguments()) {
    unsigned number = argument.getArgNumber();
    if (!isFloatTensor(argument.getType()))
      continue;
    floats.push_back(number);
    auto role = source.getArgAttrOfType<StringAttr>(number, kRoleAttr);
    if (role && (role == role::kParameter || role == role::kScale ||
                 role == role::kZeroPoint))
      learned.push_back(number);
  }
  return learned.empty() ? floats : learned;
}

/// Refuses what is not an f32 tensor of static shape, and repetitions.
static LogicalResult checkChosen(func::FuncOp source, ArrayRef<unsigned> chosen,
                                 TypeRange types, StringRef what) {
  llvm::SmallSet<unsigned, 8> seen;
  for (unsigned index : chosen) {
    if (index >= types.size())
      return source.emitError("has no ") << what << " " << index;
    Type type = types[index];
    if (!isFloatTensor(type) || !cast<ShapedType>(type).hasStaticShape())
      return source.emitError("expects ")
             << what << " " << index
             << " to be an f32 tensor of static shape, got " << type;
    if (!seen.insert(index).second)
      return source.emitError("has ")
             << what << " " << index << " chosen twice";
  }
  return success();
}

FailureOr<SmallVector<unsigned>>
DifferentiatePass::chooseArguments(func::FuncOp source) {
  SmallVector<unsigned> chosen(arguments.begin(), arguments.end());
  if (chosen.empty())
    chosen = getLearnedArguments(source);
  if (chosen.empty())
    return source.emitError("has no argument of element type f32");
  if (failed(
          checkChosen(source, chosen, source.getArgumentTypes(), "argument")))
    return failure();
  return chosen;
}

FailureOr<SmallVector<unsigned>>
DifferentiatePass::chooseResults(func::FuncOp source) {
  SmallVector<unsigned> chosen(results.begin(), results.end());
  if (failed(checkChosen(source, chosen, source.getResultTypes(), "result")))
    return failure();
  if (chosen.empty())
    for (auto [i, type] : llvm::enumerate(source.getResultTypes()))
      if (isFloatTensor(type))
        chosen.push_back(i);
  return chosen;
}
