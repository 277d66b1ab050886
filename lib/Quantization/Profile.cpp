// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading, writing and merging of calibration profiles.

#include "qnn/Quantization/Profile.h"
#include "qnn/Support/AtomicFile.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace qnn;
using namespace llvm;

static constexpr StringLiteral kFormat = "qnn-profile";

static Error fail(StringRef path, const Twine &reason) {
  return createStringError(errc::invalid_argument,
                           "'" + Twine(path) + "': " + reason);
}

/// Checks what makes the file a profile that this program can read.
static Error checkHeader(StringRef path, const json::Object *object) {
  if (!object || object->getString("format") != StringRef(kFormat))
    return fail(path, "not a calibration profile (no \"format\": \"" + kFormat +
                          "\")");
  std::optional<int64_t> version = object->getInteger("version");
  if (version != Profile::kVersion)
    return fail(path, "profile version " +
                          (version ? std::to_string(*version) : "(missing)") +
                          " is not supported, expected version " +
                          Twine(Profile::kVersion) + "; calibrate again");
  return Error::success();
}

Expected<Profile> Profile::load(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return fail(path, "cannot read the calibration profile: " +
                          buffer.getError().message());
  Expected<json::Value> value = json::parse((*buffer)->getBuffer());
  if (!value)
    return fail(path, "damaged or truncated JSON " +
                          toString(value.takeError()) + "; calibrate again");
  if (Error error = checkHeader(path, value->getAsObject()))
    return error;

  Profile profile;
  json::Path::Root root("profile");
  json::ObjectMapper mapper(*value, root);
  if (!mapper || !mapper.map("samples", profile.samples))
    return fail(path, toString(root.getError()));
  const json::Object *values = value->getAsObject()->getObject("values");
  if (!values)
    return fail(path, "profile has no \"values\"; calibrate again");
  for (const auto &[name, entry] : *values) {
    TensorStatistics &statistics = profile.values[name.str()];
    if (!fromJSON(entry, statistics,
                  json::Path(root).field("values").field(name)))
      return fail(path, toString(root.getError()) + "; calibrate again");
  }
  return profile;
}

void Profile::print(raw_ostream &os) const {
  json::OStream json(os, /*IndentSize=*/0);
  json.object([&] {
    json.attribute("format", kFormat);
    json.attribute("version", kVersion);
    json.attribute("samples", samples);
    json.attributeObject("values", [&] {
      for (const auto &[name, statistics] : values)
        json.attribute(name, toJSON(statistics));
    });
  });
  os << '\n';
}

Error Profile::save(StringRef path) const {
  return writeFileAtomically(path, [&](raw_ostream &os) {
    print(os);
    return Error::success();
  });
}

Error Profile::merge(const Profile &other) {
  auto merged = values;
  for (const auto &[name, statistics] : other.values)
    if (Error error = merged[name].merge(statistics))
      return createStringError(errc::invalid_argument,
                               "value '" + name +
                                   "': " + toString(std::move(error)));
  values = std::move(merged);
  samples += other.samples;
  return Error::success();
}

const TensorStatistics *Profile::lookup(StringRef name) const {
  auto it = values.find(std::string_view(name));
  return it == values.end() ? nullptr : &it->second;
}
