/* The self-test, alone and after a call with other data. */
#include "digits.h"
#include <stdio.h>

static _Alignas(64) unsigned char arena[DIGITS_ARENA_BYTES];
static float input[DIGITS_INPUT_0_ELEMENTS], output[DIGITS_OUTPUT_0_ELEMENTS];

int main(void) {
  printf("selftest %d", digits_selftest());
  printf(", run %d", digits_run(input, output, arena));
  printf(", parallel %d",
         digits_run_parallel(input, output, arena, NULL, NULL));
  printf(", selftest %d\n", digits_selftest());
  return 0;
}
