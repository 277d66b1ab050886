// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantized element types that upstream lacks: the nonlinear ones.

#ifndef QNN_DIALECT_QNN_IR_QNNTYPES_TD
#define QNN_DIALECT_QNN_IR_QNNTYPES_TD

include "mlir/IR/AttrTypeBase.td"
include "qnn/Dialect/QNN/IR/QNNDialect.td"
include "qnn/Dialect/QNN/IR/QNNInterfaces.td"

class QNN_Type<string name, string typeMnemonic, list<Trait> traits = []>
    : TypeDef<QNN_Dialect, name, traits> {
  let mnemonic = typeMnemonic;
}

class QNN_NonlinearType<string name, string typeMnemonic>
    : QNN_Type<name, typeMnemonic, [
        DeclareTypeInterfaceMethods<QNN_QuantizedElementType>]>;

def QNN_CodebookType : QNN_NonlinearType<"Codebook", "codebook"> {
  let summary = "Codes are indices into a table of float levels";
  let description = [{
    `code` stands for `levels[code]`. Levels are finite `f32` values in strictly
    increasing order, at least 2 and at most `2^bits` of them. This is k-means
    weight sharing (Han et al., Deep Compression, 2016), NF4 (Dettmers et al.,
    QLoRA, 2023) and every other table.

    `quantize(x)` is the number of boundaries below `x`, where boundary `i` is
    the midpoint of levels `i` and `i + 1`, rounded to `f32`.

    ```mlir
    tensor<64x!qnn.codebook<u2:f32, {-1.0, -0.25, 0.25, 1.0}>>
    ```
  }];
  let parameters = (ins
    "unsigned":$bits,
    "::mlir::DenseF32ArrayAttr":$levels);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def QNN_Pow2Type : QNN_NonlinearType<"Pow2", "pow2"> {
  let summary = "Levels are zero and plus or minus powers of two";
  let description = [{
    Code 0 stands for 0; code `c > 0` stands for `2^(minExponent + c - 1)`, code
    `-c` for its negative. A multiplication by such a weight is a shift (Zhou et
    al., Incremental Network Quantization, 2017). Codes are signed and must fit
    into `bits`: `maxExponent - minExponent + 1 <= 2^(bits - 1) - 1`.

    `quantize(x)` takes the nearest level (boundaries are the midpoints), the
    lower one on a tie.

    ```mlir
    tensor<64x!qnn.pow2<i4:f32, -6:0>>  // +-1/64, +-1/32, ..., +-1, and 0
    ```
  }];
  let parameters = (ins "unsigned":$bits, "int64_t":$minExponent,
                        "int64_t":$maxExponent);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // QNN_DIALECT_QNN_IR_QNNTYPES_TD
