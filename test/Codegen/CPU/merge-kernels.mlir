// RUN: quant-opt %s -split-input-file -qnn-merge-kernels | FileCheck %s

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

/// Functions that are no kernels are left alone.
// CHECK: func.func @a
// CHECK: func.func @b
func.func @a() {
  return
}
func.func @b() {
  return
}
