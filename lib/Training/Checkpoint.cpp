// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading and writing of checkpoints.

#include "qnn/Training/Checkpoint.h"
#include "qnn/Support/AtomicFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"
#include <limits>

using namespace llvm;
using namespace qnn;

static constexpr StringLiteral kMagic = "qnn-checkpoint ";
static constexpr StringLiteral kVersion = "1";
static constexpr size_t kChecksumSize = sizeof(uint64_t);

// --- Writing ---------------------------------------------------------------

static json::Value toJSON(const Score &score) {
  return json::Object{{"value", score.value},
                      {"loss", getIfFinite(score.loss)}};
}

static json::Value toJSON(const TrainingProgress &progress) {
  return json::Object{{"step", progress.step},
                      {"first_loss", progress.firstLoss},
                      {"loss_sum", progress.lossSum},
                      {"loss_count", progress.lossCount},
                      {"start", toJSON(progress.start)},
                      {"best", toJSON(progress.best)},
                      {"best_step", progress.bestStep},
                      {"without_gain", progress.numWithoutGain}};
}

static json::Value toJSON(const TensorMap &tensors) {
  json::Array array;
  for (const auto &[name, tensor] : tensors)
    array.push_back(
        json::Object{{"name", name},
                     {"kind", stringifyElementKind(tensor.getKind())},
                     {"shape", json::Array(tensor.getShape())}});
  return array;
}

static void appendBytes(std::string &text, const TensorMap &tensors) {
  for (const auto &[name, tensor] : tensors)
    text.append(tensor.getBytes().begin(), tensor.getBytes().end());
}

Error Checkpoint::save(StringRef path) const {
  std::string text = (kMagic + kVersion + "\n").str();
  raw_string_ostream(text) << json::Value(
                                  json::Object{{"model", model},
                                               {"options", options},
                                               {"phase", phase},
                                               {"progress", toJSON(progress)},
                                               {"initial", toJSON(initial)},
                                               {"current", toJSON(current)},
                                               {"best", toJSON(best)}})
                           << "\n";
  appendBytes(text, initial);
  appendBytes(text, current);
  appendBytes(text, best);
  char checksum[kChecksumSize];
  support::endian::write64le(checksum, xxh3_64bits(text));
  return writeFileAtomically(path, [&](raw_ostream &os) {
    os << text << StringRef(checksum, kChecksumSize);
    return Error::success();
  });
}

// --- Reading ---------------------------------------------------------------

// Where json::ObjectMapper finds them.
namespace qnn {
namespace {
/// A tensor as the JSON describes it.
struct TensorEntry {
  std::string name;
  std::string kind;
  std::vector<int64_t> shape;
};

bool fromJSON(const json::Value &value, TensorEntry &entry, json::Path path) {
  json::ObjectMapper mapper(value, path);
  return mapper && mapper.map("name", entry.name) &&
         mapper.map("kind", entry.kind) && mapper.map("shape", entry.shape);
}
} // namespace

static bool fromJSON(const json::Value &value, Score &score, json::Path path) {
  json::ObjectMapper mapper(value, path);
  std::optional<double> loss;
  bool isRead =
      mapper && mapper.map("value", score.value) && mapper.map("loss", loss);
  score.loss = loss.value_or(std::numeric_limits<double>::quiet_NaN());
  return isRead;
}

static bool fromJSON(const json::Value &value, TrainingProgress &progress,
                     json::Path path) {
  json::ObjectMapper mapper(value, path);
  return mapper && mapper.map("step", progress.step) &&
         mapper.map("first_loss", progress.firstLoss) &&
         mapper.map("loss_sum", progress.lossSum) &&
         mapper.map("loss_count", progress.lossCount) &&
         mapper.map("start", progress.start) &&
         mapper.map("best", progress.best) &&
         mapper.map("best_step", progress.bestStep) &&
         mapper.map("without_gain", progress.numWithoutGain);
}

} // namespace qnn

