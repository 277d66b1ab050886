// Functions that compute the same, one for all.
// RUN: quant-opt %s --split-input-file --qnn-cpu-merge-kernels | FileCheck %s
// RUN: quant-opt %s --split-input-file --qnn-cpu-merge-kernels=max-work=10 | FileCheck %s --check-prefix=WORK

/// Equal functions, but for names; constants of equal values first.
// CHECK-LABEL: @equal(
// CHECK: call @a(%{{.*}}) : (memref<4xi8>) -> ()
// CHECK: call @a(%{{.*}}) : (memref<4xi8>) -> ()
// CHECK: call @c(%{{.*}}) : (memref<8xi8>) -> ()
// CHECK: func.func private @a(
// CHECK: memref.get_global @t
// CHECK-NOT: @b
memref.global "private" constant @t : memref<2xi8> = dense<3>
memref.global "private" constant @u : memref<2xi8> = dense<3>
func.func @equal(%x: memref<4xi8>, %y: memref<8xi8>) {
  call @a(%x) : (memref<4xi8>) -> ()
  call @b(%x) : (memref<4xi8>) -> ()
  call @c(%y) : (memref<8xi8>) -> ()
  return
}
func.func private @a(%x: memref<4xi8>) {
  %c0 = arith.constant 0 : index
  %t = memref.get_global @t : memref<2xi8>
  %0 = memref.load %t[%c0] : memref<2xi8>
  memref.store %0, %x[%c0] : memref<4xi8>
  return
}
func.func private @b(%x: memref<4xi8>) {
  %c0 = arith.constant 0 : index
  %t = memref.get_global @u : memref<2xi8>
  %0 = memref.load %t[%c0] : memref<2xi8>
  memref.store %0, %x[%c0] : memref<4xi8>
  return
}
/// Of another type.
func.func private @c(%x: memref<8xi8>) {
  %c0 = arith.constant 0 : index
  %t = memref.get_global @u : memref<2xi8>
  %0 = memref.load %t[%c0] : memref<2xi8>
  memref.store %0, %x[%c0] : memref<8xi8>
  return
}

// -----

/// Indices that differ become arguments; one that is as far from another in all
/// functions follows from it. That 2 is 1 + 1 in one function only makes no
/// difference.
// CHECK-LABEL: @indices(
// CHECK: %[[C2:.*]] = arith.constant 2 : index
// CHECK: call @f(%{{.*}}, %[[C2]]) : (memref<9xi8>, index) -> ()
// CHECK: %[[C5:.*]] = arith.constant 5 : index
// CHECK: call @f(%{{.*}}, %[[C5]]) : (memref<9xi8>, index) -> ()
// CHECK: func.func private @f(%{{.*}}: memref<9xi8>, %[[I:.*]]: index) {
// CHECK: memref.load %{{.*}}[%[[I]]]
// CHECK: %[[TWO:.*]] = arith.constant 2 : index
// CHECK: memref.load %{{.*}}[%[[TWO]]]
// CHECK: %[[ONE:.*]] = arith.constant 1 : index
// CHECK: %[[NEXT:.*]] = arith.addi %[[I]], %[[ONE]]
// CHECK: memref.store %{{.*}}, %{{.*}}[%[[NEXT]]]
func.func @indices(%x: memref<9xi8>) {
  call @f(%x) : (memref<9xi8>) -> ()
  call @g(%x) : (memref<9xi8>) -> ()
  return
}
func.func private @f(%x: memref<9xi8>) {
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %0 = memref.load %x[%c2] : memref<9xi8>
  %1 = memref.load %x[%c2] : memref<9xi8>
  %2 = arith.addi %0, %1 : i8
  memref.store %2, %x[%c3] : memref<9xi8>
  return
}
func.func private @g(%x: memref<9xi8>) {
  %c2 = arith.constant 2 : index
  %c5 = arith.constant 5 : index
  %c6 = arith.constant 6 : index
  %0 = memref.load %x[%c5] : memref<9xi8>
  %1 = memref.load %x[%c2] : memref<9xi8>
  %2 = arith.addi %0, %1 : i8
  memref.store %2, %x[%c6] : memref<9xi8>
  return
}

// -----

/// Loops and what is in them are compared, too; their bounds, and other
/// constants than indices, must be equal.
// CHECK-LABEL: @loops(
// CHECK: call @f(
// CHECK: call @f(
// CHECK: call @g(
// CHECK: call @h(
// CHECK: call @i(
func.func @loops(%x: memref<9xi8>) {
  call @f(%x) : (memref<9xi8>) -> ()
  call @e(%x) : (memref<9xi8>) -> ()
  call @g(%x) : (memref<9xi8>) -> ()
  call @h(%x) : (memref<9xi8>) -> ()
  call @i(%x) : (memref<9xi8>) -> ()
  return
}
func.func private @f(%x: memref<9xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %v = arith.constant 1 : i8
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %v, %x[%i] : memref<9xi8>
  }
  return
}
func.func private @e(%x: memref<9xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %v = arith.constant 1 : i8
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %v, %x[%i] : memref<9xi8>
  }
  return
}
func.func private @g(%x: memref<9xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 5 : index
  %v = arith.constant 1 : i8
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %v, %x[%i] : memref<9xi8>
  }
  return
}
func.func private @h(%x: memref<9xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %v = arith.constant 2 : i8
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %v, %x[%i] : memref<9xi8>
  }
  return
}
/// Another operand.
func.func private @i(%x: memref<9xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %v = arith.constant 1 : i8
  scf.for %i = %c0 to %c4 step %c1 {
    memref.store %v, %x[%c0] : memref<9xi8>
  }
  return
}

// -----

/// A kernel with indices as arguments is none that threads share. With much
/// work it stays one, and so do others like it.
// CHECK-LABEL: @kernels(
// CHECK: call @f(
// CHECK: call @f(
// CHECK: func.func private @f(
// CHECK-NOT: qnn.kernel_units
// WORK-LABEL: @kernels(
// WORK: call @f(%{{.*}}) :
// WORK: call @g(%{{.*}}) :
// WORK: func.func private @f({{.*}} attributes {qnn.kernel_units = 2 : i64, qnn.kernel_work = 10 : i64}
// WORK: func.func private @g({{.*}} attributes {qnn.kernel_units = 2 : i64, qnn.kernel_work = 10 : i64}
func.func @kernels(%x: memref<9xi8>) {
  call @f(%x) : (memref<9xi8>) -> ()
  call @g(%x) : (memref<9xi8>) -> ()
  return
}
func.func private @f(%x: memref<9xi8>) attributes {qnn.kernel_units = 2 : i64, qnn.kernel_work = 10 : i64} {
  %c1 = arith.constant 1 : index
  %v = arith.constant 1 : i8
  memref.store %v, %x[%c1] : memref<9xi8>
  return
}
func.func private @g(%x: memref<9xi8>) attributes {qnn.kernel_units = 2 : i64, qnn.kernel_work = 10 : i64} {
  %c2 = arith.constant 2 : index
  %v = arith.constant 1 : i8
  memref.store %v, %x[%c2] : memref<9xi8>
  return
}
