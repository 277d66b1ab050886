// Functions of codes become tables.
// RUN: quant-opt %s -split-input-file --qnn-legalize | FileCheck %s

!x = !quant.uniform<i8<-2:1>:f32, 2.0:-1>
!y = !quant.uniform<u8<0:4>:f32, 0.25>

/// Of -2, 0, 2 and 4: 0.12, 0.5, 0.88 and 0.98, in quarters.
// CHECK-LABEL: @sigmoid(
// CHECK: qnn.lookup %{{.*}} table(dense<[0, 2, 4, 4]> : tensor<4xi8>) offset(-2) : (tensor<3xsi8>) -> tensor<3xui8>
func.func @sigmoid(%x: tensor<3x!x>) -> tensor<3x!y> {
  %0 = qnn.sigmoid %x : (tensor<3x!x>) -> tensor<3x!y>
  return %0 : tensor<3x!y>
}

// -----

!x = !quant.uniform<i8<-2:1>:f32, 2.0:-1>
!z = !quant.uniform<i8:f32, 0.5:1>

/// All functions; of negative numbers a root is NaN, the smallest code.
// CHECK-LABEL: @all(
// CHECK: table(dense<[5, 1, 5, 9]>
// CHECK: table(dense<[1, 3, 16, 110]>
// CHECK: table(dense<[-128, -128, 2, 4]>
// CHECK: table(dense<[-1, 1, 3, 3]>
// CHECK: table(dense<[-128, 1, 4, 5]>
// CHECK: table(dense<[-1, 1, 3, 3]>
func.func @all(%x: tensor<3x!x>) {
  %0 = qnn.abs %x : (tensor<3x!x>) -> tensor<3x!z>
  %1 = qnn.exp %x : (tensor<3x!x>) -> tensor<3x!z>
  %2 = qnn.log %x : (tensor<3x!x>) -> tensor<3x!z>
  %3 = qnn.sign %x : (tensor<3x!x>) -> tensor<3x!z>
  %4 = qnn.sqrt %x : (tensor<3x!x>) -> tensor<3x!z>
  %5 = qnn.tanh %x : (tensor<3x!x>) -> tensor<3x!z>
  return
}
