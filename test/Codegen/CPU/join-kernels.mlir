// RUN: quant-opt %s -split-input-file -qnn-cpu-join-kernels='min-work=100 hand-over=20' | FileCheck %s

/// The second kernel reads the rows that the first one has written, of which a
/// unit has two: parts are a unit of the first one and two of the second.
// CHECK: memref.global "private" constant @parts : memref<5xi32> = dense<[0, 2, 4, 6, 8]>
// CHECK-LABEL: @chain(
// CHECK: call @kernel(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) : (memref<64xi8>, memref<64xi8>, memref<64xi8>, index, index) -> ()
// CHECK-NEXT: return
// CHECK: func.func private @kernel(%[[X:.*]]: memref<64xi8> {llvm.readonly}, %[[T:.*]]: memref<64xi8>, %[[Y:.*]]: memref<64xi8>, %[[BEGIN:.*]]: index, %[[END:.*]]: index)
// CHECK-SAME: qnn.kernel_units = 4 : i64, qnn.kernel_work = 300 : i64
// CHECK: call @first(%[[X]], %[[T]], %[[BEGIN]], %[[END]])
// CHECK: %[[PARTS:.*]] = memref.get_global @parts
// CHECK: %[[B:.*]] = memref.load %[[PARTS]][%[[BEGIN]]]
// CHECK: %[[SECOND_BEGIN:.*]] = arith.index_cast %[[B]]
// CHECK: %[[E:.*]] = memref.load %[[PARTS]][%[[END]]]
// CHECK: %[[SECOND_END:.*]] = arith.index_cast %[[E]]
// CHECK: call @second(%[[T]], %[[Y]], %[[SECOND_BEGIN]], %[[SECOND_END]])
module {
  func.func @chain(%x: memref<64xi8>, %y: memref<64xi8>, %arena: memref<128xi8>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %t = memref.view %arena[%c0][] : memref<128xi8> to memref<64xi8>
    func.call @first(%x, %t, %c0, %c4) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    func.call @second(%t, %y, %c0, %c8) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    return
  }
  func.func private @first(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 20, 16, 36, 32, 52, 48, 64>, array<i64: 0, 16, 16, 32, 32, 48, 48, 64>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 100 : i64} {
    return
  }
  func.func private @second(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 8, 8, 16, 16, 24, 24, 32, 32, 40, 40, 48, 48, 56, 56, 64>,
                             array<i64: 0, 8, 8, 16, 16, 24, 24, 32, 32, 40, 40, 48, 48, 56, 56, 64>],
      qnn.kernel_units = 8 : i64, qnn.kernel_work = 200 : i64} {
    return
  }
}

// -----

/// The second kernel reads a byte of the next unit, too.
// CHECK-LABEL: @negative_halo(
// CHECK-NOT: call @kernel(
// CHECK: call @first(
// CHECK: call @second(
module {
  func.func @negative_halo(%x: memref<64xi8>, %y: memref<64xi8>, %arena: memref<128xi8>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %t = memref.view %arena[%c0][] : memref<128xi8> to memref<64xi8>
    func.call @first(%x, %t, %c0, %c4) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    func.call @second(%t, %y, %c0, %c4) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    return
  }
  func.func private @first(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 16, 16, 32, 32, 48, 48, 64>, array<i64: 0, 16, 16, 32, 32, 48, 48, 64>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 100 : i64} {
    return
  }
  func.func private @second(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 17, 16, 33, 32, 49, 48, 64>, array<i64: 0, 16, 16, 32, 32, 48, 48, 64>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 100 : i64} {
    return
  }
}

// -----

/// Units in another order than their rows: the third unit of the second kernel
/// needs the first one of the first.
// CHECK-LABEL: @negative_other_order(
// CHECK-NOT: call @kernel(
// CHECK: call @first(
// CHECK: call @second(
module {
  func.func @negative_other_order(%x: memref<64xi8>, %y: memref<64xi8>, %arena: memref<128xi8>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %t = memref.view %arena[%c0][] : memref<128xi8> to memref<64xi8>
    func.call @first(%x, %t, %c0, %c4) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    func.call @second(%t, %y, %c0, %c4) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    return
  }
  func.func private @first(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 16, 16, 32, 32, 48, 48, 64>, array<i64: 32, 48, 0, 16, 16, 32, 48, 64>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 100 : i64} {
    return
  }
  func.func private @second(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 16, 16, 32, 32, 48, 48, 64>, array<i64: 0, 16, 16, 32, 32, 48, 48, 64>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 100 : i64} {
    return
  }
}

