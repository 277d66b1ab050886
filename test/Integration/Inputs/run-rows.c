// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a compiled model with one input and one output on every row of a file:
//
//   run-rows INPUT OUTPUT
//
// Both files hold the rows one after the other, nothing else. The model comes
// from the command line of the compiler:
//
//   cc -DMODEL_HEADER='"digits.h"' -DMODEL=DIGITS -DMODEL_RUN=digits_run
//      run-rows.c digits.o
//
// The arena is full of garbage at the start, because the caller's memory is;
// guard bytes behind it and behind the output show a write past the end.

#include MODEL_HEADER

#include <stdio.h>
#include <string.h>

#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)

enum {
  kInputBytes = CONCAT(MODEL, _INPUT_0_BYTES),
  kOutputBytes = CONCAT(MODEL, _OUTPUT_0_BYTES),
  kArenaBytes = CONCAT(MODEL, _ARENA_BYTES),
  kGuardBytes = 64,
  kGarbage = 0xA5
};

#if CONCAT(MODEL, _NUM_INPUTS) != 1 || CONCAT(MODEL, _NUM_OUTPUTS) != 1
#error "run-rows.c is for models with one input and one output"
#endif

static _Alignas(64) unsigned char input[kInputBytes];
static _Alignas(64) unsigned char output[kOutputBytes + kGuardBytes];
static _Alignas(64) unsigned char arena[kArenaBytes + kGuardBytes];

static int isIntact(const unsigned char *guard) {
  for (int i = 0; i < kGuardBytes; ++i)
    if (guard[i] != kGarbage)
      return 0;
  return 1;
}

static int runRows(FILE *in, FILE *out) {
  memset(output, kGarbage, sizeof output);
  memset(arena, kGarbage, sizeof arena);
  long row = 0;
  size_t count;
  while ((count = fread(input, 1, kInputBytes, in)) == kInputBytes) {
    int status = MODEL_RUN((void *)input, (void *)output, arena);
    if (status != 0) {
      fprintf(stderr, "row %ld: the model returned %d\n", row, status);
      return 1;
    }
    if (!isIntact(output + kOutputBytes) || !isIntact(arena + kArenaBytes)) {
      fprintf(stderr, "row %ld: a write past the end of a buffer\n", row);
      return 1;
    }
    if (fwrite(output, 1, kOutputBytes, out) != kOutputBytes) {
      fprintf(stderr, "row %ld: the output cannot be written\n", row);
      return 1;
    }
    ++row;
  }
  if (count != 0 || row == 0) {
    fprintf(stderr, "the input is not a whole number of rows of %d bytes\n",
            (int)kInputBytes);
    return 1;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s INPUT OUTPUT\n", argv[0]);
    return 2;
  }
  FILE *in = fopen(argv[1], "rb");
  FILE *out = fopen(argv[2], "wb");
  if (!in || !out) {
    fprintf(stderr, "cannot open %s\n", in ? argv[2] : argv[1]);
    return 2;
  }
  int status = runRows(in, out);
  fclose(in);
  return fclose(out) != 0 || status;
}
