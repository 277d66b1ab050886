// RUN: quant-opt %s -split-input-file -verify-diagnostics -qnn-emit-entry | FileCheck %s

/// Null pointers and a misaligned arena are refused before anything is touched.
// CHECK-LABEL: llvm.func @net_run(
// CHECK-SAME: %[[X:.*]]: !llvm.ptr {llvm.noalias, llvm.readonly}, %[[Y:.*]]: !llvm.ptr {llvm.noalias}, %[[ARENA:.*]]: !llvm.ptr {llvm.noalias}) -> i32 attributes {{{.*}}qnn.model_name = "net"
// CHECK-COUNT-3: llvm.icmp "eq"
// CHECK: llvm.ptrtoint %[[ARENA]]
// CHECK: llvm.icmp "ne"
// CHECK: llvm.cond_br %{{.*}}, ^[[REFUSAL:.*]], ^[[WORK:.*]]
// CHECK: ^[[WORK]]:
// CHECK: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
// CHECK: llvm.call @net(%[[X]], %[[Y]], %[[ARENA]], %[[NULL]], %[[NULL]])
// CHECK: llvm.mlir.constant(0 : i32)
// CHECK: ^[[REFUSAL]]:
// CHECK: llvm.mlir.constant(1 : i32)
// CHECK-LABEL: llvm.func @net_run_parallel(
// CHECK-SAME: %[[X:.*]]: !llvm.ptr {llvm.noalias, llvm.readonly}, %[[Y:.*]]: !llvm.ptr {llvm.noalias}, %[[ARENA:.*]]: !llvm.ptr {llvm.noalias}, %[[FOR:.*]]: !llvm.ptr, %[[CONTEXT:.*]]: !llvm.ptr) -> i32
// CHECK-COUNT-3: llvm.icmp "eq"
// CHECK: llvm.call @net(%[[X]], %[[Y]], %[[ARENA]], %[[FOR]], %[[CONTEXT]])
// CHECK-LABEL: llvm.func @net(
// CHECK-SAME: {llvm.noalias, llvm.readonly}
// CHECK-SAME: sym_visibility = "private"
llvm.func @net(%x: !llvm.ptr, %y: !llvm.ptr, %arena: !llvm.ptr, %parallel_for: !llvm.ptr, %context: !llvm.ptr) attributes {
    qnn.model_name = "net", qnn.arena_bytes = 64 : i64, qnn.inputs = [{}]} {
  llvm.return
}

// -----

/// An arena of 0 bytes is not looked at.
// CHECK-LABEL: llvm.func @net_run(
// CHECK-COUNT-2: llvm.icmp "eq"
// CHECK-NOT: llvm.icmp
// CHECK-LABEL: llvm.func @net_run_parallel(
llvm.func @net(%x: !llvm.ptr, %y: !llvm.ptr, %arena: !llvm.ptr, %parallel_for: !llvm.ptr, %context: !llvm.ptr) attributes {
    qnn.model_name = "net", qnn.arena_bytes = 0 : i64} {
  llvm.return
}

// -----

// expected-error @+1 {{expects pointer arguments, no result and a planned arena}}
llvm.func @negative_no_arena(%x: !llvm.ptr) {
  llvm.return
}

// -----

