// RUN: quant-opt %s -qnn-lower-pipeline | FileCheck %s
// RUN: quant-opt %s -qnn-lower-pipeline -qnn-codegen-pipeline | FileCheck %s --check-prefix=CODEGEN

/// The result is written to the caller's memory, the padding around the
/// requantized codes is made in place: no copies.
// CHECK-LABEL: func.func @net
// CHECK-SAME: (%{{.*}}: memref<1x4x4x2xi8>{{.*}}, %[[OUT:.*]]: memref<1x4x4x2xi8>{{.*}}, %{{.*}}: memref<{{[0-9]*}}xi8>)
// CHECK-NOT: memref.copy
// CHECK-NOT: memref.alloc
// CHECK: %[[FLAT:.*]] = memref.reinterpret_cast %[[OUT]]
// CHECK: call @kernel(%{{.*}}, %[[FLAT]],
// CODEGEN-LABEL: llvm.func @net_run
// CODEGEN-NOT: func.func
func.func @net(%x: tensor<1x4x4x2xui8>) -> tensor<1x4x4x2xui8> {
  %w = qnn.constant dense<1> : tensor<2x3x3x2xi8> as tensor<2x3x3x2xsi8>
  %a = qnn.conv2d %x, %w pad [1, 1, 1, 1] : (tensor<1x4x4x2xui8>, tensor<2x3x3x2xsi8>) -> tensor<1x4x4x2xi32>
  %r = qnn.rescale %a multiplier(dense<0.125> : tensor<f32>) range(0, 255) : (tensor<1x4x4x2xi32>) -> tensor<1x4x4x2xui8>
  return %r : tensor<1x4x4x2xui8>
}
