// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// .npy files: every type, both versions, and what is refused.

#include "qnn/Support/Npy.h"
#include "TemporaryFolder.h"
#include <vector>

using namespace qnn;
using namespace llvm;

namespace {
/// A file as numpy.save writes it, with this dictionary and data.
std::string makeFile(StringRef dictionary, StringRef data, char version = 1) {
  std::string header = dictionary.str();
  size_t prefix = version == 1 ? 10 : 12;
  while ((prefix + header.size() + 1) % 64 != 0)
    header += ' ';
  header += '\n';
  std::string file = "\x93NUMPY";
  file += version;
  file += '\0';
  for (size_t i = 0; i < prefix - 8; ++i)
    file += char(header.size() >> (8 * i));
  return file + header + data.str();
}

template <typename T>
ArrayRef<char> bytesOf(const std::vector<T> &values) {
  return {reinterpret_cast<const char *>(values.data()),
          values.size() * sizeof(T)};
}

class NpyTest : public TemporaryFolder {
protected:
  /// The error of reading a file of this content, without the file's name.
  std::string readError(StringRef content) {
    write("bad.npy", content);
    Expected<NpyArray> array = readNpy(path("bad.npy"));
    if (array)
      return "no error";
    std::string message = toString(array.takeError());
    std::string prefix = "'" + path("bad.npy") + "': ";
    EXPECT_EQ(message.substr(0, prefix.size()), prefix);
    return message.substr(prefix.size());
  }

