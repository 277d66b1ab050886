// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parser and printer of .npy headers, after numpy/lib/format.py: magic,
// version, length of the dictionary, dictionary, data.

#include "NpyHeader.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Errc.h"
#include <algorithm>

using namespace qnn;
using namespace llvm;

static constexpr StringLiteral kMagic = "\x93NUMPY";

static Error fail(const Twine &message) {
  return createStringError(errc::invalid_argument, message);
}

static Error failMalformed(StringRef what) {
  return fail("malformed .npy header (" + what +
              "); write the file again with numpy.save");
}

std::optional<uint64_t> qnn::getDataSize(NpyType type,
                                         ArrayRef<int64_t> shape) {
  std::optional<int64_t> size = getByteSize(type);
  for (int64_t dim : shape) {
    if (dim < 0)
      return std::nullopt;
    // Not even the size of a row may overflow, so 0 does not hide the others.
    size = checkedMul(*size, std::max<int64_t>(dim, 1));
    if (!size)
      return std::nullopt;
  }
  return is_contained(shape, 0) ? 0 : uint64_t(*size);
}

/// Removes leading spaces, then `token` if it follows.
static bool consume(StringRef &text, StringRef token) {
  text = text.ltrim();
  return text.consume_front(token);
}

/// A string in single or double quotes; no escapes occur in valid headers.
static std::optional<StringRef> consumeString(StringRef &text) {
  text = text.ltrim();
  if (!text.starts_with("'") && !text.starts_with("\""))
    return std::nullopt;
  size_t end = text.find(text.front(), 1);
  if (end == StringRef::npos)
    return std::nullopt;
  StringRef result = text.slice(1, end);
  text = text.drop_front(end + 1);
  return result;
}

static Error parseType(StringRef &text, NpyType &type) {
  std::optional<StringRef> descr = consumeString(text);
  if (!descr)
    return fail("structured arrays are not supported; save one plain array for "
                "each field");
  if (std::optional<NpyType> known = parseDescr(*descr)) {
    type = *known;
    return Error::success();
  }
  if (*descr == "|O" || *descr == "O")
    return fail("object arrays are not supported; convert with "
                "numpy.asarray(a, dtype=numpy.float32)");
  if (descr->starts_with(">") && parseDescr(("<" + descr->drop_front()).str()))
    return fail("big-endian data ('" + *descr +
                "') are not supported; convert with a.astype('<" +
                descr->drop_front() + "')");
  return fail("element type '" + *descr +
              "' is not supported; convert with a.astype(numpy.float32)");
}

static Error parseShape(StringRef &text, SmallVectorImpl<int64_t> &shape) {
  if (!consume(text, "("))
    return failMalformed("shape is not a tuple");
  while (!consume(text, ")")) {
    int64_t dim = 0;
    text = text.ltrim();
    if (text.consumeInteger(10, dim) || dim < 0)
      return failMalformed("bad dimension");
    consume(text, "L"); // Python 2 wrote long integers so.
    shape.push_back(dim);
    if (!consume(text, ",") && !text.ltrim().starts_with(")"))
      return failMalformed("bad shape");
  }
  return Error::success();
}

/// One value of the dictionary; sets `isFortran` for that order.
static Error parseField(StringRef key, StringRef &text, NpyHeader &header,
                        bool &isFortran) {
  if (key == "descr")
    return parseType(text, header.type);
  if (key == "shape")
    return parseShape(text, header.shape);
  if (key != "fortran_order")
    return failMalformed("unknown key");
  isFortran = consume(text, "True");
  if (!isFortran && !consume(text, "False"))
    return failMalformed("fortran_order is neither True nor False");
  return Error::success();
}

static Error parseDictionary(StringRef text, NpyHeader &header) {
  bool isFortran = false;
  SmallVector<StringRef> seen;
  if (!consume(text, "{"))
    return failMalformed("no dictionary");
  while (!consume(text, "}")) {
    std::optional<StringRef> key = consumeString(text);
    if (!key || !consume(text, ":") || is_contained(seen, *key))
      return failMalformed("bad key");
    seen.push_back(*key);
    if (Error error = parseField(*key, text, header, isFortran))
      return error;
    if (!consume(text, ",") && !text.ltrim().starts_with("}"))
      return failMalformed("missing comma");
  }
  if (seen.size() != 3)
    return failMalformed("missing key");
  if (isFortran && header.shape.size() > 1)
    return fail("Fortran order is not supported; save with "
                "numpy.save(path, numpy.ascontiguousarray(a))");
  return Error::success();
}

Expected<NpyHeader> qnn::parseNpyHeader(StringRef file) {
  if (!file.starts_with(kMagic))
    return fail("not an .npy file (bad magic); write it with numpy.save");
  StringRef rest = file.drop_front(kMagic.size());
  int version = rest.empty() ? 1 : rest.front();
  if (version != 1 && version != 2)
    return fail(".npy format " + Twine(version) +
                " is not supported, only 1 and 2; save a plain numeric array");
  size_t lengthSize = version == 1 ? 2 : 4;
  if (rest.size() < 2 + lengthSize)
    return fail("truncated .npy header; copy or write the file again");
  const char *bytes = rest.data() + 2;
  size_t length = version == 1 ? support::endian::read16le(bytes)
                               : support::endian::read32le(bytes);
  rest = rest.drop_front(2 + lengthSize);
  if (rest.size() < length)
    return fail("truncated .npy header; copy or write the file again");

  NpyHeader header;
  if (Error error = parseDictionary(rest.take_front(length), header))
    return error;
  std::optional<uint64_t> size = getDataSize(header.type, header.shape);
  if (!size)
    return failMalformed("shape overflows 64 bits");
  header.dataOffset = kMagic.size() + 2 + lengthSize + length;
  header.dataSize = *size;
  return header;
}

std::string qnn::formatNpyHeader(NpyType type, ArrayRef<int64_t> shape) {
  std::string dictionary = "{'descr': '" + getDescr(type).str() +
                           "', 'fortran_order': False, 'shape': (";
  ListSeparator comma;
  for (int64_t dim : shape)
    dictionary += StringRef(comma).str() + std::to_string(dim);
  dictionary += shape.size() == 1 ? ",), }" : "), }";

  size_t lengthSize = dictionary.size() + 80 > 65535 ? 4 : 2;
  size_t prefix = kMagic.size() + 2 + lengthSize;
  dictionary.resize(alignTo(prefix + dictionary.size() + 1, 64) - prefix - 1,
                    ' ');
  dictionary += '\n';
  std::string header = kMagic.str();
  header += char(lengthSize == 2 ? 1 : 2);
  header += '\0';
  for (size_t i = 0; i < lengthSize; ++i)
    header += char(dictionary.size() >> (8 * i));
  return header + dictionary;
}
