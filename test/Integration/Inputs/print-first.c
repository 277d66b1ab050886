/* Prints the result of @first. */
#include "first.h"
#include <stdio.h>

static _Alignas(64) unsigned char arena[FIRST_ARENA_BYTES];

int main(void) {
  uint8_t in[FIRST_INPUT_0_ELEMENTS], out[FIRST_OUTPUT_0_ELEMENTS];
  for (int i = 0; i < FIRST_INPUT_0_ELEMENTS; ++i)
    in[i] = (uint8_t)(i * 3);
  printf("%d:", first_run(in, out, arena));
  for (int i = 0; i < FIRST_OUTPUT_0_ELEMENTS; ++i)
    printf(" %d", out[i]);
  printf("\n");
  return 0;
}
