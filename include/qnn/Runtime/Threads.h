// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* A pool of threads for <model>_run_parallel, for C11 and C++ with POSIX
 * threads. Define QNN_THREADS before including the header of a model to get it:
 *
 *   qnn_pool *pool = qnn_pool_create(2);
 *   model_run_parallel(input, output, arena, qnn_pool_run, pool);
 *   qnn_pool_destroy(pool);
 *
 * Every thread of a pool, of which the caller is one, has a slice of the work,
 * always the same one of as many units: what one kernel writes the next one
 * finds in the cache of the same CPU. A thread that has finished its slice
 * takes what is left of the others', so nobody waits for a thread that comes
 * late; for one that is put aside in the middle of a part the others do. They
 * look for work for some tens of microseconds before they sleep: models that
 * run often find them awake. On Linux a thread that wakes on the caller's CPU
 * goes to another one. Calls with one pool must not overlap. */
#ifndef QNN_THREADS_H
#define QNN_THREADS_H

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/syscall.h>
#ifdef __cplusplus
#include <unistd.h>
#else
/* What unistd.h declares, but not to a program in strict C. */
extern long syscall(long number, ...);
#endif
#endif

/* What is taken of one thread's slice: the number of the call in the high 32
 * bits, the next unit in the low ones. The number of an earlier call stands for
 * a slice of which nothing is taken yet. Threads write it often, so it has a
 * cache line of its own, and the one that processors fetch with it. */
typedef struct qnn_slice {
  uint64_t taken;
  char unused[120];
} qnn_slice;

typedef struct qnn_pool {
  /* The number of the call that is open; an odd one while the fields below
   * change. */
  uint32_t call;
  /* For threads that sleep. */
  int sleepers;
  int stop;
  /* On which CPU the caller was when it woke them; -1 if that is unknown. */
  int caller_cpu;
  /* What is to be done; constant while parts of it are out. */
  qnn_task task;
  void *data;
  int64_t count;
  char unused[88];
  /* Units computed. */
  int64_t done;
  char unused_too[120];
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  /* With the caller, whose slice is the first. */
  int num_threads;
  int num_workers;
  qnn_slice *slices;
  struct qnn_worker *workers;
} qnn_pool;

typedef struct qnn_worker {
  qnn_pool *pool;
  int index;
  pthread_t thread;
} qnn_worker;

static inline void qnn_pool_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* The CPU of the calling thread, or -1. */
static inline int qnn_current_cpu(void) {
#ifdef __linux__
  unsigned cpu;
  if (syscall(SYS_getcpu, &cpu, NULL, NULL) == 0)
    return (int)cpu;
#endif
  return -1;
}

/* Goes to another CPU than `cpu`, if the thread is there and may go elsewhere:
 * systems like to wake a thread on the CPU of the one that wakes it, where both
 * would take turns. */
static inline void qnn_leave_cpu(int cpu) {
#ifdef __linux__
  unsigned char allowed[1024];
  long size;
  if (cpu < 0 || cpu >= 8 * (int)sizeof(allowed) || qnn_current_cpu() != cpu)
    return;
  size = syscall(SYS_sched_getaffinity, 0, sizeof(allowed), allowed);
  if (size <= cpu / 8)
    return;
  /* Fails if no CPU is left, and then changes nothing. */
  allowed[cpu / 8] ^= (unsigned char)(1u << cpu % 8);
  syscall(SYS_sched_setaffinity, 0, size, allowed);
  allowed[cpu / 8] ^= (unsigned char)(1u << cpu % 8);
  syscall(SYS_sched_setaffinity, 0, size, allowed);
#else
  (void)cpu;
#endif
}

/* Takes and computes parts of slice `index` in call number `call` until none is
 * left; 0 if the call is over. An exchange succeeds only while units of the
 * slice are out that belong to this call, and so while the call is open. */
