// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dialect: its numeric model, and the base class of its operations.

#ifndef QNN_DIALECT_QNN_IR_QNNDIALECT_TD
#define QNN_DIALECT_QNN_IR_QNNDIALECT_TD

include "mlir/IR/OpBase.td"

def QNN_Dialect : Dialect {
  let name = "qnn";
  let cppNamespace = "::qnn";
  let summary = "Neural networks whose types say how they are quantized";
  let description = [{
    Quantization changes types, not operations. `qnn.conv2d` on `f32` tensors is
    the float convolution; on tensors of quantized element types it is the
    integer one, and all its parameters (scales, zero points, storage ranges)
    are in the operand and result types. A mixed-precision model is a model in
    which some values have float types.

    An operation goes through three forms:

    | form | element types | scales are in |
    |---|---|---|
    | float | `f32` | nowhere |
    | quantized | `!quant.uniform`, `!qnn.codebook`, `!qnn.pow2` | the types |
    | explicit | `ui8`, `si8`, `i32`, ... | attributes (`qnn.rescale` etc.) |

    `qnn-legalize` goes from the second to the third; some operations
    (`qnn.rescale`, `qnn.fixed_point_rescale`, `qnn.lookup`, `qnn.bucketize`,
    `qnn.sum_pool2d`, `qnn.integer_softmax`) exist only in the explicit form,
    some (`qnn.clamp_gradient`, `qnn.max_pool2d_gradient`, `qnn.fake_quantize`)
    only in the float form.

    Images are channels last (NHWC). A value is named by its location: the name
    of a `NameLoc` is the value's name in the imported model, its child the
    node.

    The formulas are in `docs/Numerics.md`.
  }];
  let hasConstantMaterializer = 1;
  let useDefaultTypePrinterParser = 1;
  let extraClassDeclaration = [{ void registerTypes(); }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = [
    "::mlir::quant::QuantDialect", "::mlir::tensor::TensorDialect",
    "::mlir::arith::ArithDialect"
  ];
}

class QNN_Op<string mnemonic, list<Trait> traits = []>
    : Op<QNN_Dialect, mnemonic, traits>;

#endif // QNN_DIALECT_QNN_IR_QNNDIALECT_TD
