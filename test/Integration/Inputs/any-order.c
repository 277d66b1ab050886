/* Units of every call in some order, in parts of some size: the bytes are those
 * of the calling thread alone. Prints the number of calls of a run. */
#include MODEL_HEADER
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#define CONCAT_NOW(a, b) a##b
#define CONCAT(a, b) CONCAT_NOW(a, b)
#define RUN CONCAT(PREFIX, _run)
#define RUN_PARALLEL CONCAT(PREFIX, _run_parallel)
#define INPUT_BYTES CONCAT(MODEL, _INPUT_0_BYTES)
#define OUTPUT_BYTES CONCAT(MODEL, _OUTPUT_0_BYTES)

enum { NUM_RUNS = 100, MAX_PARTS = 256 };

static uint32_t getRandom(void) {
  static uint32_t state;
  state = state * 1664525u + 1013904223u;
  return state >> 8;
}

static int numCalls;

static void runBackwards(void *context, int64_t count, qnn_task task,
                         void *data) {
  (void)context;
  ++numCalls;
  for (int64_t i = count; i > 0; --i)
    task(data, i - 1, i);
}

static void runInAnyOrder(void *context, int64_t count, qnn_task task,
                          void *data) {
  int64_t bounds[MAX_PARTS + 1] = {0};
  int order[MAX_PARTS];
  int numParts = 0;
  (void)context;
  while (bounds[numParts] < count && numParts < MAX_PARTS - 1) {
    int64_t next = bounds[numParts] + 1 + getRandom() % 4;
    order[numParts] = numParts;
    bounds[++numParts] = next < count ? next : count;
  }
  order[numParts] = numParts;
  bounds[++numParts] = count;
  for (int i = numParts - 1; i > 0; --i) {
    int other = (int)(getRandom() % (uint32_t)(i + 1));
    int part = order[i];
    order[i] = order[other];
    order[other] = part;
  }
  for (int i = 0; i < numParts; ++i)
    if (bounds[order[i]] < bounds[order[i] + 1])
      task(data, bounds[order[i]], bounds[order[i] + 1]);
}

int main(void) {
  static alignas(64) char arena[CONCAT(MODEL, _ARENA_BYTES)];
  static alignas(64) float input[INPUT_BYTES / sizeof(float)];
  static alignas(64) float alone[OUTPUT_BYTES / sizeof(float)];
  static alignas(64) float shared[OUTPUT_BYTES / sizeof(float)];
  int failures = 0;
  for (int run = 0; run < NUM_RUNS; ++run) {
    for (size_t i = 0; i < INPUT_BYTES / sizeof(float); ++i)
      input[i] = (float)(getRandom() % 256) / 255 * INPUT_LIMIT;
    memset(arena, run, sizeof(arena));
    failures += RUN(input, alone, arena) != 0;
    memset(arena, ~run, sizeof(arena));
    failures += RUN_PARALLEL(input, shared, arena,
                             run % 4 ? runInAnyOrder : runBackwards, NULL) != 0;
    failures += memcmp(alone, shared, OUTPUT_BYTES) != 0;
  }
  printf("%d failures, %d calls\n", failures, numCalls / (NUM_RUNS / 4));
  return failures != 0;
}
