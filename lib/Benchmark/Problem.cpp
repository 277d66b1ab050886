// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of problems and their keys, the parser, shapes.

#include "qnn/Benchmark/Problem.h"
#include "qnn/Dialect/QNN/IR/ShapeInference.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace qnn;

namespace {
struct Key {
  StringLiteral name;
  /// Empty: must be given.
  StringLiteral byDefault;
  /// Separated by '|'; empty for a number.
  StringLiteral words = "";
  /// The smallest number.
  int64_t min = 1;
  /// Numbers, separated by commas, for which one can stand.
  size_t count = 1;
};

struct Kind {
  StringLiteral name;
  std::vector<Key> keys;
};
} // namespace

static const std::vector<Kind> &getKinds() {
  static const std::vector<Key> image = {
      {"n", "1"}, {"h", ""}, {"w", ""}, {"c", ""}};
  static const std::vector<Key> window = {{"kh", ""},
                                          {"kw", ""},
                                          {"stride", "1", "", 1, 2},
                                          {"pad", "0", "", 0, 4},
                                          {"dilation", "1", "", 1, 2}};
  static const std::vector<Key> types = {{"in", "u8", "u8|s8|f32"},
                                         {"out", "u8", "u8|s8|f32"}};
  static const std::vector<Key> contraction = {
      {"in", "u8", "u8|s8|f32"},
      {"weights", "s8", "s8|u8|f32"},
      {"out", "u8", "u8|s8|s32|f32"},
      {"scales", "channel", "channel|tensor"},
      {"epilogue", "none", "none|relu|relu6|add"},
      {"in_zero_point", "128", "", -128},
      {"weights_zero_point", "0", "", -128},
      {"out_zero_point", "128", "", -128}};
  auto join = [](std::initializer_list<std::vector<Key>> parts) {
    std::vector<Key> keys;
    for (const std::vector<Key> &part : parts)
      append_range(keys, part);
    return keys;
  };
  static const std::vector<Kind> kinds = {
      {"gemm", join({{{"batch", "1"},
                      {"m", ""},
                      {"n", ""},
                      {"k", ""},
                      {"rhs", "constant", "constant|input"}},
                     contraction})},
      {"conv",
       join({image, {{"o", ""}, {"groups", "1"}}, window, contraction})},
      {"depthwise", join({image,
                          {{"multiplier", "1"}, {"padded", "0", "", 0}},
                          window,
                          contraction})},
      {"pool", join({{{"op", "", "max|avg"}}, image, window, types})},
      {"mean", join({image, types})},
      {"eltwise",
       join({{{"op", "",
               "add|sub|mul|clamp|quantize|dequantize|requantize|lookup"},
              {"size", ""}},
             types})},
      {"softmax", join({{{"rows", ""}, {"columns", ""}}, types})},
      {"transpose", join({image, {{"to", "", "nchw|nhwc"}}, types})}};
  return kinds;
}

static const Kind *findKind(StringRef name) {
  for (const Kind &kind : getKinds())
    if (kind.name == name)
      return &kind;
  return nullptr;
}

template <typename Range>
static std::string joinNames(const Range &range) {
  return join(
      map_range(range, [](const auto &item) { return item.name.str(); }), ", ");
}

/// The numbers between commas, or none if one is none.
static SmallVector<int64_t> parseNumbers(StringRef text) {
  SmallVector<StringRef> words;
  text.split(words, ',');
  SmallVector<int64_t> numbers(words.size());
  for (auto [word, number] : zip_equal(words, numbers))
    if (word.getAsInteger(10, number))
      return {};
  return numbers;
}

int64_t Problem::getNumber(StringRef key) const {
  return parseNumbers(values.at(key)).front();
}

SmallVector<int64_t> Problem::getNumbers(StringRef key) const {
  SmallVector<int64_t> numbers = parseNumbers(values.at(key));
  auto it = find_if(findKind(kind)->keys, [&](const Key &candidate) {
    return candidate.name == key;
  });
  numbers.resize(it->count, numbers.front());
  return numbers;
}

StringRef Problem::getWord(StringRef key) const { return values.at(key); }

ElementKind Problem::getType(StringRef key) const {
  return StringSwitch<ElementKind>(getWord(key))
      .Case("u8", ElementKind::U8)
      .Case("s8", ElementKind::S8)
      .Case("s32", ElementKind::I32)
      .Default(ElementKind::F32);
}

bool Problem::isContraction() const { return values.contains("weights"); }

// --- Shapes ------------------------------------------------------------------

SmallVector<int64_t> Problem::getPad() const {
  if (values.contains("padded") && getNumber("padded"))
    return {0, 0, 0, 0};
  return getNumbers("pad");
}

int64_t Problem::getGroups() const {
  return kind == "depthwise" ? getNumber("c") : getNumber("groups");
}

