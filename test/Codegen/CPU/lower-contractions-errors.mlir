// RUN: quant-opt %s -qnn-cpu-lower-contractions -verify-diagnostics

// expected-error @below {{expects qnn.target to be one of 'avx512vbmi', 'avx512vnni', 'avxvnni', 'avx512bw', 'avx2', 'sse4.1', 'sse2', 'neon+i8mm', 'neon+dotprod', 'neon', 'rvv', 'generic', got 'i486'}}
module attributes {qnn.target = "i486"} {
}
