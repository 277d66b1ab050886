// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the CPU code generator, in alphabetical order.

#ifndef QNN_CODEGEN_CPU_PASSES_TD
#define QNN_CODEGEN_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def QNNAnnotateAliasingPass
    : Pass<"qnn-annotate-aliasing", "::mlir::ModuleOp"> {
  let summary = "Tell LLVM which memory accesses cannot overlap";
  let description = [{
    Gives loads and stores of the entry function alias scopes, one for each
    pointer argument, constant and buffer of the arena. Two buffers of the arena
    are distinct if their byte ranges are, which the plan knows and LLVM,
    looking at variable offsets from one pointer, does not: without this, inner
    loops reload what they could keep and test for overlap at run time.

    Expects: the LLVM dialect right after `finalize-memref-to-llvm`, when each
    buffer of the arena still is one `llvm.getelementptr` with a constant byte
    offset; `qnn.arena_buffers` from `qnn-plan-arena`.
  }];
}

def QNNBlockRowsPass : Pass<"qnn-block-rows", "::mlir::ModuleOp"> {
  let summary = "Make bodies for blocks of rows of any number of rows";
  let description = [{
    A public function with the attribute `qnn.dynamic_rows`, or on tensors of
    which the leading extent is not known, becomes several: one for one row, and
    before it copies for blocks of more, named in `qnn.row_blocks`. The entry
    that `qnn-emit-entry` makes takes the number of rows and calls them.

    ```mlir
    func.func @f(%x: tensor<?x64xi8>, ...) -> tensor<?x32xi32> {...}
    // becomes
    func.func @f_rows_16(%x: tensor<16x64xi8>, ...) -> tensor<16x32xi32>
        attributes {qnn.row_blocks = array<i64: 16>} {...}
    func.func @f_rows_4(%x: tensor<4x64xi8>, ...) -> tensor<4x32xi32> ...
    func.func @f(%x: tensor<1x64xi8>, ...) -> tensor<1x32xi32> ...
    ```

    The largest block has as many rows as fill the accumulators of a matrix
    product, but not more than an eighth of the cache holds of what a layer
    reads and writes; the others each a quarter of the one before. There are
    none if less than an eighth of the products are of fewer rows than that: a
    convolution has enough of them in one image.

    A function with the attribute has inputs of one row and results that depend
    on them; its operations are as `qnn-set-batch` wants them. One of unknown
    extents consists of linalg operations and `tensor.empty`; their loop over
    rows is parallel and walks along axis 0 only. Others are refused by name.
    Nothing changes for other modules.
  }];
  let dependentDialects = ["::qnn::QNNDialect"];
  let options = [
    ListOption<"blocks", "blocks", "int64_t",
               "Rows of the blocks, the largest first, instead of the rule">
  ];
}