SmallVector<int64_t> Problem::getInputShape() const {
  if (kind == "gemm") {
    SmallVector<int64_t> shape{getNumber("m"), getNumber("k")};
    if (getNumber("batch") > 1)
      shape.insert(shape.begin(), getNumber("batch"));
    return shape;
  }
  if (kind == "eltwise")
    return {getNumber("size")};
  if (kind == "softmax")
    return {getNumber("rows"), getNumber("columns")};
  SmallVector<int64_t> shape{getNumber("n"), getNumber("h"), getNumber("w"),
                             getNumber("c")};
  if (values.contains("padded") && getNumber("padded")) {
    SmallVector<int64_t> border = getNumbers("pad");
    shape[1] += border[0] + border[1];
    shape[2] += border[2] + border[3];
  }
  // The transpose to NHWC begins with NCHW.
  if (kind == "transpose" && getWord("to") == "nhwc")
    return {shape[0], shape[3], shape[1], shape[2]};
  return shape;
}

SmallVector<int64_t> Problem::getWeightsShape() const {
  if (kind == "gemm") {
    SmallVector<int64_t> shape{getNumber("k"), getNumber("n")};
    if (getNumber("batch") > 1 && getWord("rhs") == "input")
      shape.insert(shape.begin(), getNumber("batch"));
    return shape;
  }
  int64_t channels = getNumber("c");
  int64_t outputs =
      kind == "conv" ? getNumber("o") : channels * getNumber("multiplier");
  return {outputs, getNumber("kh"), getNumber("kw"), channels / getGroups()};
}

SmallVector<int64_t> Problem::getResultShape() const {
  SmallVector<int64_t> input = getInputShape();
  if (kind == "gemm") {
    input.back() = getNumber("n");
    return input;
  }
  if (kind == "mean")
    return {input[0], 1, 1, input[3]};
  if (kind == "transpose")
    return getWord("to") == "nchw"
               ? SmallVector<int64_t>{input[0], input[3], input[1], input[2]}
               : SmallVector<int64_t>{input[0], input[2], input[3], input[1]};
  if (!values.contains("kh"))
    return input;
  SmallVector<int64_t> pad = getPad(), dilations = getNumbers("dilation"),
                       strides = getNumbers("stride");
  auto extent = [&](int axis, StringRef kernel) {
    int64_t reach = dilations[axis] * (getNumber(kernel) - 1) + 1;
    int64_t padded = input[1 + axis] + pad[2 * axis] + pad[2 * axis + 1];
    return (padded - reach) / strides[axis] + 1;
  };
  return {input[0], extent(0, "kh"), extent(1, "kw"),
          isContraction() ? getWeightsShape()[0] : input[3]};
}

static int64_t countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

double Problem::countOperations() const {
  double results = double(countElements(getResultShape()));
  if (kind == "gemm")
    return 2.0 * results * double(getNumber("k"));
  if (isContraction())
    return 2.0 * results *
           double(countElements(
               ArrayRef<int64_t>(getWeightsShape()).drop_front()));
  if (kind == "pool")
    return results * double(getNumber("kh") * getNumber("kw"));
  return double(countElements(getInputShape()));
}

// --- Parsing -----------------------------------------------------------------

Error Problem::parseValue(StringRef word) {
  const Kind &keys = *findKind(kind);
  auto [name, value] = word.split('=');
  auto key = find_if(keys.keys, [&, name = name](const Key &candidate) {
    return candidate.name == name;
  });
  if (key == keys.keys.end() || !word.contains('='))
    return createStringError(kind + ": unknown key '" + name + "', expects " +
                             joinNames(keys.keys));
  if (!values.try_emplace(name, value).second)
    return createStringError(kind + ": key '" + name + "' is given twice");
  auto expects = [&, name = name, value = value](const Twine &what) {
    return createStringError(kind + ": key '" + name + "' expects " + what +
                             ", got '" + value + "'");
  };
  if (!key->words.empty()) {
    SmallVector<StringRef> words;
    StringRef(key->words).split(words, '|');
    return is_contained(words, value) ? Error::success()
                                      : expects("one of " + join(words, ", "));
  }
  // Larger extents are typing errors; their products would overflow.
  constexpr int64_t max = 1 << 24;
  SmallVector<int64_t> numbers = parseNumbers(value);
  bool isRight = (numbers.size() == 1 || numbers.size() == key->count) &&
                 all_of(numbers, [&](int64_t number) {
                   return number >= key->min && number <= max;
                 });
  if (!isRight)
    return expects(
        (key->count == 1 ? "an integer"
                         : "1 or " + std::to_string(key->count) + " integers") +
        " from " + std::to_string(key->min) + " to " + std::to_string(max));
  return Error::success();
}

/// The zero point of symmetric bytes is 0, unless the line says otherwise.
static std::string getDefault(const Key &key,
                              const StringMap<std::string> &values) {
  auto typeKey = key.name.split("_zero_point").first;
  if (typeKey == key.name)
    return key.byDefault.str();
  return values.at(typeKey) == "u8" ? "128" : "0";
}

