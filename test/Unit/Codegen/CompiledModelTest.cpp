// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loading of objects, metadata, and names in the header.

#include "qnn/Target/CompiledModel.h"
#include "mlir/Parser/Parser.h"
#include "qnn/Codegen/CPU/CIdentifier.h"
#include "qnn/Execution/ExecutableModel.h"
#include "qnn/InitAll.h"
#include "qnn/Target/Header.h"
#include "llvm/ADT/StringRef.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace qnn;
using testing::HasSubstr;

template <typename T>
static std::string errorOf(llvm::Expected<T> value) {
  if (value)
    return "no error";
  return llvm::toString(value.takeError());
}

TEST(CompiledModel, RefusesWhatIsNotAnObject) {
  llvm::StringRef text = "not an object";
  EXPECT_EQ(errorOf(CompiledModel::loadObject(
                llvm::ArrayRef<char>(text.data(), text.size()))),
            "'object' is not an object file");
  EXPECT_THAT(errorOf(CompiledModel::loadFile("no-such-file.o")),
              HasSubstr("cannot read 'no-such-file.o'"));
}

TEST(CompiledModel, RefusesBuffersThatItDoesNotTake) {
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      R"(func.func @f(%x: tensor<1xf32>) -> tensor<1xf32> {
           return %x : tensor<1xf32>
         })",
      &context);
  auto object = llvm::cantFail(compileToObject(*module, {}));
  auto model = llvm::cantFail(CompiledModel::loadObject(object));
  float x = 1, y = 0;
  llvm::cantFail(model->run({&x}, {&y}));
  EXPECT_EQ(llvm::toString(model->run({&x}, {&y}, /*rows=*/2)),
            "model takes one row, not 2: compile it with --batch=dynamic");
  EXPECT_EQ(llvm::toString(model->run({&x, &x}, {&y})),
            "model has 1 inputs and 1 outputs, got 2 and 1");
  EXPECT_EQ(llvm::toString(model->run({&x}, {nullptr})),
            "model refuses a null pointer: give memory for every input and "
            "output");
}

TEST(CompiledModel, MetadataSurviveJSON) {
  ModelMetadata model{"net", {}, {}, 192};
  model.inputs.push_back({"a \"b\"", "uint8_t", {1, 2}, {{0.25, 128}}});
  model.outputs.push_back({"y", "float", {}, std::nullopt});
  ModelMetadata parsed = llvm::cantFail(parseMetadata(formatMetadata(model)));
  EXPECT_EQ(formatMetadata(parsed), formatMetadata(model));
  EXPECT_EQ(parsed.inputs[0].bytes(), 2);
  EXPECT_EQ(parsed.outputs[0].bytes(), 4);
  EXPECT_EQ(parsed.inputs[0].quantization->zeroPoint, 128);
  EXPECT_THAT(errorOf(parseMetadata(R"({"name": "x"})")),
              HasSubstr("arena_bytes"));
}

TEST(Header, NamesAreIdentifiers) {
  EXPECT_EQ(toCIdentifier("conv2d/Relu:0"), "conv2d_Relu_0");
  EXPECT_EQ(toCIdentifier("784"), "_784");
  EXPECT_EQ(toCIdentifier("class"), "class_");
  EXPECT_EQ(toCIdentifier("double"), "double_");
  EXPECT_EQ(toCIdentifier("qnn_pool"), "qnn_pool_");
  EXPECT_EQ(toCIdentifier(""), "_");
}

TEST(Header, ParametersAreDistinct) {
  ModelMetadata model{"net", {}, {}, 0};
  model.inputs.push_back({"x.1", "float", {1}, std::nullopt});
  model.inputs.push_back({"x:1", "float", {1}, std::nullopt});
  model.outputs.push_back({"arena", "int8_t", {1}, std::nullopt});
  EXPECT_THAT(emitHeader(model),
              HasSubstr("int net_run(const float *x_1, const float *x_1_1, "
                        "int8_t *arena_1, void *arena);"));
  // An array of 0 elements is not C.
  EXPECT_THAT(emitHeader(model), HasSubstr("NET_ARENA_BYTES 64\n"));
}

/// The name of a value cannot end the comment it stands in.
TEST(Header, CommentsStayClosed) {
  ModelMetadata model{"net", {}, {}, 0};
  model.outputs.push_back({"a*/b", "float", {1}, std::nullopt});
  EXPECT_THAT(emitHeader(model), HasSubstr("\"a_/b\" in the model"));
}
