// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays of .npy files: types, reading, conversion to f32, writing.

#include "qnn/Support/Npy.h"
#include "NpyHeader.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Errc.h"
#include <cassert>

using namespace qnn;
using namespace llvm;

namespace {
struct TypeRow {
  NpyType type;
  StringLiteral descr;
  unsigned byteSize;
};
} // namespace

/// In the order of NpyType.
static constexpr TypeRow kTypes[] = {
    {NpyType::F32, "<f4", 4}, {NpyType::F64, "<f8", 8},
    {NpyType::I8, "|i1", 1},  {NpyType::U8, "|u1", 1},
    {NpyType::I16, "<i2", 2}, {NpyType::U16, "<u2", 2},
    {NpyType::I32, "<i4", 4}, {NpyType::I64, "<i8", 8},
    {NpyType::Bool, "|b1", 1}};

unsigned qnn::getByteSize(NpyType type) { return kTypes[int(type)].byteSize; }

StringRef qnn::getDescr(NpyType type) { return kTypes[int(type)].descr; }

std::optional<NpyType> qnn::parseDescr(StringRef descr) {
  for (const TypeRow &row : kTypes) {
    // A single byte has no order: any order character is fine.
    bool isByte = row.byteSize == 1 && descr.size() == 3 &&
                  descr.drop_front() == row.descr.drop_front();
    if (descr == row.descr || isByte)
      return row.type;
  }
  return std::nullopt;
}

NpyArray NpyArray::copyOf(NpyType type, ArrayRef<int64_t> shape,
                          ArrayRef<char> bytes) {
  assert(getDataSize(type, shape) == bytes.size() && "shape and data differ");
  NpyArray array;
  array.type = type;
  array.shape.assign(shape.begin(), shape.end());
  array.buffer =
      MemoryBuffer::getMemBufferCopy(StringRef(bytes.data(), bytes.size()));
  return array;
}

ArrayRef<char> NpyArray::bytes() const {
  StringRef data = buffer->getBuffer().drop_front(dataOffset);
  return ArrayRef<char>(data.data(), data.size());
}

int64_t NpyArray::rows() const { return shape.empty() ? 1 : shape.front(); }

int64_t NpyArray::elementsPerRow() const {
  int64_t elements = 1;
  for (int64_t dim : ArrayRef<int64_t>(shape).drop_front(!shape.empty()))
    elements *= dim;
  return elements;
}

ArrayRef<char> NpyArray::rowBytes(int64_t row) const {
  assert(row >= 0 && row < rows() && "row out of range");
  size_t size = size_t(elementsPerRow()) * getByteSize(type);
  return bytes().slice(size_t(row) * size, size);
}

template <typename T>
static void convert(ArrayRef<char> bytes, MutableArrayRef<float> result) {
  const char *next = bytes.data();
  for (float &value : result) {
    value = float(support::endian::read<T>(next, endianness::little));
    next += sizeof(T);
  }
}

void NpyArray::rowAsFloat(int64_t row, MutableArrayRef<float> result) const {
  ArrayRef<char> bytes = rowBytes(row);
  assert(int64_t(result.size()) == elementsPerRow() && "wrong result size");
  switch (type) {
  case NpyType::F32:
    return convert<float>(bytes, result);
  case NpyType::F64:
    return convert<double>(bytes, result);
  case NpyType::I8:
    return convert<int8_t>(bytes, result);
  case NpyType::U8:
    return convert<uint8_t>(bytes, result);
  case NpyType::I16:
    return convert<int16_t>(bytes, result);
  case NpyType::U16:
    return convert<uint16_t>(bytes, result);
  case NpyType::I32:
    return convert<int32_t>(bytes, result);
  case NpyType::I64:
    return convert<int64_t>(bytes, result);
  case NpyType::Bool:
    for (auto [value, byte] : zip_equal(result, bytes))
      value = byte != 0;
    return;
  }
  llvm_unreachable("unknown type");
}

static Error fail(StringRef path, const Twine &reason) {
  return createStringError(errc::invalid_argument, "'" + path + "': " + reason);
}

Expected<NpyArray> qnn::readNpy(StringRef path) {
  // No terminator, so that a file of whole pages can be mapped too.
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fail(path, "cannot read the file: " + buffer.getError().message());
  Expected<NpyHeader> header = parseNpyHeader((*buffer)->getBuffer());
  if (!header)
    return fail(path, toString(header.takeError()));
  uint64_t size = (*buffer)->getBufferSize() - header->dataOffset;
  if (size < header->dataSize)
    return fail(path, "truncated: the shape needs " + Twine(header->dataSize) +
                          " bytes of data, the file has " + Twine(size) +
                          "; copy or write the file again");
  if (size > header->dataSize)
    return fail(path, "the shape needs " + Twine(header->dataSize) +
                          " bytes of data, the file has " + Twine(size) +
                          "; write one array per file");
  NpyArray array;
  array.type = header->type;
  array.shape = header->shape;
  array.buffer = std::move(*buffer);
  array.dataOffset = header->dataOffset;
  return array;
}

Expected<NpyWriter> NpyWriter::create(StringRef path, NpyType type,
                                      ArrayRef<int64_t> shape) {
  std::optional<uint64_t> size = getDataSize(type, shape);
  if (!size)
    return fail(path, "cannot write an array of negative or overflowing size");
  Expected<AtomicFile> file = AtomicFile::create(path);
  if (!file)
    return file.takeError();
  file->os() << formatNpyHeader(type, shape);
  return NpyWriter(std::move(*file), *size);
}

void NpyWriter::append(ArrayRef<char> bytes) {
  if (bytes.size() > missingBytes) {
    isTooLong = true;
    return;
  }
  missingBytes -= bytes.size();
  file.os().write(bytes.data(), bytes.size());
}

Error NpyWriter::commit() {
  if (isTooLong || missingBytes != 0)
    return fail(file.path(), isTooLong ? "more data than the shape has"
                                       : "less data than the shape has");
  return file.commit();
}

Error qnn::writeNpy(StringRef path, NpyType type, ArrayRef<int64_t> shape,
                    ArrayRef<char> bytes) {
  Expected<NpyWriter> writer = NpyWriter::create(path, type, shape);
  if (!writer)
    return writer.takeError();
  writer->append(bytes);
  return writer->commit();
}
