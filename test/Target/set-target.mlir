// RUN: quant-opt %s -qnn-set-target="triple=x86_64-linux-gnu cpu=haswell" | FileCheck %s --check-prefix=HASWELL
// RUN: quant-opt %s -qnn-set-target="triple=x86_64-linux-gnu cpu=icelake-server" | FileCheck %s --check-prefix=ICELAKE
// RUN: quant-opt %s -qnn-set-target="triple=x86_64-linux-gnu cpu=cascadelake" | FileCheck %s --check-prefix=CASCADE
// RUN: quant-opt %s -qnn-set-target="triple=x86_64-linux-gnu cpu=icelake-server features=-avx512f" | FileCheck %s --check-prefix=HASWELL
// RUN: quant-opt %s -qnn-set-target="triple=x86_64-linux-gnu" | FileCheck %s --check-prefix=SSE2
// RUN: quant-opt %s -qnn-set-target="triple=riscv64-linux-gnu" | FileCheck %s --check-prefix=GENERIC
// RUN: quant-opt %s -qnn-set-target="triple=aarch64-linux-gnu cpu=cortex-a76" | FileCheck %s --check-prefix=ARM
// RUN: not quant-opt %s -qnn-set-target="triple=x86_64-linux-gnu cpu=i9" 2>&1 | FileCheck %s --check-prefix=ERROR

// HASWELL: module attributes {qnn.target = "avx2"}
// ICELAKE: module attributes {qnn.target = "avx512vbmi"}
// CASCADE: module attributes {qnn.target = "avx512vnni"}
// SSE2: module attributes {qnn.target = "sse2"}
// GENERIC: module attributes {qnn.target = "generic"}
// ARM: module attributes {qnn.target = "neon+dotprod"}
// ERROR: error: unknown CPU 'i9' for target triple
module {
}
