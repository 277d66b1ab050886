// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tests of the interpreter: a function as text, inputs, expected outputs.

#ifndef QNN_TEST_UNIT_REFERENCE_TESTUTILS_H
#define QNN_TEST_UNIT_REFERENCE_TESTUTILS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Reference/Interpreter.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qnn::test {

/// A shape and elements: short to write in tables.
template <typename T>
Tensor make(llvm::ArrayRef<int64_t> shape, std::vector<T> values) {
  return Tensor::fromValues<T>(shape, llvm::ArrayRef<T>(values));
}
inline Tensor f32(llvm::ArrayRef<int64_t> shape, std::vector<float> values) {
  return make(shape, std::move(values));
}
inline Tensor u8(llvm::ArrayRef<int64_t> shape, std::vector<uint8_t> values) {
  return make(shape, std::move(values));
}
inline Tensor s8(llvm::ArrayRef<int64_t> shape, std::vector<int8_t> values) {
  return make(shape, std::move(values));
}
inline Tensor i32(llvm::ArrayRef<int64_t> shape, std::vector<int32_t> values) {
  return make(shape, std::move(values));
}
inline Tensor i64(llvm::ArrayRef<int64_t> shape, std::vector<int64_t> values) {
  return make(shape, std::move(values));
}

inline mlir::MLIRContext &getContext() {
  static mlir::MLIRContext *context = [] {
    mlir::DialectRegistry registry;
    registry.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect,
                    mlir::quant::QuantDialect, mlir::tensor::TensorDialect,
                    QNNDialect>();
    registerExternalModels(registry);
    return new mlir::MLIRContext(registry,
                                 mlir::MLIRContext::Threading::DISABLED);
  }();
  return *context;
}

/// Parses `ir`, which has one function, and runs that on `inputs`.
inline llvm::Expected<llvm::SmallVector<Tensor>>
interpret(const std::string &ir, llvm::ArrayRef<Tensor> inputs,
          Observer observer = {}) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(ir, &getContext());
  if (!module)
    return makeError("the test's IR does not parse");
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  Interpreter interpreter(function);
  interpreter.setObserver(std::move(observer));
  return interpreter.run(inputs);
}

/// One result, or an empty tensor and a test failure.
inline Tensor interpretOne(const std::string &ir,
                           llvm::ArrayRef<Tensor> inputs) {
  auto results = interpret(ir, inputs);
  if (!results) {
    ADD_FAILURE() << ir << "\n" << llvm::toString(results.takeError());
    return Tensor();
  }
  return results->front();
}

/// A function of one operation. `%0` ... are the operands, `types` is
/// `(tensor<...>, ...) -> tensor<...>`; both as in the operation's text.
inline std::string oneOp(const std::string &op, const std::string &types,
                         const std::string &aliases = "") {
  llvm::StringRef inputs = llvm::StringRef(types).split(") -> ").first;
  llvm::StringRef result = llvm::StringRef(types).split(") -> ").second;
  std::string arguments;
  int depth = 0, count = 0;
  bool atStart = true;
  for (char c : inputs.drop_front()) {
    depth += (c == '<' || c == '{' || c == '[') -
             ((c == '>' || c == '}' || c == ']') ? 1 : 0);
    if (atStart && c != ' ') {
      arguments += "%" + std::to_string(count++) + ": ";
      atStart = false;
    }
    arguments += c;
    atStart |= c == ',' && depth == 0;
  }
  return aliases + "\nfunc.func @f(" + arguments + ") -> " + result.str() +
         " {\n  %r = " + op + " : " + types +
         "\n  return %r : " + result.str() + "\n}\n";
}

/// A row of a table of tests.
struct Case {
  std::string op;
  std::string types;
  std::vector<Tensor> inputs;
  Tensor expected;
};

inline void PrintTensor(const Tensor &tensor, std::ostream &os) {
  os << stringifyElementKind(tensor.getKind()).str() << " [";
  for (int64_t extent : tensor.getShape())
    os << extent << " ";
  os << "]:";
  if (isFloatKind(tensor.getKind()))
    dispatchFloat(tensor.getKind(), [&](auto zero) {
      for (auto value : tensor.data<decltype(zero)>())
        os << " " << value;
    });
  else
    for (int64_t code : tensor.getCodes())
      os << " " << code;
}

} // namespace qnn::test

namespace qnn {
/// Found by GoogleTest, for its messages.
inline void PrintTo(const Tensor &tensor, std::ostream *os) {
  test::PrintTensor(tensor, *os);
}
} // namespace qnn

namespace qnn::test {

inline void runCases(llvm::ArrayRef<Case> cases,
                     const std::string &aliases = "") {
  for (const Case &testCase : cases)
    EXPECT_EQ(interpretOne(oneOp(testCase.op, testCase.types, aliases),
                           testCase.inputs),
              testCase.expected)
        << testCase.op << " : " << testCase.types;
}

/// Whether running fails with a message that contains `message`.
inline void expectError(const std::string &ir, llvm::ArrayRef<Tensor> inputs,
                        const std::string &message) {
  auto results = interpret(ir, inputs);
  ASSERT_FALSE(bool(results)) << ir;
  EXPECT_THAT(llvm::toString(results.takeError()), testing::HasSubstr(message));
}

} // namespace qnn::test

#endif // QNN_TEST_UNIT_REFERENCE_TESTUTILS_H