static std::optional<ElementKind> parseKind(StringRef text) {
  for (ElementKind kind : {ElementKind::F32, ElementKind::S8, ElementKind::U8,
                           ElementKind::S16, ElementKind::I32})
    if (stringifyElementKind(kind) == text)
      return kind;
  return std::nullopt;
}

/// Takes the bytes of the entries from the front of `bytes`.
static bool readTensors(ArrayRef<TensorEntry> entries, StringRef &bytes,
                        TensorMap &tensors) {
  for (const TensorEntry &entry : entries) {
    std::optional<ElementKind> kind = parseKind(entry.kind);
    if (!kind)
      return false;
    Tensor tensor(entry.shape, *kind);
    MutableArrayRef<char> result = tensor.getBytes();
    if (bytes.size() < result.size())
      return false;
    llvm::copy(bytes.take_front(result.size()), result.begin());
    bytes = bytes.drop_front(result.size());
    tensors.emplace(entry.name, std::move(tensor));
  }
  return true;
}

static Error fail(StringRef path, const Twine &reason) {
  return createStringError("'" + path + "': " + reason);
}

/// What stands between the magic and the checksum, if both are right.
static Expected<StringRef> checkFrame(StringRef path, StringRef file) {
  StringRef rest = file;
  if (!rest.consume_front(kMagic))
    return fail(path, "is no checkpoint");
  auto [version, body] = rest.split('\n');
  if (version != kVersion)
    return fail(path, "is a checkpoint of version " + version.take_front(20) +
                          ", this program reads version " + kVersion);
  if (body.size() < kChecksumSize ||
      xxh3_64bits(file.drop_back(kChecksumSize)) !=
          support::endian::read64le(file.take_back(kChecksumSize).data()))
    return fail(path, "is truncated or damaged; start again without it");
  return body.drop_back(kChecksumSize);
}

/// The words of one text that the other does not have.
static std::string selectOther(StringRef text, StringRef other) {
  SmallVector<StringRef> words(split(text, ' ')), otherWords(split(other, ' '));
  llvm::erase_if(
      words, [&](StringRef word) { return is_contained(otherWords, word); });
  return join(words, " ");
}

/// Says what differs between options; each of them is a word of its own.
static std::string compareOptions(StringRef saved, StringRef given) {
  std::string before = selectOther(saved, given);
  std::string now = selectOther(given, saved);
  if (before.empty())
    return "was made without '" + now + "'; resume without it";
  if (now.empty())
    return "was made with '" + before + "'; resume with the same";
  return "was made with '" + before + "', not with '" + now +
         "'; resume with the same";
}

Expected<Checkpoint> Checkpoint::load(StringRef path, StringRef model,
                                      StringRef options) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fail(path,
                "cannot read the checkpoint: " + buffer.getError().message());
  auto body = checkFrame(path, (*buffer)->getBuffer());
  if (!body)
    return body.takeError();
  auto [header, bytes] = body->split('\n');
  auto value = json::parse(header);
  if (!value)
    return fail(path, toString(value.takeError()));
  json::Path::Root root("checkpoint");
  json::ObjectMapper mapper(*value, root);
  Checkpoint checkpoint;
  std::vector<TensorEntry> initial, current, best;
  if (!mapper || !mapper.map("model", checkpoint.model) ||
      !mapper.map("options", checkpoint.options) ||
      !mapper.map("phase", checkpoint.phase) ||
      !mapper.map("progress", checkpoint.progress) ||
      !mapper.map("initial", initial) || !mapper.map("current", current) ||
      !mapper.map("best", best))
    return fail(path, toString(root.getError()));
  if (checkpoint.model != model)
    return fail(path, "is a checkpoint of another model; resume with the model "
                      "that it was made with");
  if (checkpoint.options != options)
    return fail(path, compareOptions(checkpoint.options, options));
  if (!readTensors(initial, bytes, checkpoint.initial) ||
      !readTensors(current, bytes, checkpoint.current) ||
      !readTensors(best, bytes, checkpoint.best) || !bytes.empty())
    return fail(path, "its tensors do not have the bytes that it names");
  return checkpoint;
}