/// Bodies for blocks of rows: none for n = 0, a refusal for n < 0, then blocks
/// of 16 rows of 8 and 4 bytes, then rows. The arena is the largest.
// CHECK-LABEL: llvm.func @net_run(
// CHECK-SAME: %[[X:.*]]: !llvm.ptr {llvm.noalias, llvm.readonly}, %[[Y:.*]]: !llvm.ptr {llvm.noalias}, %[[N:.*]]: i64, %[[ARENA:.*]]: !llvm.ptr {llvm.noalias}) -> i32 attributes {
// CHECK-SAME: qnn.arena_bytes = 128 : i64
// CHECK-SAME: qnn.row_blocks = array<i64: 16, 1>
// CHECK: llvm.icmp "eq" %[[N]]
// CHECK: llvm.br ^[[LOOP:bb[0-9]+]](
// CHECK: llvm.icmp "slt" %[[N]]
// CHECK: llvm.icmp "eq" %[[X]]
// CHECK: ^[[LOOP]](%[[ROW:.*]]: i64):
// CHECK: %[[SIZE:.*]] = llvm.mlir.constant(16 : i64)
// CHECK: %[[NEXT:.*]] = llvm.add %[[ROW]], %[[SIZE]]
// CHECK: llvm.icmp "sle" %[[NEXT]], %[[N]]
// CHECK: llvm.mlir.constant(8 : i64)
// CHECK: %[[IN:.*]] = llvm.getelementptr %[[X]]
// CHECK: llvm.mlir.constant(4 : i64)
// CHECK: %[[OUT:.*]] = llvm.getelementptr %[[Y]]
// CHECK: llvm.call @net_rows_16(%[[IN]], %[[OUT]], %[[ARENA]],
// CHECK: llvm.br ^[[LOOP]](%[[NEXT]]
// CHECK: llvm.call @net(
// CHECK-LABEL: llvm.func @net_run_parallel(
// CHECK-SAME: i64, %{{.*}}: !llvm.ptr {llvm.noalias}, %[[FOR:.*]]: !llvm.ptr, %[[CONTEXT:.*]]: !llvm.ptr)
// CHECK: llvm.call @net_rows_16({{.*}}, %[[FOR]], %[[CONTEXT]])
llvm.func @net_rows_16(%x: !llvm.ptr, %y: !llvm.ptr, %arena: !llvm.ptr, %parallel_for: !llvm.ptr, %context: !llvm.ptr) attributes {
    qnn.model_name = "net", qnn.arena_bytes = 128 : i64, qnn.row_blocks = array<i64: 16>,
    qnn.inputs = [{type = tensor<16x8xui8>}], qnn.outputs = [{type = tensor<16x1xf32>}]} {
  llvm.return
}
llvm.func @net(%x: !llvm.ptr, %y: !llvm.ptr, %arena: !llvm.ptr, %parallel_for: !llvm.ptr, %context: !llvm.ptr) attributes {
    qnn.model_name = "net", qnn.arena_bytes = 64 : i64, qnn.row_blocks = array<i64: 1>,
    qnn.inputs = [{type = tensor<1x8xui8>}], qnn.outputs = [{type = tensor<1x1xf32>}]} {
  llvm.return
}

// -----

/// The branch back to the start of a loop says that it is not to be unrolled.
// CHECK: #[[KEEP:.*]] = #llvm.loop_unroll<disable = true>
// CHECK: #[[LOOP:.*]] = #llvm.loop_annotation<unroll = #[[KEEP]]>
// CHECK-LABEL: llvm.func @loop(
// CHECK: llvm.br ^[[HEADER:bb[0-9]+]](%{{[^)]*}})
// CHECK-NOT: loop_annotation
// CHECK: ^[[HEADER]](
// CHECK: llvm.br ^[[HEADER]](%{{[^)]*}}) {loop_annotation = #[[LOOP]]}
llvm.func @loop(%x: !llvm.ptr, %arena: !llvm.ptr, %parallel_for: !llvm.ptr, %context: !llvm.ptr) attributes {
    qnn.model_name = "loop", qnn.arena_bytes = 64 : i64} {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %count = llvm.mlir.constant(9 : i64) : i64
  llvm.br ^header(%zero : i64)
^header(%i: i64):
  %inside = llvm.icmp "slt" %i, %count : i64
  llvm.cond_br %inside, ^body, ^end
^body:
  llvm.store %i, %x : i64, !llvm.ptr
  %next = llvm.add %i, %one : i64
  llvm.br ^header(%next : i64)
^end:
  llvm.return
}
