// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The options about a model's input, and one-line errors.

#include "InputOptions.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace llvm;
using namespace qnn;

static cl::OptionCategory category("input options");

cl::OptionCategory &qnn::getInputOptionCategory() { return category; }

static cl::opt<std::string>
    name("name", cl::desc("Name of the model (default: the file's)"),
         cl::cat(category), cl::sub(cl::SubCommand::getAll()));
static cl::list<std::string>
    dims("dim", cl::desc("Extent of a dynamic dimension, NAME=VALUE"),
         cl::value_desc("NAME=VALUE"), cl::cat(category),
         cl::sub(cl::SubCommand::getAll()));
static cl::opt<std::string>
    inputLayout("input-layout",
                cl::desc("Axis order of the raw rows: model (default) or nhwc"),
                cl::init("model"), cl::cat(category),
                cl::sub(cl::SubCommand::getAll()));
static cl::list<std::string> inputMean(
    "input-mean", cl::CommaSeparated,
    cl::desc("model input = (raw - mean) * scale; one or one for each channel"),
    cl::value_desc("M,..."), cl::cat(category),
    cl::sub(cl::SubCommand::getAll()));
static cl::list<std::string> inputScale("input-scale", cl::CommaSeparated,
                                        cl::desc("see --input-mean"),
                                        cl::value_desc("S,..."),
                                        cl::cat(category),
                                        cl::sub(cl::SubCommand::getAll()));
static cl::opt<std::string> inputType(
    "input-type",
    cl::desc("Type of the raw rows: f32 (default), or u8: the object takes "
             "bytes"),
    cl::init("f32"), cl::cat(category), cl::sub(cl::SubCommand::getAll()));

static Error readNumbers(const cl::list<std::string> &texts, StringRef option,
                         SmallVectorImpl<float> &numbers) {
  for (const std::string &text : texts) {
    double value = 0;
    if (StringRef(text).getAsDouble(value) || !std::isfinite(value))
      return createStringError("--" + option + ": '" + text +
                               "' is not a finite number");
    numbers.push_back(static_cast<float>(value));
  }
  return Error::success();
}

static Error readDims(StringMap<int64_t> &result) {
  for (const std::string &text : dims) {
    auto [dim, value] = StringRef(text).rsplit('=');
    int64_t extent = 0;
    if (dim.empty() || value.getAsInteger(10, extent) || extent < 1)
      return createStringError("--dim: '" + text +
                               "' is not NAME=VALUE with a positive value");
    result[dim] = extent;
  }
  return Error::success();
}

Expected<ImportOptions> qnn::readInputOptions() {
  ImportOptions options;
  options.name = name;
  if (Error error = readDims(options.dims))
    return std::move(error);
  if (inputLayout == "nhwc")
    options.inputLayout = RawLayout::NHWC;
  else if (inputLayout != "model")
    return createStringError("--input-layout: expects model or nhwc, got '" +
                             inputLayout + "'");
  if (Error error = readNumbers(inputMean, "input-mean", options.inputMean))
    return std::move(error);
  if (Error error = readNumbers(inputScale, "input-scale", options.inputScale))
    return std::move(error);
  if (is_contained(options.inputScale, 0.0f))
    return createStringError("--input-scale: 0 would erase the input");
  if (inputType == "u8")
    options.inputIsU8 = true;
  else if (inputType != "f32")
    return createStringError("--input-type: expects f32 or u8, got '" +
                             inputType + "'");
  return options;
}

/// "file.mlir:2:1: ..." or "node 'n': ..." by what the location knows. Line 0
/// is that of a whole module, which a file need not say anything about.
static std::string describe(mlir::Diagnostic &diagnostic) {
  std::string text;
  raw_string_ostream os(text);
  if (auto name = dyn_cast<mlir::NameLoc>(diagnostic.getLocation())) {
    auto node = dyn_cast<mlir::NameLoc>(name.getChildLoc());
    os << "node '" << (node ? node.getName() : name.getName()).getValue()
       << "': ";
  } else if (auto file =
                 dyn_cast<mlir::FileLineColLoc>(diagnostic.getLocation());
             file && file.getLine() != 0) {
    os << file.getFilename().getValue() << ":" << file.getLine() << ":"
       << file.getColumn() << ": ";
  }
  os << diagnostic;
  return text;
}

OneLineErrors::OneLineErrors(mlir::MLIRContext &context)
    : handler(&context, [this](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() != mlir::DiagnosticSeverity::Error)
          return mlir::failure();
        if (first.empty())
          first = describe(diagnostic);
        return mlir::success();
      }) {}

int OneLineErrors::report(StringRef tool, Error error) {
  std::string message = toString(std::move(error));
  WithColor::error(errs(), tool) << (first.empty() ? message : first) << "\n";
  return 1;
}
