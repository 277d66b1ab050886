// Functions that compute the same, one for all.
// RUN: quant-opt %s --split-input-file --qnn-cpu-merge-kernels | FileCheck %s
// RUN: quant-opt %s --split-input-file --qnn-cpu-merge-kernels=max-work=10 | FileCheck %s --check-prefix=WORK

/// The same but for names and locations.
// CHECK-LABEL: func.func @model
// CHECK-NEXT: arith.constant
// CHECK-NEXT: arith.constant
// CHECK-NEXT: call @first(%{{.*}}, %{{.*}}, %{{.*}})
// CHECK-NEXT: call @first(%{{.*}}, %{{.*}}, %{{.*}})
// CHECK-NOT: @second
func.func @model(%x: memref<4xf32>, %y: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  call @first(%x, %c0, %c4) : (memref<4xf32>, index, index) -> ()
  call @second(%y, %c0, %c4) : (memref<4xf32>, index, index) -> ()
  return
}
func.func private @first(%x: memref<4xf32> {llvm.noalias}, %begin: index, %end: index) attributes {qnn.kernel_units = 4 : i64, qnn.kernel_work = 1 : i64} {
  %one = arith.constant 1.0 : f32
  %step = arith.constant 1 : index
  scf.for %i = %begin to %end step %step {
    memref.store %one, %x[%i] : memref<4xf32> loc("a")
  }
  return
}
func.func private @second(%x: memref<4xf32> {llvm.noalias}, %begin: index, %end: index) attributes {qnn.kernel_units = 4 : i64, qnn.kernel_work = 1 : i64} {
  %one = arith.constant 1.0 : f32
  %step = arith.constant 1 : index
  scf.for %i = %begin to %end step %step {
    memref.store %one, %x[%i] : memref<4xf32> loc("b")
  }
  return
}

// -----

/// A number, an operand, an attribute of an argument, units or work differ.
// CHECK-LABEL: func.func @model
// CHECK: call @base(
// CHECK: call @number(
// CHECK: call @operand(
// CHECK: call @alias(
// CHECK: call @units(
// CHECK: call @work(
func.func @model(%x: memref<4xf32>, %y: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  call @base(%x, %y, %c0, %c4) : (memref<4xf32>, memref<4xf32>, index, index) -> ()
  call @number(%x, %y, %c0, %c4) : (memref<4xf32>, memref<4xf32>, index, index) -> ()
  call @operand(%x, %y, %c0, %c4) : (memref<4xf32>, memref<4xf32>, index, index) -> ()
  call @alias(%x, %y, %c0, %c4) : (memref<4xf32>, memref<4xf32>, index, index) -> ()
  call @units(%x, %y, %c0, %c8) : (memref<4xf32>, memref<4xf32>, index, index) -> ()
  call @work(%x, %y, %c0, %c4) : (memref<4xf32>, memref<4xf32>, index, index) -> ()
  return
}
func.func private @base(%x: memref<4xf32> {llvm.noalias}, %y: memref<4xf32>, %begin: index, %end: index) attributes {qnn.kernel_units = 4 : i64, qnn.kernel_work = 1 : i64} {
  %one = arith.constant 1.0 : f32
  memref.store %one, %x[%begin] : memref<4xf32>
  return
}
func.func private @number(%x: memref<4xf32> {llvm.noalias}, %y: memref<4xf32>, %begin: index, %end: index) attributes {qnn.kernel_units = 4 : i64, qnn.kernel_work = 1 : i64} {
  %one = arith.constant 2.0 : f32
  memref.store %one, %x[%begin] : memref<4xf32>
  return
}
func.func private @operand(%x: memref<4xf32> {llvm.noalias}, %y: memref<4xf32>, %begin: index, %end: index) attributes {qnn.kernel_units = 4 : i64, qnn.kernel_work = 1 : i64} {
  %one = arith.constant 1.0 : f32
  memref.store %one, %y[%begin] : memref<4xf32>
  return
}
func.func private @alias(%x: memref<4xf32>, %y: memref<4xf32>, %begin: index, %end: index) attributes {qnn.kernel_units = 4 : i64, qnn.kernel_work = 1 : i64} {
  %one = arith.constant 1.0 : f32
  memref.store %one, %x[%begin] : memref<4xf32>
  return
}
func.func private @units(%x: memref<4xf32> {llvm.noalias}, %y: memref<4xf32>, %begin: index, %end: index) attributes {qnn.kernel_units = 8 : i64, qnn.kernel_work = 1 : i64} {
  %one = arith.constant 1.0 : f32
  memref.store %one, %x[%begin] : memref<4xf32>
  return
}
func.func private @work(%x: memref<4xf32> {llvm.noalias}, %y: memref<4xf32>, %begin: index, %end: index) attributes {qnn.kernel_units = 4 : i64, qnn.kernel_work = 2 : i64} {
  %one = arith.constant 1.0 : f32
  memref.store %one, %x[%begin] : memref<4xf32>
  return
}

// -----

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
/// work it stays one, and is merged with those of the same indices only.
// CHECK-LABEL: @kernels(
// CHECK-COUNT-3: call @f(
// CHECK: func.func private @f(
// CHECK-NOT: qnn.kernel_units
// WORK-LABEL: @kernels(
// WORK: call @f(%{{.*}}) :
// WORK: call @g(%{{.*}}) :
// WORK: call @f(%{{.*}}) :
// WORK: func.func private @f({{.*}} attributes {qnn.kernel_units = 2 : i64, qnn.kernel_work = 10 : i64}
// WORK: func.func private @g({{.*}} attributes {qnn.kernel_units = 2 : i64, qnn.kernel_work = 10 : i64}
func.func @kernels(%x: memref<9xi8>) {
  call @f(%x) : (memref<9xi8>) -> ()
  call @g(%x) : (memref<9xi8>) -> ()
  call @h(%x) : (memref<9xi8>) -> ()
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
func.func private @h(%x: memref<9xi8>) attributes {qnn.kernel_units = 2 : i64, qnn.kernel_work = 10 : i64} {
  %c1 = arith.constant 1 : index
  %v = arith.constant 1 : i8
  memref.store %v, %x[%c1] : memref<9xi8>
  return
}
