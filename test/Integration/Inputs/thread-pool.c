/* The pool by itself: every unit once, whatever the number of threads. */
#define QNN_THREADS
#include "first.h"
#include <stdio.h>

enum { NUM_CALLS = 20000, MAX_UNITS = 40 };
/* Not atomic: the pool orders what its threads and its caller do. */
static int units[MAX_UNITS];

static void increment(void *data, int64_t begin, int64_t end) {
  int *counts = (int *)data;
  for (int64_t i = begin; i < end; ++i)
    ++counts[i];
}

static void incrementToo(void *data, int64_t begin, int64_t end) {
  increment(data, begin, end);
}

/* Shares all calls, while qnn_pool_run shares those that are worth it. */
static void share(void *pool, int64_t count, qnn_task task, void *data) {
  qnn_pool_share((qnn_pool *)pool, count, task, data);
}

/* How many units were not done once. Rounds have three calls, and at times
 * two or four. */
static long runCalls(qnn_pool *pool, qnn_parallel_for parallelFor) {
  long failures = 0;
  for (int call = 0; call < NUM_CALLS; ++call) {
    int count = call % (MAX_UNITS + 1);
    int isFirst = call % 3 == 0 && call % 1000 != 0;
    parallelFor(pool, count, isFirst ? increment : incrementToo, units);
    for (int i = 0; i < MAX_UNITS; ++i) {
      failures += units[i] != (i < count);
      units[i] = 0;
    }
  }
  return failures;
}

/* The way of rounds that take 1600 ns alone. */
static int chooseWay(int64_t shared, int64_t mixed) {
  qnn_rounds rounds;
  rounds.time[QNN_SHARED] = shared;
  rounds.time[QNN_ALONE] = 1600;
  rounds.time[QNN_MIXED] = mixed;
  qnn_rounds_choose(&rounds);
  return rounds.best_way;
}

/* What needs other threads has to save a sixteenth, 100 ns. */
static long checkChoices(void) {
  return (chooseWay(1500, 1500) != QNN_ALONE) +
         (chooseWay(1499, 1500) != QNN_SHARED) +
         (chooseWay(1499, 1400) != QNN_MIXED) +
         (chooseWay(1400, 1499) != QNN_SHARED);
}

int main(void) {
  long failures = checkChoices();
  for (int threads = -1; threads < 6; ++threads) {
    qnn_pool *pool = qnn_pool_create(threads);
    failures += runCalls(pool, share);
    failures += runCalls(pool, qnn_pool_run);
    qnn_pool_destroy(pool);
  }
  /* No pool: what qnn_pool_create returns where threads are lacking. */
  failures += runCalls(NULL, qnn_pool_run);
  for (int i = 0; i < 100; ++i)
    qnn_pool_destroy(qnn_pool_create(3));
  printf("%ld failures\n", failures);
  return failures != 0;
}