  template <typename T>
  void expectFloats(NpyType type, std::vector<T> values,
                    std::vector<float> expected) {
    ASSERT_FALSE(writeNpy(path("t.npy"), type, {2, 2}, bytesOf(values)));
    NpyArray array = cantFail(readNpy(path("t.npy")));
    EXPECT_EQ(array.type, type);
    std::vector<float> result(4);
    MutableArrayRef<float> both(result);
    array.rowAsFloat(0, both.take_front(2));
    array.rowAsFloat(1, both.drop_front(2));
    EXPECT_EQ(result, expected) << getDescr(type).str();
  }
};

TEST_F(NpyTest, AllTypesAsFloat) {
  expectFloats<float>(NpyType::F32, {0, -1.5f, 1e30f, 2}, {0, -1.5f, 1e30f, 2});
  expectFloats<double>(NpyType::F64, {0.1, -2, 3, 4}, {0.1f, -2, 3, 4});
  expectFloats<int8_t>(NpyType::I8, {-128, 127, 0, -1}, {-128, 127, 0, -1});
  expectFloats<uint8_t>(NpyType::U8, {255, 128, 0, 1}, {255, 128, 0, 1});
  expectFloats<int16_t>(NpyType::I16, {-32768, 32767, 0, -1},
                        {-32768, 32767, 0, -1});
  expectFloats<uint16_t>(NpyType::U16, {65535, 0, 1, 2}, {65535, 0, 1, 2});
  expectFloats<int32_t>(NpyType::I32, {16777217, INT32_MIN, 0, -1},
                        {16777216, -2147483648.0f, 0, -1});
  expectFloats<int64_t>(NpyType::I64, {INT64_MIN, 1, 0, -1},
                        {-0x1p63f, 1, 0, -1});
  expectFloats<uint8_t>(NpyType::Bool, {0, 1, 2, 0}, {0, 1, 1, 0});
}

TEST_F(NpyTest, ReadsWhatNumpyWrites) {
  write("a.npy", makeFile("{'descr': '<i2', 'fortran_order': False, "
                          "'shape': (2, 3), }",
                          StringRef("\1\0\2\0\3\0\4\0\5\0\xff\xff", 12)));
  NpyArray array = cantFail(readNpy(path("a.npy")));
  EXPECT_EQ(array.shape, (SmallVector<int64_t>{2, 3}));
  EXPECT_EQ(array.rows(), 2);
  EXPECT_EQ(array.elementsPerRow(), 3);
  std::vector<float> row(3);
  array.rowAsFloat(1, row);
  EXPECT_EQ(row, (std::vector<float>{4, 5, -1}));
}

TEST_F(NpyTest, WritesWhatNumpyWrites) {
  std::vector<int16_t> values = {1, 2, 3, 4, 5, -1};
  ASSERT_FALSE(writeNpy(path("a.npy"), NpyType::I16, {2, 3}, bytesOf(values)));
  EXPECT_EQ(read("a.npy"),
            makeFile("{'descr': '<i2', 'fortran_order': False, "
                     "'shape': (2, 3), }",
                     StringRef("\1\0\2\0\3\0\4\0\5\0\xff\xff", 12)));
  ASSERT_FALSE(writeNpy(path("v.npy"), NpyType::U8, {1}, {7}));
  EXPECT_EQ(
      read("v.npy"),
      makeFile("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }",
               "\7"));
}

TEST_F(NpyTest, VariantsOfTheHeader) {
  const char *dictionaries[] = {
      "{'shape':(3,),'fortran_order':False,'descr':'|i1'}",
      "{ \"descr\" : \"<i1\", 'fortran_order' :False, 'shape' : ( 3L , ) , }",
      "{'descr': '>i1', 'fortran_order': True, 'shape': (3,), }"};
  for (const char *dictionary : dictionaries)
    EXPECT_EQ(readError(makeFile(dictionary, "abc")), "no error") << dictionary;
  EXPECT_EQ(readError(makeFile(dictionaries[0], "abc", 2)), "no error");
}

TEST_F(NpyTest, ScalarsAndEmptyArrays) {
  ASSERT_FALSE(writeNpy(path("s.npy"), NpyType::I8, {}, {5}));
  NpyArray scalar = cantFail(readNpy(path("s.npy")));
  EXPECT_EQ(scalar.rows(), 1);
  EXPECT_EQ(scalar.elementsPerRow(), 1);
  ASSERT_FALSE(writeNpy(path("e.npy"), NpyType::F32, {0, 7}, {}));
  NpyArray empty = cantFail(readNpy(path("e.npy")));
  EXPECT_EQ(empty.rows(), 0);
  EXPECT_EQ(empty.elementsPerRow(), 7);
}

TEST_F(NpyTest, BigFilesAreMapped) {
  // Exactly whole pages: there is no room for a terminating zero.
  std::vector<char> data(16 * 4096 - 128, 3);
  int64_t size = int64_t(data.size());
  ASSERT_FALSE(writeNpy(path("big.npy"), NpyType::U8, {size}, data));
  NpyArray array = cantFail(readNpy(path("big.npy")));
  EXPECT_EQ(array.buffer->getBufferKind(), MemoryBuffer::MemoryBuffer_MMap);
  EXPECT_EQ(array.bytes(), ArrayRef<char>(data));
}

TEST_F(NpyTest, CopyOf) {
  std::vector<float> values = {1, 2, 3, 4};
  NpyArray array = NpyArray::copyOf(NpyType::F32, {4, 1}, bytesOf(values));
  std::vector<float> row(1);
  array.rowAsFloat(2, row);
  EXPECT_EQ(row[0], 3.0f);
}

TEST_F(NpyTest, StreamsRows) {
  NpyWriter writer =
      cantFail(NpyWriter::create(path("a.npy"), NpyType::U8, {2, 2}));
  writer.append({1, 2});
  EXPECT_FALSE(sys::fs::exists(path("a.npy")));
  writer.append({3, 4});
  ASSERT_FALSE(writer.commit());
  NpyArray array = cantFail(readNpy(path("a.npy")));
  EXPECT_EQ(array.bytes(), ArrayRef<char>({1, 2, 3, 4}));
}

TEST_F(NpyTest, WrongAmountOfDataLeavesNoFile) {
  std::string prefix = "'" + path("a.npy") + "': ";
  EXPECT_EQ(toString(writeNpy(path("a.npy"), NpyType::U8, {2, 2}, {1, 2, 3})),
            prefix + "less data than the shape has");
  EXPECT_EQ(toString(writeNpy(path("a.npy"), NpyType::U8, {2}, {1, 2, 3})),
            prefix + "more data than the shape has");
  EXPECT_EQ(
      toString(writeNpy(path("a.npy"), NpyType::F64, {INT64_MAX / 4, 2}, {})),
      prefix + "cannot write an array of negative or overflowing size");
  EXPECT_EQ(countFiles(), 0u);
}

TEST_F(NpyTest, RefusesOtherTypes) {
  auto error = [&](StringRef descr) {
    return readError(makeFile(
        ("{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,), }")
            .str(),
        "12345678"));
  };
  EXPECT_EQ(error("'|O'"), "object arrays are not supported; convert with "
                           "numpy.asarray(a, dtype=numpy.float32)");
  EXPECT_EQ(error("'>f4'"),
            "big-endian data ('>f4') are not supported; convert "
            "with a.astype('<f4')");
  EXPECT_EQ(error("'<c8'"), "element type '<c8' is not supported; convert with "
                            "a.astype(numpy.float32)");
  EXPECT_EQ(error("[('x', '<f4')]"),
            "structured arrays are not supported; save one plain array for "
            "each field");
}

TEST_F(NpyTest, RefusesFortranOrder) {
  EXPECT_EQ(readError(makeFile("{'descr': '|i1', 'fortran_order': True, "
                               "'shape': (2, 2), }",
                               "abcd")),
            "Fortran order is not supported; save with numpy.save(path, "
            "numpy.ascontiguousarray(a))");
}

TEST_F(NpyTest, RefusesWrongSizes) {
  StringRef dictionary =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  EXPECT_EQ(readError(makeFile(dictionary, "1234567")),
            "truncated: the shape needs 8 bytes of data, the file has 7; copy "
            "or write the file again");
  EXPECT_EQ(readError(makeFile(dictionary, "123456789")),
            "the shape needs 8 bytes of data, the file has 9; write one array "
            "per file");
  // The product of the dimensions must not wrap around to a small size.
  EXPECT_EQ(readError(makeFile("{'descr': '<f4', 'fortran_order': False, "
                               "'shape': (4294967296, 4294967296), }",
                               "")),
            "malformed .npy header (shape overflows 64 bits); write the file "
            "again with numpy.save");
}

TEST_F(NpyTest, RefusesDamagedHeaders) {
  EXPECT_EQ(readError(""),
            "not an .npy file (bad magic); write it with numpy.save");
  EXPECT_EQ(readError("PK\3\4"),
            "not an .npy file (bad magic); write it with numpy.save");
  EXPECT_EQ(readError(makeFile("{}", "", 3)),
            ".npy format 3 is not supported, only 1 and 2; save a plain "
            "numeric array");
  // The length of the header, and the header itself.
  for (StringRef start : {"\x93NUMPY\1", "\x93NUMPY\1\1\1\1x"})
    EXPECT_EQ(readError(start),
              "truncated .npy header; copy or write the file again");
  // Every prefix of a good file is an error, and never a crash.
  std::string good = makeFile("{'descr': '|i1', 'fortran_order': False, "
                              "'shape': (2,), }",
                              "ab");
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_NE(readError(StringRef(good).take_front(size)), "no error") << size;
  const char *dictionaries[] = {
      "",
      "{}",
      "{'descr': '|i1', 'shape': (2,), }",
      "{'descr': '|i1', 'fortran_order': 0, 'shape': (2,), }",
      "{'descr': '|i1', 'fortran_order': False, 'shape': 2, }",
      "{'descr': '|i1', 'fortran_order': False, 'shape': (-2,), }",
      "{'descr': '|i1', 'fortran_order': False, 'shape': (2 3), }",
      "{'descr': '|i1', 'shape': (99999999999999999999,)}",
      "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), 'x': 1}",
      "{'descr': '|i1', 'descr': '|i1', 'shape': (2,)}",
      "{'descr': '|i1' 'fortran_order': False, 'shape': (2,)}"};
  for (const char *dictionary : dictionaries)
    EXPECT_EQ(readError(makeFile(dictionary, "ab")).find("malformed"), 0u)
        << dictionary;
}

TEST_F(NpyTest, MissingFile) {
  Expected<NpyArray> array = readNpy(path("missing.npy"));
  ASSERT_FALSE(bool(array));
  EXPECT_EQ(toString(array.takeError()),
            "'" + path("missing.npy") +
                "': cannot read the file: No such file or directory");
}
} // namespace