static inline int qnn_pool_work_on(qnn_pool *pool, uint32_t call, int index) {
  uint64_t *taken = &pool->slices[index].taken;
  uint64_t state = __atomic_load_n(taken, __ATOMIC_ACQUIRE);
  for (;;) {
    int64_t count = __atomic_load_n(&pool->count, __ATOMIC_ACQUIRE);
    /* Then the count was another call's, perhaps. */
    if (__atomic_load_n(&pool->call, __ATOMIC_ACQUIRE) != call)
      return 0;
    int64_t end = count * (index + 1) / pool->num_threads;
    int64_t begin = (uint32_t)(state >> 32) == call
                        ? (int64_t)(state & 0xffffffffu)
                        : count * index / pool->num_threads;
    if (begin >= end)
      return 1;
    /* Most of the slice at once, and something for those who come to help. */
    int64_t next = begin + (3 * (end - begin) + 3) / 4;
    if (!__atomic_compare_exchange_n(taken, &state,
                                     (uint64_t)call << 32 | (uint64_t)next, 0,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      continue;
    state = (uint64_t)call << 32 | (uint64_t)next;
    pool->task(pool->data, begin, next);
    __atomic_add_fetch(&pool->done, next - begin, __ATOMIC_RELEASE);
  }
}

/* Its own slice, then the others'. */
static inline void qnn_pool_work(qnn_pool *pool, uint32_t call, int index) {
  for (int i = 0; i < pool->num_threads; ++i)
    if (!qnn_pool_work_on(pool, call, (index + i) % pool->num_threads))
      return;
}

/* The number of the call that is open, or `call` if none but that is. */
static inline uint32_t qnn_pool_open_call(qnn_pool *pool, uint32_t call) {
  uint32_t number = __atomic_load_n(&pool->call, __ATOMIC_SEQ_CST);
  return number % 2 == 0 ? number : call;
}

/* Waits for another call than `call`; returns its number. */
static inline uint32_t qnn_pool_wait(qnn_pool *pool, uint32_t call) {
  uint32_t next;
  int caller_cpu;
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
  caller_cpu = pool->caller_cpu;
  pthread_mutex_unlock(&pool->mutex);
  qnn_leave_cpu(caller_cpu);
  return next;
}

static inline void *qnn_pool_loop(void *argument) {
  qnn_worker *worker = (qnn_worker *)argument;
  uint32_t call = 0;
  for (;;) {
    call = qnn_pool_wait(worker->pool, call);
    if (__atomic_load_n(&worker->pool->stop, __ATOMIC_ACQUIRE))
      return NULL;
    qnn_pool_work(worker->pool, call, worker->index);
  }
}

/* Begins the next call. While its fields change no call is open: all units of
 * the last one are taken, and an exchange for it fails. */
static inline uint32_t qnn_pool_begin(qnn_pool *pool, int64_t count,
                                      qnn_task task, void *data) {
  uint32_t call = pool->call + 2;
  __atomic_store_n(&pool->call, call - 1, __ATOMIC_SEQ_CST);
  __atomic_store_n(&pool->count, count, __ATOMIC_RELEASE);
  pool->task = task;
  pool->data = data;
  pool->done = 0;
  __atomic_store_n(&pool->call, call, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&pool->sleepers, __ATOMIC_SEQ_CST) > 0) {
    pthread_mutex_lock(&pool->mutex);
    pool->caller_cpu = qnn_current_cpu();
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
  qnn_pool_work(pool, call, 0);
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
    pthread_join(pool->workers[i].thread, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool->workers);
  free(pool->slices);
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
  pool->num_threads = num_threads > 1 ? num_threads : 1;
  pool->slices =
      (qnn_slice *)calloc((size_t)pool->num_threads, sizeof(qnn_slice));
  pool->workers =
      (qnn_worker *)calloc((size_t)pool->num_threads, sizeof(qnn_worker));
  while (pool->slices && pool->workers &&
         pool->num_workers + 1 < pool->num_threads) {
    qnn_worker *worker = &pool->workers[pool->num_workers];
    worker->pool = pool;
    worker->index = pool->num_workers + 1;
    if (pthread_create(&worker->thread, NULL, qnn_pool_loop, worker) != 0)
      break;
    ++pool->num_workers;
  }
  if (pool->slices && pool->workers &&
      pool->num_workers + 1 == pool->num_threads)
    return pool;
  qnn_pool_destroy(pool);
  return NULL;
}

#endif /* QNN_THREADS_H */