// -----

/// The second kernel writes where other units of the first one still read.
// CHECK-LABEL: @negative_place_used_again(
// CHECK-NOT: call @kernel(
// CHECK: call @first(
// CHECK: call @second(
module {
  func.func @negative_place_used_again(%arena: memref<128xi8>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %c64 = arith.constant 64 : index
    %x = memref.view %arena[%c0][] : memref<128xi8> to memref<64xi8>
    %t = memref.view %arena[%c64][] : memref<128xi8> to memref<64xi8>
    %y = memref.view %arena[%c8][] : memref<128xi8> to memref<64xi8>
    func.call @first(%x, %t, %c0, %c4) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    func.call @second(%t, %y, %c0, %c4) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    return
  }
  func.func private @first(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 16, 16, 32, 32, 48, 48, 64>, array<i64: 0, 16, 16, 32, 32, 48, 48, 64>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 100 : i64} {
    return
  }
  func.func private @second(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 16, 16, 32, 32, 48, 48, 64>, array<i64: 0, 16, 16, 32, 32, 48, 48, 64>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 100 : i64} {
    return
  }
}

// -----

/// Borders that are filled go with the rows that they are next to: what is
/// before the rows with the first part, what is behind with the last one.
// CHECK-DAG: @[[BEHIND:.*]] : memref<5xi32> = dense<[0, 0, 0, 0, 1]>
// CHECK-DAG: @[[BEFORE:.*]] : memref<5xi32> = dense<[0, 1, 1, 1, 1]>
// CHECK-LABEL: @borders(
// CHECK: call @kernel(
// CHECK-NEXT: return
// CHECK: func.func private @kernel(%[[Y:.*]]: memref<80xi8>, %[[X:.*]]: memref<64xi8> {llvm.readonly}, %[[BEGIN:.*]]: index, %[[END:.*]]: index)
// CHECK: memref.get_global @[[BEFORE]]
// CHECK: call @before(%[[Y]],
// CHECK: memref.get_global @[[BEHIND]]
// CHECK: call @behind(%[[Y]],
// CHECK: call @rows(%[[X]], %[[Y]], %[[BEGIN]], %[[END]])
module {
  func.func @borders(%x: memref<64xi8>, %y: memref<80xi8>, %arena: memref<64xi8>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    func.call @before(%y, %c0, %c1) : (memref<80xi8>, index, index) -> ()
    func.call @behind(%y, %c0, %c1) : (memref<80xi8>, index, index) -> ()
    func.call @rows(%x, %y, %c0, %c4) : (memref<64xi8>, memref<80xi8>, index, index) -> ()
    return
  }
  func.func private @before(%y: memref<80xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 8>], qnn.kernel_units = 1 : i64, qnn.kernel_work = 1 : i64} {
    return
  }
  func.func private @behind(%y: memref<80xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 72, 80>], qnn.kernel_units = 1 : i64, qnn.kernel_work = 1 : i64} {
    return
  }
  func.func private @rows(%x: memref<64xi8> {llvm.readonly}, %y: memref<80xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 16, 16, 32, 32, 48, 48, 64>, array<i64: 8, 24, 24, 40, 40, 56, 56, 72>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 100 : i64} {
    return
  }
}

// -----

/// Two parts of so much work may keep a thread waiting for longer than handing
/// over each kernel, of four units, takes.
// CHECK-LABEL: @negative_few_parts(
// CHECK-NOT: call @kernel(
// CHECK: call @first(
// CHECK: call @second(
module {
  func.func @negative_few_parts(%x: memref<64xi8>, %y: memref<64xi8>, %arena: memref<128xi8>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %t = memref.view %arena[%c0][] : memref<128xi8> to memref<64xi8>
    func.call @first(%x, %t, %c0, %c4) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    func.call @second(%t, %y, %c0, %c4) : (memref<64xi8>, memref<64xi8>, index, index) -> ()
    return
  }
  func.func private @first(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 16, 16, 32, 32, 48, 48, 64>, array<i64: 0, 16, 16, 32, 32, 48, 48, 64>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 1000 : i64} {
    return
  }
  func.func private @second(%x: memref<64xi8> {llvm.readonly}, %y: memref<64xi8>, %begin: index, %end: index) attributes {
      qnn.kernel_accesses = [array<i64: 0, 32, 0, 32, 32, 64, 32, 64>, array<i64: 0, 16, 16, 32, 32, 48, 48, 64>],
      qnn.kernel_units = 4 : i64, qnn.kernel_work = 1000 : i64} {
    return
  }
}
