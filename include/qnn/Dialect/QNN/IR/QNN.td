// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything of the dialect, for TableGen.

#ifndef QNN_DIALECT_QNN_IR_QNN_TD
#define QNN_DIALECT_QNN_IR_QNN_TD

include "qnn/Dialect/QNN/IR/QNNContractionOps.td"
include "qnn/Dialect/QNN/IR/QNNElementwiseOps.td"
include "qnn/Dialect/QNN/IR/QNNMathOps.td"
include "qnn/Dialect/QNN/IR/QNNMovementOps.td"
include "qnn/Dialect/QNN/IR/QNNParameterOps.td"
include "qnn/Dialect/QNN/IR/QNNQuantizationOps.td"
include "qnn/Dialect/QNN/IR/QNNRecurrentOps.td"
include "qnn/Dialect/QNN/IR/QNNReductionOps.td"
include "qnn/Dialect/QNN/IR/QNNSimulationOps.td"
include "qnn/Dialect/QNN/IR/QNNTrainingOps.td"

#endif // QNN_DIALECT_QNN_IR_QNN_TD