Expected<Problem> Problem::parse(StringRef line) {
  SmallVector<StringRef> words;
  line.split(words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  Problem problem;
  problem.text = join(words, " ");
  problem.kind = words.empty() ? "" : words.front().str();
  const Kind *kind = findKind(problem.kind);
  if (!kind)
    return createStringError("unknown problem '" + problem.kind +
                             "', expects " + joinNames(getKinds()));
  for (StringRef word : drop_begin(words))
    if (Error error = problem.parseValue(word))
      return std::move(error);
  for (const Key &key : kind->keys) {
    if (problem.values.contains(key.name))
      continue;
    if (key.byDefault.empty())
      return createStringError(problem.kind + ": key '" + key.name +
                               "' is missing");
    problem.values[key.name] = getDefault(key, problem.values);
  }
  if (Error error = problem.check())
    return std::move(error);
  return problem;
}

// --- Checks ------------------------------------------------------------------

Error Problem::checkTypes() const {
  StringRef in = getWord("in"), out = getWord("out");
  StringRef op = values.contains("op") ? getWord("op") : "";
  bool changesKind = op == "quantize" || op == "dequantize";
  bool toFloat = isContraction() && !isFloat() && out == "f32";
  if (op == "quantize" && (in != "f32" || out == "f32"))
    return createStringError("eltwise: op=quantize expects in=f32 and out=u8 "
                             "or out=s8");
  if (op == "dequantize" && (in == "f32" || out != "f32"))
    return createStringError("eltwise: op=dequantize expects in=u8 or in=s8, "
                             "and out=f32");
  if ((op == "requantize" || op == "lookup") && isFloat())
    return createStringError("eltwise: op=" + op + " expects in=u8 or in=s8");
  if (!changesKind && !toFloat && (in == "f32") != (out == "f32"))
    return createStringError(kind + ": expects f32 for both of in and out, or "
                                    "for none");
  if ((kind == "transpose" || (kind == "pool" && op == "max")) && in != out)
    return createStringError(kind + ": expects the same type for in and out");
  if (!isContraction())
    return Error::success();
  if (isFloat() != (getWord("weights") == "f32"))
    return createStringError(kind + ": expects f32 for both of in and weights, "
                                    "or for none");
  if (!isFloat() && (out == "s32" || out == "f32") &&
      getWord("epilogue") != "none")
    return createStringError(kind + ": accumulators (out=" + out +
                             " of in=" + in + ") expect epilogue=none");
  if (kind == "gemm" && getWord("rhs") == "input" && !isFloat() &&
      getWord("scales") != "tensor")
    return createStringError("gemm: rhs=input expects scales=tensor");
  for (StringRef key : {"in", "weights", "out"}) {
    int64_t zeroPoint = getNumber((key + "_zero_point").str());
    if (getWord(key).size() != 2)
      continue;
    auto [min, max] = getElementRange(getType(key));
    if (zeroPoint < min || zeroPoint > max)
      return createStringError(kind + ": key '" + key +
                               "_zero_point' expects " + Twine(min) + " to " +
                               Twine(max) + " for " + getWord(key) + ", got '" +
                               Twine(zeroPoint) + "'");
  }
  return Error::success();
}

Error Problem::checkWindow() const {
  if (kind == "conv" &&
      (getNumber("c") % getGroups() != 0 || getNumber("o") % getGroups() != 0))
    return createStringError("conv: key 'groups' expects a divisor of c and o, "
                             "got '" +
                             getWord("groups") + "'");
  SmallVector<int64_t> shape = getInputShape();
  int64_t kernel[] = {getNumber("kh"), getNumber("kw")};
  SmallVector<int64_t> strides = getNumbers("stride"), pad = getPad(),
                       dilations = getNumbers("dilation");
  Window window{kernel, strides, dilations, pad};
  Expected<Shape> result = kind == "pool"
                               ? inferPool2DShape(shape, window)
                               : inferWindowShape({shape[1], shape[2]}, window);
  if (!result)
    return createStringError(kind + ": " + toString(result.takeError()));
  return Error::success();
}

Error Problem::check() const {
  if (Error error = checkTypes())
    return error;
  if (values.contains("kh"))
    if (Error error = checkWindow())
      return error;
  // Each extent is at most 2^24, so that four of them fit a double exactly
  // enough.
  auto isTooLarge = [](ArrayRef<int64_t> shape) {
    double count = 1;
    for (int64_t extent : shape)
      count *= double(extent);
    return count > double(1 << 30);
  };
  if (isTooLarge(getInputShape()) || isTooLarge(getResultShape()) ||
      (isContraction() && isTooLarge(getWeightsShape())))
    return createStringError(kind + ": expects tensors of at most 2^30 "
                                    "elements");
  return Error::success();
}

Expected<std::vector<Problem>> qnn::readProblems(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return createStringError("cannot read '" + path +
                             "': " + buffer.getError().message());
  std::vector<Problem> problems;
  SmallVector<StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n');
  for (auto [index, line] : enumerate(lines)) {
    std::string text = line.split('#').first.str();
    replace(text, '\t', ' ');
    if (StringRef(text).trim().empty())
      continue;
    Expected<Problem> problem = Problem::parse(StringRef(text).trim());
    if (!problem)
      return createStringError(path + ":" + Twine(index + 1) + ": " +
                               toString(problem.takeError()));
    problems.push_back(std::move(*problem));
  }
  if (problems.empty())
    return createStringError("'" + path + "' has no problems");
  return problems;
}
