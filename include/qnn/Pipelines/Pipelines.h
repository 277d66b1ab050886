// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pipelines of the phases from prepare to legalize. Each ends with the
// pass that verifies what the phase promises. Lowering.h has the later ones.

#ifndef QNN_PIPELINES_PIPELINES_H
#define QNN_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "qnn/Quantization/Profile.h"
#include <memory>

namespace qnn {

/// How types are chosen; the options of qnn-choose-quantization.
struct QuantizePipelineOptions
    : mlir::PassPipelineOptions<QuantizePipelineOptions> {
  Option<std::string> profile{*this, "profile",
                              llvm::cl::desc("Profile written by calibration"),
                              llvm::cl::init("")};
  Option<std::string> calibrator{
      *this, "calibrator",
      llvm::cl::desc("How a range comes from statistics: minmax, percentile, "
                     "mse"),
      llvm::cl::init("mse")};
  Option<double> percentile{
      *this, "percentile",
      llvm::cl::desc("Percent of the values inside of the range"),
      llvm::cl::init(99.99)};
  Option<bool> perChannel{
      *this, "per-channel",
      llvm::cl::desc("One scale for each output channel of weights"),
      llvm::cl::init(true)};
  Option<std::string> requantization{
      *this, "requantization",
      llvm::cl::desc("From accumulators to codes: float, tflite_single, "
                     "tflite_double"),
      llvm::cl::init("float")};
};

/// Imported model in, prepared model out. Dialects: qnn, tensor, arith, func.
void buildPreparePipeline(mlir::OpPassManager &pm);

/// Prepared model in; its observed values become further results.
void buildCalibratePipeline(mlir::OpPassManager &pm);

/// The first half of quantize: writes the choice as attributes. A profile in
/// memory wins over the one that the options name.
void buildChoosePipeline(mlir::OpPassManager &pm,
                         const QuantizePipelineOptions &options,
                         std::shared_ptr<const Profile> profile = nullptr);

/// The second half of quantize: obeys the attributes.
void buildObeyPipeline(mlir::OpPassManager &pm);

/// Prepared model in, quantized model out. Dialects: qnn, tensor, arith, func.
void buildQuantizePipeline(mlir::OpPassManager &pm,
                           const QuantizePipelineOptions &options);

/// Quantized model in, explicit integers out. Dialects: qnn, tensor, arith,
/// func.
void buildLegalizePipeline(mlir::OpPassManager &pm);

/// Registers the above as qnn-<phase>-pipeline.
void registerPipelines();

} // namespace qnn

#endif // QNN_PIPELINES_PIPELINES_H
