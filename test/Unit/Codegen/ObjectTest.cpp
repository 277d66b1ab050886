// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What modules no object is made of, and what machines it is not for.

#include "qnn/Target/Object.h"
#include "mlir/Parser/Parser.h"
#include "qnn/Execution/ExecutableModel.h"
#include "qnn/InitAll.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace qnn;

namespace {
class ObjectTest : public testing::Test {
protected:
  ObjectTest()
      : context(getRegistry(), MLIRContext::Threading::DISABLED),
        handler(&context, [this](Diagnostic &diagnostic) {
          diagnostics.push_back(diagnostic.str());
          return success();
        }) {}

  static DialectRegistry getRegistry() {
    DialectRegistry registry;
    registerAllDialects(registry);
    return registry;
  }

  std::string emit(const std::string &text) {
    auto module = parseSourceString<ModuleOp>(text, &context);
    return llvm::toString(emitObject(*module, {}).takeError());
  }

  MLIRContext context;
  std::vector<std::string> diagnostics;
  ScopedDiagnosticHandler handler;
};

TEST_F(ObjectTest, IsOfModulesThatThePipelinesMade) {
  EXPECT_EQ(emit(""), "no entry function with a planned arena; run "
                      "qnn-lower-pipeline first");
  std::string planned = "@f() attributes {qnn.model_name = \"m\", "
                        "qnn.inputs = [], qnn.outputs = [], "
                        "qnn.arena_bytes = 0 : i64} ";
  EXPECT_EQ(emit("func.func " + planned + "{ return }"),
            "module is not in the LLVM dialect; run qnn-codegen-pipeline "
            "first");
  EXPECT_EQ(emit("llvm.func " + planned + "{ llvm.return }"),
            "no function @m_run; run qnn-codegen-pipeline first");
}

TEST_F(ObjectTest, DiagnosticsSayWhyPassesFailed) {
  auto module = parseSourceString<ModuleOp>(
      "func.func private @f(tensor<1xf32>) -> tensor<1xf32>", &context);
  EXPECT_EQ(llvm::toString(compileToObject(*module, {}).takeError()),
            "failed; the diagnostics before say why");
  EXPECT_EQ(diagnostics.size(), 1u);
}

TEST_F(ObjectTest, RunsOnItsArchitecture) {
  bool isX86 = llvm::Triple(llvm::sys::getProcessTriple()).isX86();
  TargetOptions options;
  options.triple = isX86 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  EXPECT_EQ(llvm::toString(checkRunsOnHost(options)),
            std::string("this machine cannot run code for ") +
                (isX86 ? "aarch64" : "x86_64"));
  EXPECT_FALSE(llvm::errorToBool(checkRunsOnHost({})));
}
} // namespace
