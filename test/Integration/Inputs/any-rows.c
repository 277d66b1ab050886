// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model that takes any number of rows, of one float input and one float
// output: all numbers of rows around those of blocks, and those that are none.
//
//   cc -DMODEL_HEADER='"dense.h"' -DMODEL=DENSE -DPREFIX=dense any-rows.c
//   dense.o
//
// With -DHAS_SELFTEST it is for several CPUs.

#define QNN_THREADS
#include MODEL_HEADER

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)
#define RUN CONCAT(PREFIX, _run)
#define RUN_PARALLEL CONCAT(PREFIX, _run_parallel)

enum {
  kMaxRows = 70,
  kInputs = CONCAT(MODEL, _INPUT_0_ELEMENTS),
  kOutputs = CONCAT(MODEL, _OUTPUT_0_ELEMENTS)
};

static float input[kMaxRows * kInputs], expected[kMaxRows * kOutputs];
/* One row more, which no call may touch. */
static float output[(kMaxRows + 1) * kOutputs];
static _Alignas(64) unsigned char arena[CONCAT(MODEL, _ARENA_BYTES) + 64];

static void clear(void) {
  for (int i = 0; i < (kMaxRows + 1) * kOutputs; ++i)
    output[i] = -1e9f;
  memset(arena, 0xA5, sizeof arena);
}

/* The outputs of n rows, and nothing behind them, nor behind the arena. */
static int isRight(int64_t n) {
  for (int i = 0; i < kOutputs; ++i)
    if (output[n * kOutputs + i] != -1e9f)
      return 0;
  for (int i = 1; i <= 64; ++i)
    if (arena[sizeof arena - i] != 0xA5)
      return 0;
  return memcmp(output, expected, sizeof(float) * kOutputs * n) == 0;
}

int main(void) {
  int failures = 0;
  for (int i = 0; i < kMaxRows * kInputs; ++i)
    input[i] = (float)(rand() % 33 - 16) / 16;
  for (int row = 0; row < kMaxRows; ++row)
    failures += RUN(input + row * kInputs, expected + row * kOutputs, 1, arena);

  qnn_pool *pool = qnn_pool_create(2);
  for (int64_t n = 0; n <= kMaxRows; ++n) {
    clear();
    failures += RUN(input, output, n, arena) != 0 || !isRight(n);
    clear();
    failures +=
        RUN_PARALLEL(input, output, n, arena, qnn_pool_run, pool) != 0 ||
        !isRight(n);
  }
  qnn_pool_destroy(pool);
  printf("%d failures, blocks of %d\n", failures, CONCAT(MODEL, _ROW_BLOCK));

  clear();
  printf("no rows %d, negative %d, smallest %d", RUN(NULL, NULL, 0, NULL),
         RUN(input, output, -1, arena), RUN(input, output, INT64_MIN, arena));
  printf(", no input %d, misaligned %d", RUN(NULL, output, 3, arena),
         RUN(input, output, 3, arena + 1));
  printf(", untouched %d\n", isRight(0));
#ifdef HAS_SELFTEST
  printf("self-test %d\n", CONCAT(PREFIX, _selftest)());
#endif
  return 0;
}