def QNNCPUExpandFmaPass : Pass<"qnn-cpu-expand-fma", "::mlir::ModuleOp"> {
  let summary = "Split fused multiply-adds where the CPU has none";
  let description = [{
    On rows of the target table without a fused multiply-add, `math.fma` becomes
    a product and a sum, each of them rounded: LLVM would call `fmaf`, which
    objects must not import. On the others nothing changes.

    ```mlir
    %r = math.fma %a, %b, %c : vector<4xf32>
    // becomes
    %p = arith.mulf %a, %b : vector<4xf32>
    %r = arith.addf %p, %c : vector<4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def QNNCPUFillBordersPass
    : Pass<"qnn-cpu-fill-borders", "::mlir::func::FuncOp"> {
  let summary = "Fill only the borders of buffers that are overwritten";
  let description = [{
    Padding is a `linalg.fill` of a whole buffer before the producer writes its
    interior. Where the next operation on the buffer overwrites a subview of it
    that is cut along one axis, or two neighbouring ones, only what is around
    the subview is filled: what is before the first row, between rows, and
    behind the last one.

    ```mlir
    linalg.fill ins(%zero) outs(%buffer : memref<1x10x10x16xi8>)
    linalg.generic ... outs(%interior : memref<1x8x8x16xi8, strided<...>>)
    // becomes
    linalg.fill ins(%zero) outs(%before : memref<1x1x176xi8, strided<...>>)
    linalg.fill ins(%zero) outs(%between : memref<1x7x32xi8, strided<...>>)
    linalg.fill ins(%zero) outs(%behind : memref<1x1x176xi8, strided<...>>)
    linalg.generic ... outs(%interior : memref<1x8x8x16xi8, strided<...>>)
    ```

    Expects: bufferized functions before `qnn-cpu-lower-contractions`, while
    the writer still is a linalg operation.
  }];
  let dependentDialects = [
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect"
  ];
}

def QNNCPULowerContractionsPass
    : Pass<"qnn-cpu-lower-contractions", "::mlir::ModuleOp"> {
  let summary = "Turn contractions into register-blocked loops";
  let description = [{
    Replaces a `linalg.generic` that sums products of bytes in i32, or of floats
    in f32 (a matrix product or a convolution), by the call of a function of its
    own: `scf.for` loops that carry a tile of accumulators as vectors. The
    function's last arguments are a range of units of its work, see
    `qnn-share-work`. For bytes, the step is the one of the target row that the
    module names (`qnn.target`). For floats the step is the body of the
    operation, on vectors, in the order of its loops.

    ```mlir
    linalg.generic ... ins(%x, %w : memref<18x24xf32>, memref<24x64xf32>) ...
    // becomes
    call @kernel(%x, %acc, %packed, %c0, %c3)
    ```

    If the step wants activations of the other sign or of 16 bits, and each is
    read many times, they are copied so once, into a buffer of their own. Where
    the product of bytes saturates, words whose weights are too large for that
    are multiplied in 16 bits.

    If the accumulators are read by one elementwise operation only, it is
    computed on the vectors and the buffer of accumulators disappears. That is
    why the pass runs after bufferization, where buffers, strides and the order
    of operations are known, and before the arena is planned.

    Weights are packed into new constants in the order in which they are read;
    the operation that starts the accumulators becomes the initial value of the
    tile, with what a step that only takes unsigned (or only signed) bytes needs
    as correction. Sums of integers are modulo 2^32, so their order does not
    matter. A right side that is computed is read where it is, if it is of
    floats whose columns lie together, and otherwise copied in the same order
    into a new buffer before the call.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
  let options = [
    Option<"remarks", "remarks", "bool", /*default=*/"false",
           "Say why a reduction stays a loop or stores its accumulators">
  ];
}

def QNNCPUMergeKernelsPass
    : Pass<"qnn-cpu-merge-kernels", "::mlir::ModuleOp"> {
  let summary = "One function for kernels that compute the same";
  let description = [{
    Constants of equal values become one, then private functions of equal type,
    attributes and body, but for their name and constant indices, which become
    arguments if they are not the same in all. Bounds of loops must be. The
    steps of a recurrent layer so share their code. The merged function has the
    name of the first.

    A kernel whose indices become arguments cannot be shared by threads, so
    those with as much work as is shared are merged if no index differs.

    Example: `test/Codegen/CPU/merge-kernels.mlir`. Expects functions of one
    block that are called by `func.call` only.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let options = [
    Option<"maxWork", "max-work", "int64_t", /*default=*/"2048",
           "Vector multiply-adds from which a kernel keeps its indices">
  ];
}

def QNNCPUVectorizeLoopsPass
    : Pass<"qnn-cpu-vectorize-loops", "::mlir::ModuleOp"> {
  let summary = "Turn linalg operations on buffers into loops on vectors";
  let description = [{
    Replaces what is not a contraction (elementwise operations, pools, means,
    lookups, fills, copies, transposes) by `scf.for` loops that load, compute
    and store vectors as wide as the target row's (`qnn.target`). On rows
    without vectors nothing changes.

    Loops that walk through memory without a gap in all operands are merged
    first. Lanes then are neighbouring elements of the result; sums and maxima
    are kept in registers, and the `linalg.fill` before them becomes their
    start. Where the operands lie in another order (a transpose), lanes are
    neighbours of the input, and tiles are transposed on registers. Lanes are
    terms of a sum only for integers: sums of floats keep the order of the
    program, several rows at once, and all results are the same to the bit. What
    is worth it becomes a function with a range of units, which
    `qnn-share-work` can share; what the module has four times or more becomes
    functions that `qnn-cpu-merge-kernels` can merge.

    Expects: memrefs of static layout. What has no lanes stays linalg;
    `qnn-verify-vectorized` says why.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def QNNEmitEntryPass : Pass<"qnn-emit-entry", "::mlir::ModuleOp"> {
  let summary = "Give the entry function its C interface";
  let description = [{
    Makes the public function `@model` private and adds two around it:

    ```c
    int model_run(inputs..., outputs..., void *arena);
    int model_run_parallel(inputs..., outputs..., void *arena,
                           qnn_parallel_for parallel_for, void *context);
    ```

    Both return 1, having touched nothing, if a pointer is null or the arena is
    not aligned to 64 bytes, and 0 otherwise. The arena is not looked at if none
    is needed; `parallel_for` may be null, `context` is the caller's. Pointer
    arguments do not overlap, by contract with the caller (`noalias`).

    With bodies for blocks of rows (`qnn-block-rows`), `int64_t n` stands before
    the arena: the entries run as many of the largest blocks as fit into n rows,
    then of the next, one after the other in one arena. For n = 0 they return 0
    without looking at the other arguments, for n < 0 they return 1.

    LLVM is told not to unroll what loops the body has itself: they run once in
    a call, but unrolled to one block of thousands of stores they take most of
    the time of compilation.

    Expects: one public `llvm.func`, or one for each block, with pointer
    arguments and no result, the last two being those that `qnn-share-work`
    adds.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def QNNExpandCopiesPass : Pass<"qnn-expand-copies", "::mlir::func::FuncOp"> {
  let summary = "Turn memref.copy into linalg";
  let description = [{
    A `memref.copy` of a strided buffer would become a call of a run-time
    library function (`memrefCopy`); as `linalg` it becomes loops, from which
    LLVM makes `memcpy` where it can.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def QNNFuseElementwisePass
    : Pass<"qnn-fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "Fuse chains of elementwise linalg operations";
  let description = [{
    Fuses a producer with one use into an elementwise consumer that reads each
    of its elements once. Reductions and broadcasts are left alone, because
    there the producer would be computed again for every use of an element.

    A transpose fuses with what computes its input or reads its result, but not
    between a contraction and its epilogue, and not with what reads another
    operand in another order, because no vector would load both. An operation
    that reads two contractions (a residual) is fused with the epilogue of the
    later one only: the other is stored in its narrow type, not as accumulators.
    Reshapes of what is computed from the model's inputs move to the inputs.
  }];
  let dependentDialects = [
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
}

def QNNReuseBuffersPass : Pass<"qnn-reuse-buffers", "::mlir::func::FuncOp"> {
  let summary = "Write elementwise results in place of operands that die";
  let description = [{
    The result of an elementwise `linalg.generic` takes the allocation of an
    operand of the same type that it reads element by element and that nobody
    reads after it: the mask of a gradient, a residual that is added.
    Bufferization does the same only for an operand that is the initial value of
    the result.

    Example: `test/Codegen/CPU/reuse-buffers.mlir`. Expects contractions to be
    kernels, because the epilogue of one is an operation with buffers of its own
    until then.
  }];
}

def QNNPlanArenaPass : Pass<"qnn-plan-arena", "::mlir::ModuleOp"> {
  let summary = "Place all buffers in one arena that the caller provides";
  let description = [{
    Replaces every `memref.alloc` of the public function by a `memref.view` of
    one additional argument, at a constant offset aligned to 64 bytes. Buffers
    whose lifetimes, in the order of operations of the function's body, do not
    meet share memory. The size becomes the function's attribute
    `qnn.arena_bytes`, the places `qnn.arena_buffers` (pairs of offset and
    size), and what no plan could go below `qnn.arena_lower_bound`.

    ```mlir
    func.func @model(%x: memref<4xf32>, %y: memref<4xf32>) {
      %b = memref.alloc() : memref<4xf32>
      ...
    // becomes
    func.func @model(%x: memref<4xf32>, %y: memref<4xf32>,
                     %arena: memref<64xi8>)
        attributes {qnn.arena_bytes = 64 : i64, ...} {
      %c0 = arith.constant 0 : index
      %b = memref.view %arena[%c0][] : memref<64xi8> to memref<4xf32>
    ```

    Expects: bufferized functions whose results are parameters. Guarantees: no
    `memref.alloc` or `memref.dealloc` is left. Dynamic shapes and allocations
    in nested regions are errors.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"
  ];
}

def QNNPrepareEntryPass : Pass<"qnn-prepare-entry", "::mlir::ModuleOp"> {
  let summary = "Record the interface of the model before types are lowered";
  let description = [{
    Stores names and types of inputs and outputs as attributes `qnn.inputs` and
    `qnn.outputs` of the public function, from which metadata and header are
    made, and marks its arguments read-only for bufferization.

    Names come from the attribute `qnn.name` of arguments and results;
    `qnn.scale` and `qnn.zero_point` are recorded as they are.

    Expects: one public function on tensors of static shape, of `f32` or
    integers of 8, 16, 32 or 64 bits.
  }];
}

def QNNSeparateResultsPass
    : Pass<"qnn-separate-results", "::mlir::func::FuncOp"> {
  let summary = "Return no buffer twice";
  let description = [{
    Gives each result of a function a buffer of its own: where a buffer is
    returned again, a copy of it is. Needed because
    `buffer-results-to-out-params` makes the buffer a parameter and erases it,
    which it can do only once.

    Expects: bufferized functions of static shapes.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def QNNCPUJoinKernelsPass : Pass<"qnn-cpu-join-kernels", "::mlir::ModuleOp"> {
  let summary = "Let threads go on to the next kernel without waiting";
  let description = [{
    Makes one kernel of neighbouring ones, if their work can be divided such
    that no part of one depends on another part of the others: a depthwise and
    the following pointwise convolution on the same rows, a layer and the
    borders around its result, two branches. Threads then share them at once. A
    part is some units of each kernel, one kernel after the other; tables have
    the bounds of the parts.

    What depends on what follows from the bytes that each unit accesses
    (`qnn.kernel_accesses`), so that places in the arena that are used again do
    no harm. Kernels are joined if that costs no more than to share them one
    after the other: for each call what handing it over takes, and half of a
    part, for which other threads may have to wait; half of the work if it is
    not shared.

    Example: `test/Codegen/CPU/join-kernels.mlir`. Expects a planned arena.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::memref::MemRefDialect"
  ];
  let options = [
    Option<"minWork", "min-work", "int64_t", /*default=*/"2048",
           "Vector multiply-adds below which a kernel is not shared">,
    Option<"handOver", "hand-over", "int64_t", /*default=*/"512",
           "What handing over a call takes, in vector multiply-adds">
  ];
}

def QNNShareWorkPass : Pass<"qnn-share-work", "::mlir::ModuleOp"> {
  let summary = "Let the caller's threads share the work of kernels";
  let description = [{
    Gives the entry function two more pointer arguments, `parallel_for` and
    `context`, and replaces each call of a kernel with enough work by

    ```c
    parallel_for(context, units, kernel_task, data);
    ```

    where `data` is an array of the other arguments of the entry function, from
    which `kernel_task` computes those of the kernel: threads that have read it
    once need not fetch it again from the one that calls. Further,
 `parallel_for` promises to call `kernel_task(data, begin, end)` for
    parts that cover [0, units) once, on any threads, and to return when all are
    done. If `parallel_for` is null, the kernel is called as before.

    Expects: the LLVM dialect, kernels with `qnn.kernel_units` and
    `qnn.kernel_work` whose last two arguments are the range.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"minWork", "min-work", "int64_t", /*default=*/"2048",
           "Vector multiply-adds below which a kernel is not shared: about "
           "half a microsecond, three times what handing over work takes">
  ];
}

def QNNVerifyLoweredPass : Pass<"qnn-verify-lowered", "::mlir::ModuleOp"> {
  let summary = "Check what qnn-lower-pipeline promises";
  let description = [{
    Fails if a `qnn` operation, an allocation or a `memref.copy` is left, naming
    it.
  }];
}

def QNNVerifyVectorizedPass
    : Pass<"qnn-verify-vectorized", "::mlir::ModuleOp"> {
  let summary = "Remark on hot loops that are not on vectors";
  let description = [{
    Emits a remark for each loop that runs at least `min-iterations` times in a
    call and has no vectors: a linalg operation that `qnn-cpu-vectorize-loops`
    left, with the reason, and an innermost `scf.for` that stores scalars. LLVM
    may still vectorize such a loop; whether it does is not promised. Loops on
    vectors stay so, because LLVM IR has the same vectors.

    The remark is at the operation's location, which names the model's node.
    Runs before linalg becomes loops, where operation and reason are known.
    Says nothing on target rows without vectors.
  }];
  let options = [
    Option<"minIterations", "min-iterations", "int64_t", /*default=*/"256",
           "Iterations from which a loop is hot">
  ];
}

#endif // QNN_CODEGEN_CPU_PASSES_TD
