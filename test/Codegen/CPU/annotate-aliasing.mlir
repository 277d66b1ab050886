// RUN: quant-opt %s -split-input-file -verify-diagnostics -qnn-annotate-aliasing | FileCheck %s

/// Bytes [0, 64) and [64, 128) never are the same.
// CHECK-DAG: #[[FIRST:.*]] = #llvm.alias_scope<{{.*}}"buffer 0">
// CHECK-DAG: #[[SECOND:.*]] = #llvm.alias_scope<{{.*}}"buffer 1">
// CHECK-LABEL: @distinct
// CHECK: llvm.load {{.*}}alias_scopes = [#[[FIRST]]], noalias_scopes = [#[[SECOND]]]
// CHECK: llvm.store {{.*}}alias_scopes = [#[[SECOND]]], noalias_scopes = [#[[FIRST]]]
llvm.func @distinct(%i: i64, %arena: !llvm.ptr) attributes {qnn.arena_buffers = array<i64: 0, 64, 64, 64>} {
  %a = llvm.getelementptr %arena[0] : (!llvm.ptr) -> !llvm.ptr, i8
  %b = llvm.getelementptr %arena[64] : (!llvm.ptr) -> !llvm.ptr, i8
  %p = llvm.getelementptr %a[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %q = llvm.getelementptr %b[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %v = llvm.load %p : !llvm.ptr -> f32
  llvm.store %v, %q : f32, !llvm.ptr
  llvm.return
}

// -----

/// At different times byte 64 belongs to both: nothing may be said.
// CHECK-LABEL: @overlap
// CHECK: llvm.load {{.*}}alias_scopes = [{{[^,]*}}], noalias_scopes = []
llvm.func @overlap(%i: i64, %arena: !llvm.ptr) attributes {qnn.arena_buffers = array<i64: 0, 128, 64, 64>} {
  %a = llvm.getelementptr %arena[0] : (!llvm.ptr) -> !llvm.ptr, i8
  %b = llvm.getelementptr %arena[64] : (!llvm.ptr) -> !llvm.ptr, i8
  %v = llvm.load %a : !llvm.ptr -> f32
  llvm.store %v, %b : f32, !llvm.ptr
  llvm.return
}

// -----

// expected-error @+1 {{expects a planned arena}}
llvm.func @negative_no_plan(%arena: !llvm.ptr) {
  llvm.return
}
