// The header in C++.
#include "first.h"
#include <cstdio>

alignas(FIRST_ARENA_ALIGNMENT) static unsigned char arena[FIRST_ARENA_BYTES];

int main() {
  constexpr int shape[] = FIRST_INPUT_0_SHAPE;
  static_assert(sizeof(FIRST_INPUT_0_TYPE) == 1 && shape[3] == 2, "type");
  FIRST_INPUT_0_TYPE in[FIRST_INPUT_0_ELEMENTS];
  FIRST_OUTPUT_0_TYPE out[FIRST_OUTPUT_0_ELEMENTS];
  for (int i = 0; i < FIRST_INPUT_0_ELEMENTS; ++i)
    in[i] = i * 3;
  std::printf("%d:", first_run(in, out, arena));
  for (auto code : out)
    std::printf(" %d", code);
  std::printf("\n");
}
