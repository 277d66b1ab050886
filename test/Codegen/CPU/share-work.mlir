// RUN: quant-opt %s -split-input-file -qnn-share-work=min-work=100 | FileCheck %s

/// The kernel is called through a function that either computes all units at
/// once or gives a task to the caller's parallel_for. What is too small is
/// called as before, and so is what has one unit. The arguments of the entry
/// are stored once, for all tasks; a kernel that is called twice has two.
// CHECK-LABEL: llvm.func @net(
// CHECK-SAME: %[[X:.*]]: !llvm.ptr {llvm.noalias}, %[[Y:.*]]: !llvm.ptr, %[[ARENA:.*]]: !llvm.ptr, %[[FOR:.*]]: !llvm.ptr, %[[CONTEXT:.*]]: !llvm.ptr)
// CHECK: %[[DATA:.*]] = llvm.alloca
// CHECK-SAME: alignment = 64
// CHECK: %[[E0:.*]] = llvm.getelementptr %[[DATA]][0]
// CHECK: llvm.store %[[X]], %[[E0]]
// CHECK: llvm.store %[[Y]],
// CHECK: llvm.store %[[ARENA]],
// CHECK: llvm.call @large_share(%[[DATA]], %[[FOR]], %[[CONTEXT]])
// CHECK: llvm.call @small(
// CHECK: llvm.call @whole(
// CHECK: llvm.call @large_share_1(%[[DATA]], %[[FOR]], %[[CONTEXT]])
llvm.func @net(%x: !llvm.ptr {llvm.noalias}, %y: !llvm.ptr, %arena: !llvm.ptr) {
  %c0 = llvm.mlir.constant(0 : index) : i64
  %c8 = llvm.mlir.constant(8 : index) : i64
  %c1 = llvm.mlir.constant(1 : index) : i64
  %place = llvm.getelementptr %arena[%c8] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  llvm.call @large(%x, %place, %c0, %c8) : (!llvm.ptr, !llvm.ptr, i64, i64) -> ()
  llvm.call @small(%x, %y, %c0, %c8) : (!llvm.ptr, !llvm.ptr, i64, i64) -> ()
  llvm.call @whole(%x, %y, %c0, %c1) : (!llvm.ptr, !llvm.ptr, i64, i64) -> ()
  llvm.call @large(%y, %x, %c0, %c8) : (!llvm.ptr, !llvm.ptr, i64, i64) -> ()
  llvm.return
}

/// A task computes the place in the arena, and needs no other argument.
// CHECK-LABEL: llvm.func @large_task(
// CHECK-SAME: %[[DATA:.*]]: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64)
// CHECK: %[[A0:.*]] = llvm.getelementptr %[[DATA]][0]
// CHECK: %[[P0:.*]] = llvm.load %[[A0]]
// CHECK-NOT: llvm.getelementptr %[[DATA]][1]
// CHECK: %[[A2:.*]] = llvm.getelementptr %[[DATA]][2]
// CHECK: %[[P2:.*]] = llvm.load %[[A2]]
// CHECK: %[[PLACE:.*]] = llvm.getelementptr %[[P2]][%{{.*}}] : (!llvm.ptr, i64) -> !llvm.ptr, i8
// CHECK: llvm.call @large(%[[P0]], %[[PLACE]], %[[BEGIN]], %[[END]])

// CHECK-LABEL: llvm.func @large_share(
// CHECK-SAME: %[[DATA:.*]]: !llvm.ptr, %[[FOR:.*]]: !llvm.ptr, %[[CONTEXT:.*]]: !llvm.ptr)
// CHECK: %[[ALONE:.*]] = llvm.icmp "eq" %[[FOR]]
// CHECK: %[[C0:.*]] = llvm.mlir.constant(0 : i64)
// CHECK: %[[C8:.*]] = llvm.mlir.constant(8 : i64)
// CHECK: llvm.cond_br %[[ALONE]], ^[[WHOLE:.*]], ^[[PARTS:.*]]
// CHECK: ^[[WHOLE]]:
// CHECK: llvm.call @large_task(%[[DATA]], %[[C0]], %[[C8]])
// CHECK: ^[[PARTS]]:
// CHECK: %[[TASK:.*]] = llvm.mlir.addressof @large_task
// CHECK: llvm.call %[[FOR]](%[[CONTEXT]], %[[C8]], %[[TASK]], %[[DATA]])
llvm.func @large(%x: !llvm.ptr, %y: !llvm.ptr, %begin: i64, %end: i64) attributes {
    sym_visibility = "private", qnn.kernel_units = 8 : i64, qnn.kernel_work = 100 : i64} {
  llvm.return
}
llvm.func @small(%x: !llvm.ptr, %y: !llvm.ptr, %begin: i64, %end: i64) attributes {
    sym_visibility = "private", qnn.kernel_units = 8 : i64, qnn.kernel_work = 99 : i64} {
  llvm.return
}
llvm.func @whole(%x: !llvm.ptr, %y: !llvm.ptr, %begin: i64, %end: i64) attributes {
    sym_visibility = "private", qnn.kernel_units = 1 : i64, qnn.kernel_work = 1000 : i64} {
  llvm.return
}
