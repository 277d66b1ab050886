// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pattern families of the conversion, one per file.

#ifndef QNN_LIB_CONVERSION_QNNTOLINALG_POPULATEPATTERNS_H
#define QNN_LIB_CONVERSION_QNNTOLINALG_POPULATEPATTERNS_H

#include "mlir/Transforms/DialectConversion.h"

namespace qnn {

void populateConvPatterns(const mlir::TypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
void populateConvGradientPatterns(const mlir::TypeConverter &converter,
                                  mlir::RewritePatternSet &patterns);
void populateElementwisePatterns(const mlir::TypeConverter &converter,
                                 mlir::RewritePatternSet &patterns);
void populateFixedPointPatterns(const mlir::TypeConverter &converter,
                                mlir::RewritePatternSet &patterns);
void populateMatMulPatterns(const mlir::TypeConverter &converter,
                            mlir::RewritePatternSet &patterns);
void populateMathPatterns(const mlir::TypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
void populateMovementPatterns(const mlir::TypeConverter &converter,
                              mlir::RewritePatternSet &patterns);
void populatePoolPatterns(const mlir::TypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
void populatePoolGradientPatterns(const mlir::TypeConverter &converter,
                                  mlir::RewritePatternSet &patterns);
void populateQuantizationPatterns(const mlir::TypeConverter &converter,
                                  mlir::RewritePatternSet &patterns);
void populateReductionPatterns(const mlir::TypeConverter &converter,
                               mlir::RewritePatternSet &patterns);
void populateSimulationPatterns(const mlir::TypeConverter &converter,
                                mlir::RewritePatternSet &patterns);
void populateSoftmaxPatterns(const mlir::TypeConverter &converter,
                             mlir::RewritePatternSet &patterns);
void populateTrainingPatterns(const mlir::TypeConverter &converter,
                              mlir::RewritePatternSet &patterns);

} // namespace qnn

#endif // QNN_LIB_CONVERSION_QNNTOLINALG_POPULATEPATTERNS_H
