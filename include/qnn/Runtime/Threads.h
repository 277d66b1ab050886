// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* A pool of threads for <model>_run_parallel, for C11 and C++ with POSIX
 * threads. Define QNN_THREADS before including the header of a model to get it:
 *
 *   qnn_pool *pool = qnn_pool_create(2);
 *   model_run_parallel(input, output, arena, qnn_pool_run, pool);
 *   qnn_pool_destroy(pool);
 *
 * The threads of a pool, of which the caller is one, take parts of the work
 * until none is left, so nobody waits for a thread that comes late; for one
 * that is put aside in the middle of a part the others do. Threads that share a
 * CPU are slower than one alone: give them CPUs of their own. They look for
 * work for some tens of microseconds before they sleep: models that run often
 * find them awake. Calls with one pool must not overlap. */
#ifndef QNN_THREADS_H
#define QNN_THREADS_H

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct qnn_pool {
  /* What is to be done; constant while parts of it are out. */
  qnn_task task;
  void *data;
  int64_t count;
  /* Number of the call in the high 32 bits, next unit in the low ones: a
   * thread takes units by exchanging it, which fails if the call is over.
   * Numbers are even; an odd one stands while the fields above change. */
  uint64_t state;
  int64_t done;
  /* For threads that sleep. */
  int sleepers;
  int stop;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  int num_workers;
  pthread_t *workers;
} qnn_pool;

static inline void qnn_pool_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Takes and computes parts of call number `call` until none is left. */
static inline void qnn_pool_work(qnn_pool *pool, uint32_t call) {
  for (;;) {
    uint64_t state = __atomic_load_n(&pool->state, __ATOMIC_ACQUIRE);
    int64_t count = __atomic_load_n(&pool->count, __ATOMIC_ACQUIRE);
    int64_t begin = (int64_t)(state & 0xffffffffu);
    /* Two thirds of an equal share of what is left: parts become smaller, so
     * that all threads end at about the same time. */
    int64_t divisor = 3 * ((int64_t)pool->num_workers + 1);
    int64_t end = begin + (2 * (count - begin) + divisor - 1) / divisor;
    if ((uint32_t)(state >> 32) != call || begin >= count)
      return;
    if (end > count)
      end = count;
    if (!__atomic_compare_exchange_n(&pool->state, &state,
                                     (state & ~0xffffffffull) | (uint64_t)end,
                                     0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
      continue;
    pool->task(pool->data, begin, end);
    __atomic_add_fetch(&pool->done, end - begin, __ATOMIC_RELEASE);
  }
}

/* The number of the call that is open, or `call` if none but that is. */
static inline uint32_t qnn_pool_open_call(qnn_pool *pool, uint32_t call) {
  uint64_t state = __atomic_load_n(&pool->state, __ATOMIC_SEQ_CST);
  uint32_t number = (uint32_t)(state >> 32);
  return number % 2 == 0 ? number : call;
}

/* Waits for another call than `call`; returns its number. */
static inline uint32_t qnn_pool_wait(qnn_pool *pool, uint32_t call) {
  uint32_t next;
  for (int i = 0; i < 4096; ++i) {
    next = qnn_pool_open_call(pool, call);
    if (next != call)
      return next;
    qnn_pool_pause();
  }
  pthread_mutex_lock(&pool->mutex);
  __atomic_add_fetch(&pool->sleepers, 1, __ATOMIC_SEQ_CST);
  while ((next = qnn_pool_open_call(pool, call)) == call)
    pthread_cond_wait(&pool->wake, &pool->mutex);
  __atomic_sub_fetch(&pool->sleepers, 1, __ATOMIC_RELAXED);
  pthread_mutex_unlock(&pool->mutex);
  return next;
}

static inline void *qnn_pool_loop(void *argument) {
  qnn_pool *pool = (qnn_pool *)argument;
  uint32_t call = 0;
  for (;;) {
    call = qnn_pool_wait(pool, call);
    if (__atomic_load_n(&pool->stop, __ATOMIC_ACQUIRE))
      return NULL;
    qnn_pool_work(pool, call);
  }
}

/* Begins the next call. */
static inline uint32_t qnn_pool_begin(qnn_pool *pool, int64_t count,
                                      qnn_task task, void *data) {
  uint64_t last = __atomic_load_n(&pool->state, __ATOMIC_RELAXED);
  uint32_t call = (uint32_t)(last >> 32) + 2;
  __atomic_store_n(&pool->state, (uint64_t)(call - 1) << 32, __ATOMIC_SEQ_CST);
  __atomic_store_n(&pool->count, count, __ATOMIC_RELEASE);
  pool->task = task;
  pool->data = data;
  pool->done = 0;
  __atomic_store_n(&pool->state, (uint64_t)call << 32, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&pool->sleepers, __ATOMIC_SEQ_CST) > 0) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
  }
  return call;
}

/* A qnn_parallel_for; the context is the pool, or null for the calling thread
 * alone. Counts must be below 2^31. */
static inline void qnn_pool_run(void *context, int64_t count, qnn_task task,
                                void *data) {
  qnn_pool *pool = (qnn_pool *)context;
  if (!pool) {
    task(data, 0, count);
    return;
  }
  uint32_t call = qnn_pool_begin(pool, count, task, data);
  qnn_pool_work(pool, call);
  for (int i = 0; __atomic_load_n(&pool->done, __ATOMIC_ACQUIRE) != count;
       ++i) {
    qnn_pool_pause();
    /* The other thread may wait for this CPU. */
    if (i % 1024 == 1023)
      sched_yield();
  }
}

static inline void qnn_pool_destroy(qnn_pool *pool) {
  if (!pool)
    return;
  __atomic_store_n(&pool->stop, 1, __ATOMIC_RELEASE);
  qnn_pool_begin(pool, 0, NULL, NULL);
  for (int i = 0; i < pool->num_workers; ++i)
    pthread_join(pool->workers[i], NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool->workers);
  free(pool);
}

/* A pool of `num_threads` threads including the caller; NULL if memory or
 * threads are lacking, with which qnn_pool_run does without them. */
static inline qnn_pool *qnn_pool_create(int num_threads) {
  qnn_pool *pool = (qnn_pool *)calloc(1, sizeof(qnn_pool));
  if (!pool)
    return NULL;
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  int wanted = num_threads > 1 ? num_threads - 1 : 0;
  pool->workers = (pthread_t *)calloc((size_t)wanted + 1, sizeof(pthread_t));
  while (pool->workers && pool->num_workers < wanted &&
         pthread_create(&pool->workers[pool->num_workers], NULL, qnn_pool_loop,
                        pool) == 0)
    ++pool->num_workers;
  if (pool->num_workers == wanted && pool->workers)
    return pool;
  qnn_pool_destroy(pool);
  return NULL;
}

#endif /* QNN_THREADS_H */
