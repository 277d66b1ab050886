// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors from attributes and types.

#include "TestUtils.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/AsmState.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::test;

static Tensor fromText(const char *text,
                       std::optional<ElementKind> kind = std::nullopt) {
  auto attr = cast<ElementsAttr>(parseAttribute(text, &getContext()));
  return llvm::cantFail(kind ? Tensor::fromAttr(attr, *kind)
                             : Tensor::fromAttr(attr));
}

TEST(Tensor, FromDenseAttributes) {
  EXPECT_EQ(fromText("dense<[1.5, -2.0]> : tensor<2xf32>"),
            f32({2}, {1.5f, -2}));
  EXPECT_EQ(fromText("dense<0.5> : tensor<2x2xf32>"),
            f32({2, 2}, {0.5f, 0.5f, 0.5f, 0.5f}));
  EXPECT_EQ(fromText("dense<[-1, 127]> : tensor<2xi8>"), s8({2}, {-1, 127}));
  EXPECT_EQ(fromText("dense<255> : tensor<ui8>"), u8({}, {255}));
  EXPECT_EQ(fromText("dense<-7> : tensor<3xi32>"), i32({3}, {-7, -7, -7}));
  EXPECT_EQ(fromText("dense<[true, false]> : tensor<2xi1>"), u8({2}, {1, 0}));
}

TEST(Tensor, SignednessComesFromTheKind) {
  const char *codes = "dense<[-1, 7]> : tensor<2xi4>";
  EXPECT_EQ(fromText(codes, ElementKind::S8), s8({2}, {-1, 7}));
  EXPECT_EQ(fromText(codes, ElementKind::U8), u8({2}, {15, 7}));
  EXPECT_EQ(fromText("dense<-1> : tensor<2xi4>", ElementKind::U8),
            u8({2}, {15, 15}));
}

TEST(Tensor, FromResources) {
  auto make = [](Type type, ArrayRef<char> data) {
    auto shaped = cast<ShapedType>(type);
    return DenseResourceElementsAttr::get(
        shaped, "blob", HeapAsmResourceBlob::allocateAndCopyWithAlign(data, 8));
  };
  float values[] = {0.5f, -3};
  EXPECT_EQ(llvm::cantFail(Tensor::fromAttr(make(
                RankedTensorType::get({2}, Float32Type::get(&getContext())),
                {reinterpret_cast<char *>(values), sizeof(values)}))),
            f32({2}, {0.5f, -3}));
  Type i4 = IntegerType::get(&getContext(), 4);
  char codes[] = {15, 7};
  EXPECT_EQ(llvm::cantFail(
                Tensor::fromAttr(make(RankedTensorType::get({2}, i4), codes))),
            s8({2}, {-1, 7}));
  auto wrong = Tensor::fromAttr(make(RankedTensorType::get({3}, i4), codes));
  EXPECT_EQ(llvm::toString(wrong.takeError()),
            "resource has the wrong size: 2 bytes, expects 3");
}

TEST(Tensor, RefusesOtherAttributes) {
  struct {
    const char *text;
    ElementKind kind;
    const char *message;
  } cases[] = {{"dense_resource<none> : tensor<2xf32>", ElementKind::F32,
                "expects a dense constant with data"},
               {"sparse<[[0]], [1]> : tensor<2xi8>", ElementKind::S8,
                "expects a dense constant with data"},
               {"dense<1.0> : tensor<2xf32>", ElementKind::S8,
                "constant has elements of another kind than s8"},
               {"dense<1> : tensor<2xi8>", ElementKind::F32,
                "constant has elements of another kind than f32"},
               {"dense<128> : tensor<2xi16>", ElementKind::S8,
                "constant does not fit s8"},
               {"dense<-1> : tensor<2xi16>", ElementKind::U8,
                "constant does not fit u8"}};
  for (auto [text, kind, message] : cases) {
    auto attr = cast<ElementsAttr>(parseAttribute(text, &getContext()));
    EXPECT_THAT(llvm::toString(Tensor::fromAttr(attr, kind).takeError()),
                testing::HasSubstr(message))
        << text;
  }
}

TEST(Tensor, KindsOfTypes) {
  std::pair<const char *, ElementKind> cases[] = {
      {"f32", ElementKind::F32},
      {"i8", ElementKind::S8},
      {"ui4", ElementKind::U8},
      {"si16", ElementKind::S16},
      {"i64", ElementKind::I64},
      {"!quant.uniform<u8:f32, 0.5>", ElementKind::U8},
      {"!quant.uniform<i4:f32, 0.5>", ElementKind::S8},
      {"!quant.uniform<u16:f32, 0.5>", ElementKind::U16},
      {"!quant.uniform<i32:f32, 0.5>", ElementKind::I32},
      {"!qnn.codebook<u2:f32, {0.0, 1.0}>", ElementKind::U8},
      {"!qnn.pow2<i4:f32, -6:0>", ElementKind::S8}};
  for (auto [text, kind] : cases)
    EXPECT_EQ(llvm::cantFail(getElementKind(parseType(text, &getContext()))),
              kind)
        << text;
  for (const char *text : {"f64", "ui32", "index", "i128"})
    EXPECT_THAT(llvm::toString(
                    getElementKind(parseType(text, &getContext())).takeError()),
                testing::HasSubstr("is not supported"));
}

TEST(Tensor, EqualityIsOfBytes) {
  EXPECT_NE(f32({1}, {0.0f}), f32({1}, {-0.0f}));
  EXPECT_NE(u8({1}, {1}), s8({1}, {1}));
  EXPECT_NE(u8({1, 2}, {1, 2}), u8({2, 1}, {1, 2}));
}
