/* Two models in one program; refusals; two threads at once. */
#define QNN_THREADS
#include "first.h"
#include "second.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static _Alignas(64) unsigned char arenas[2][FIRST_ARENA_BYTES];
static _Alignas(64) unsigned char otherArena[SECOND_ARENA_BYTES];

static void *runMany(void *arena) {
  uint8_t in[FIRST_INPUT_0_ELEMENTS], out[FIRST_OUTPUT_0_ELEMENTS];
  uint8_t expected[FIRST_OUTPUT_0_ELEMENTS];
  long failures = 0;
  memset(in, 9, sizeof in);
  first_run(in, expected, arena);
  for (int i = 0; i < 2000; ++i) {
    memset(out, 0, sizeof out);
    failures += first_run(in, out, arena) != 0;
    failures += memcmp(out, expected, sizeof out) != 0;
  }
  return (void *)failures;
}

/* The same bytes with a pool, again and again, and without one. */
static long runShared(int threads) {
  uint8_t in[FIRST_INPUT_0_ELEMENTS], out[FIRST_OUTPUT_0_ELEMENTS];
  uint8_t expected[FIRST_OUTPUT_0_ELEMENTS];
  long failures = 0;
  qnn_pool *pool = qnn_pool_create(threads);
  memset(in, 9, sizeof in);
  first_run(in, expected, arenas[0]);
  for (int i = 0; i < 2000; ++i) {
    memset(out, 0, sizeof out);
    failures += first_run_parallel(in, out, arenas[0], qnn_pool_run, pool) != 0;
    failures += memcmp(out, expected, sizeof out) != 0;
  }
  qnn_pool_destroy(pool);
  failures += first_run_parallel(in, out, arenas[0], NULL, NULL) != 0;
  failures += first_run_parallel(in, out, NULL, NULL, NULL) != 1;
  return failures;
}

int main(void) {
  uint8_t in[FIRST_INPUT_0_ELEMENTS], out[FIRST_OUTPUT_0_ELEMENTS];
  float x[SECOND_INPUT_0_ELEMENTS] = {1, -2, 3}, y[SECOND_OUTPUT_0_ELEMENTS];
  for (int i = 0; i < FIRST_INPUT_0_ELEMENTS; ++i)
    in[i] = (uint8_t)(i * 3);

  printf("first %d:", first_run(in, out, arenas[0]));
  for (int i = 0; i < FIRST_OUTPUT_0_ELEMENTS; ++i)
    printf(" %d", out[i]);
  printf("\nsecond %d:", second_run(x, y, otherArena));
  for (int i = 0; i < SECOND_OUTPUT_0_ELEMENTS; ++i)
    printf(" %g", y[i]);

  memset(out, 77, sizeof out);
  printf("\nmisaligned %d", first_run(in, out, arenas[0] + 1));
  printf(", no arena %d", first_run(in, out, NULL));
  printf(", no input %d", first_run(NULL, out, arenas[0]));
  printf(", no output %d", first_run(in, NULL, arenas[0]));
  printf(", untouched %d\n", out[0] == 77);
  /* The second model needs no memory. */
  printf("null arena of 0 bytes %d\n", second_run(x, y, NULL));

  pthread_t threads[2];
  long failures = 0;
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, runMany, arenas[i]);
  for (int i = 0; i < 2; ++i) {
    void *result;
    pthread_join(threads[i], &result);
    failures += (long)result;
  }
  printf("threads: %ld failures\n", failures);
  printf("pool: %ld failures\n", runShared(1) + runShared(2) + runShared(5));
  return 0;
}
