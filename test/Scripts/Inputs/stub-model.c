// The sum of two bytes. Defining OVERRUN writes that many bytes too far.
#include "stub-model.h"

#ifndef OVERRUN
#define OVERRUN 0
#endif

int stub_run(const unsigned char *input, unsigned char *output, void *arena) {
  for (int i = 0; i < STUB_ARENA_BYTES + OVERRUN; ++i)
    ((unsigned char *)arena)[i] = 0;
  if (input[0] == 'x')
    return 7;
  output[0] = (unsigned char)(input[0] + input[1]);
  return 0;
}
