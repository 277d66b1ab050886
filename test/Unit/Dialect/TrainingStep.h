// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A training step of a model, run by the interpreter, for tests of its
// arithmetic.

#ifndef QNN_TEST_UNIT_DIALECT_TRAININGSTEP_H
#define QNN_TEST_UNIT_DIALECT_TRAININGSTEP_H

#include "../Reference/TestUtils.h"
#include <map>

namespace qnn::test {

class TrainingStep {
public:
  /// Makes the step of @model. `options` are those of
  /// qnn-training-step-pipeline. Parameters and states are zeros.
  TrainingStep(const std::string &model, const std::string &options);

  /// An argument by name.
  Tensor &operator[](const std::string &name);
  /// The elements of an argument or of a result of the last step.
  std::vector<float> get(const std::string &name);
  void set(const std::string &name, const std::vector<float> &values);

  bool hasArgument(const std::string &name) const {
    return values.count(name) != 0;
  }
  mlir::func::FuncOp getFunction() { return function; }

  /// One step: new values take the place of those of the arguments. Returns
  /// the loss before it.
  float run();

private:
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::func::FuncOp function;
  std::unique_ptr<Interpreter> interpreter;
  std::vector<std::string> argumentNames, resultNames;
  std::map<std::string, Tensor> values, outputs;
};

/// Element by element, relative to 1 and the magnitude.
inline void expectNear(const std::vector<float> &values,
                       const std::vector<double> &expected,
                       double tolerance = 1e-6) {
  ASSERT_EQ(values.size(), expected.size());
  for (size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], expected[i], tolerance * (1 + std::abs(expected[i])))
        << "element " << i;
}

} // namespace qnn::test

#endif // QNN_TEST_UNIT_DIALECT_TRAININGSTEP_H
