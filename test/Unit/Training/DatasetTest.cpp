// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows and labels from several files, and what is refused.

#include "qnn/Training/Dataset.h"
#include "../Support/TemporaryFolder.h"

using namespace qnn;
using namespace llvm;

namespace {
class DatasetTest : public TemporaryFolder {
protected:
  template <typename T>
  void save(StringRef name, NpyType type, ArrayRef<int64_t> shape,
            std::vector<T> values) {
    ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                         values.size() * sizeof(T));
    ASSERT_FALSE(errorToBool(writeNpy(path(name), type, shape, bytes)));
  }

  DataFiles files(StringRef rows, StringRef labels = "") {
    return {{path(rows)}, labels.empty() ? "" : path(labels)};
  }

  Expected<Dataset> open(ArrayRef<DataFiles> parts,
                         std::optional<LabelFormat> labels = std::nullopt) {
    return Dataset::open(parts, {Port{"x", ElementKind::F32, {1, 2}}}, labels);
  }

  /// The error, with the folder left out.
  std::string openError(ArrayRef<DataFiles> parts,
                        std::optional<LabelFormat> labels = std::nullopt) {
    auto data = open(parts, labels);
    std::string message = data ? "no error" : toString(data.takeError());
    std::string prefix = path("");
    for (size_t at; (at = message.find(prefix)) != std::string::npos;)
      message.erase(at, prefix.size());
    return message;
  }

  const LabelFormat classes{{"labels", ElementKind::I32, {1}}, 3};
  const LabelFormat numbers{{"targets", ElementKind::F32, {1, 2}}};
};

TEST_F(DatasetTest, RowsOfSeveralFilesAreOneSequence) {
  save<float>("a.npy", NpyType::F32, {2, 2}, {0, 1, 2, 3});
  save<uint8_t>("b.npy", NpyType::U8, {1, 2}, {4, 5});
  save<int64_t>("al.npy", NpyType::I64, {2}, {2, 0});
  save<uint8_t>("bl.npy", NpyType::U8, {1, 1}, {1});
  Dataset data = cantFail(
      open({files("a.npy", "al.npy"), files("b.npy", "bl.npy")}, classes));
  EXPECT_EQ(data.size(), 3);
  Tensor batch({2, 2}, ElementKind::F32), labels({2}, ElementKind::I32);
  cantFail(data.readInput(0, {2, 1}, batch));
  cantFail(data.readLabels({2, 1}, labels));
  EXPECT_EQ(batch, Tensor::fromValues<float>({2, 2}, {4, 5, 2, 3}));
  EXPECT_EQ(labels, Tensor::fromValues<int32_t>({2}, {1, 0}));
}

TEST_F(DatasetTest, LabelsMayBeNumbers) {
  save<float>("a.npy", NpyType::F32, {2, 2}, {0, 1, 2, 3});
  save<double>("t.npy", NpyType::F64, {2, 2}, {0.5, 1, 2, 3});
  Dataset data = cantFail(open({files("a.npy", "t.npy")}, numbers));
  Tensor labels({1, 2}, ElementKind::F32);
  cantFail(data.readLabels({0}, labels));
  EXPECT_EQ(labels, Tensor::fromValues<float>({1, 2}, {0.5f, 1}));
}

TEST_F(DatasetTest, RefusesWrongLabels) {
  save<float>("a.npy", NpyType::F32, {2, 2}, {0, 1, 2, 3});
  save<int8_t>("negative.npy", NpyType::I8, {2}, {0, -1});
  save<int32_t>("big.npy", NpyType::I32, {2}, {3, 0});
  save<int32_t>("few.npy", NpyType::I32, {1}, {0});
  save<int32_t>("none.npy", NpyType::I32, {0}, {});
  save<int32_t>("wide.npy", NpyType::I32, {2, 2}, {0, 1, 0, 1});
  save<float>("float.npy", NpyType::F32, {2}, {0, 1});
  auto error = [&](StringRef labels) {
    return openError({files("a.npy", labels)}, classes);
  };
  EXPECT_EQ(error("negative.npy"), "negative.npy: the label of row 1 is -1, "
                                   "but the model has the classes 0 to 2");
  EXPECT_EQ(error("big.npy"), "big.npy: the label of row 0 is 3, but the model "
                              "has the classes 0 to 2");
  EXPECT_EQ(error("few.npy"), "few.npy: has 1 labels, but a.npy has 2 rows");
  EXPECT_EQ(error("none.npy"),
            "none.npy: has no labels; at least one is needed");
  EXPECT_EQ(error("wide.npy"), "wide.npy: has 2 labels for each row, but this "
                               "loss takes one class number");
  EXPECT_EQ(error("float.npy"),
            "float.npy: has labels of type <f4, but this loss takes class "
            "numbers: save integers, or choose a loss of values, as mse");
  EXPECT_EQ(error(""), "a.npy: has no labels, which this loss needs");
}

TEST_F(DatasetTest, RefusesWhatTeachesNothing) {
  save<float>("same.npy", NpyType::F32, {3, 2}, {1, 2, 1, 2, 1, 2});
  save<float>("a.npy", NpyType::F32, {2, 2}, {0, 1, 2, 3});
  save<int32_t>("labels.npy", NpyType::I32, {2}, {1, 1});
  EXPECT_EQ(openError({files("same.npy")}),
            "all 3 rows of the data are equal: nothing can be learned from "
            "them");
  EXPECT_EQ(openError({files("a.npy", "labels.npy")}, classes),
            "all 2 labels are equal: nothing can be learned from them");
  EXPECT_EQ(openError({}), "there are no data to learn from");
}

TEST_F(DatasetTest, NamesTheRowThatIsNotFinite) {
  save<float>("a.npy", NpyType::F32, {3, 2}, {0, 1, 2, 3, 4, 0.0f / 0.0f});
  save<float>("b.npy", NpyType::F32, {3, 2}, {0, 1, 2, 3, 4, 5});
  StringRef error = "a.npy: row 2 has a NaN or infinite value at element 1: "
                    "remove the row or repair it";
  EXPECT_EQ(openError({files("a.npy")}), error);
  EXPECT_EQ(openError({files("b.npy", "a.npy")}, numbers), error);
}
} // namespace
