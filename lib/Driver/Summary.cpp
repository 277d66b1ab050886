// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The summary of a compilation.

#include "qnn/Driver/Summary.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/Transforms/Annotations.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

void qnn::countChoices(ModuleOp annotated, CompileSummary &summary) {
  annotated.walk([&](Operation *op) {
    if (op->hasAttr(annotation::kResultTypes)) {
      ++summary.numQuantized;
      return;
    }
    auto reason = op->getAttrOfType<StringAttr>(annotation::kStaysFloat);
    if (!reason)
      return;
    ++summary.numFloat;
    summary.floatReasons.push_back("node '" + getNodeName(op) + "' (" +
                                   op->getName().getStringRef().str() +
                                   "): " + reason.str());
  });
}

int64_t qnn::countConstantBytes(ModuleOp module) {
  int64_t bytes = 0;
  auto count = [&](ElementsAttr attribute) {
    auto type = cast<ShapedType>(attribute.getType());
    bytes += type.getNumElements() *
             llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  };
  module.walk([&](Operation *op) {
    if (auto constant = dyn_cast<qnn::ConstantOp>(op))
      count(constant.getCodes());
    else if (auto constant = dyn_cast<arith::ConstantOp>(op))
      if (auto elements = dyn_cast<ElementsAttr>(constant.getValue()))
        count(elements);
  });
  return bytes;
}

void CompileSummary::print(llvm::raw_ostream &os) const {
  os << "model    " << model << " for " << target;
  if (!variants.empty())
    os << ": " << llvm::join(variants, ", ");
  os << "\n";
  if (floatModel)
    os << "ops      all in float\n";
  else if (numQuantized + numFloat != 0)
    os << "ops      " << numQuantized << " in int8, " << numFloat
       << " in float\n";
  for (const std::string &reason : floatReasons)
    os << "  float: " << reason << "\n";
  if (objectBytes)
    os << "bytes    weights " << weightBytes << ", arena " << arenaBytes
       << ", object " << objectBytes << "\n";
  if (calibrationSamples)
    os << "profile  from " << calibrationSamples << " samples\n";
  for (const OutputQuality &output : outputs) {
    os << "output   '" << output.name << "': ";
    if (std::isnan(output.decibels))
      os << "NaN or infinite on the calibration data\n";
    else if (std::isinf(output.decibels) && output.decibels > 0)
      os << "equal to float on the calibration data\n";
    else
      os << "SQNR " << llvm::format("%.1f", output.decibels)
         << " dB on the calibration data\n";
  }
  for (const std::string &file : files)
    os << "wrote    " << file << "\n";
}
