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
 * run often find them awake. On Linux threads that are found on the caller's
 * CPU go to another one. Calls with one pool must not overlap.
 *
 * Half of the time that a small kernel takes is spent on cache lines that go
 * from one CPU to another, so these are few: a line with the call, which the
 * caller writes, and for each thread one with what it has taken and done. */
#ifndef QNN_THREADS_H
#define QNN_THREADS_H

#if !defined(__cplusplus) &&                                                   \
    (!defined(__STDC_VERSION__) || __STDC_VERSION__ < 201112L)
#error "QNN_THREADS needs C11 or C++"
#endif

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __linux__
#include <sys/syscall.h>
#ifdef __cplusplus
#include <unistd.h>
#else
/* What unistd.h declares, but not to a program in strict C. */
extern long syscall(long number, ...);
#endif
#endif

/* For how many pauses, about half a microsecond, threads wait for each other
 * before they take over what is left. */
enum { QNN_POOL_PATIENCE = 32 };

/* Numbers of calls are in the high 32 bits, numbers of units in the low ones.
 * Each has cache lines of its own, two because processors fetch pairs. */
typedef struct qnn_slice {
  /* The next unit that nobody has taken from this thread's slice. The number of
   * an earlier call stands for a slice of which nothing is taken yet. */
  uint64_t taken;
  /* How many units this thread has computed, of whatever slice. */
  uint64_t done;
  char unused[112];
} qnn_slice;

/* What is to be done; constant while parts of it are out. */
typedef struct qnn_call {
  /* Written last. */
  uint32_t number;
  int64_t count;
  qnn_task task;
  void *data;
  char unused[96];
} qnn_call;

/* A round is what a model does in one run: its calls, which come again in the
 * next one. Whether a call is worth sharing depends on the machine (how far
 * apart the CPUs are, what else they do), so the pool tries: some rounds with
 * all calls shared, some by the caller alone, some with only those calls shared
 * that were faster then. Most rounds go the way that was the fastest, alone
 * where that is about as fast. */
enum {
  QNN_SHARED = 0,
  QNN_ALONE = 1,
  QNN_MIXED = 2,
  QNN_NUM_WAYS = 3,
  /* Rounds of each way that are tried, of which the first is not timed. */
  QNN_TRIALS = 3,
  /* Rounds in which threads that sleep may wake before trials begin. */
  QNN_WAKING_ROUNDS = 64,
  /* Rounds after which all is tried again. */
  QNN_ROUNDS = 1024,
  QNN_MAX_CALLS = 64,
  /* Nanoseconds of a round that hardly feels what sharing costs. */
  QNN_LONG_ROUND = 1000000
};

typedef struct qnn_rounds {
  /* Since trials began, and before that. */
  int number;
  int num_waking;
  /* Of the next call in its round, and of the first one that is too many. */
  int position;
  int best_way;
  int64_t begin, end;
  int64_t time[QNN_NUM_WAYS];
  /* For each call its task, and how long it took shared and alone. */
  qnn_task tasks[QNN_MAX_CALLS];
  int64_t call_time[2][QNN_MAX_CALLS];
} qnn_rounds;

typedef struct qnn_pool {
  /* Odd calls and even ones: when one begins, the one before can still be
   * read. */
  qnn_call calls[2];
  /* The caller's: the number of the last call, whether the others came late for
   * it, and how often since they last were on time. */
  uint32_t number;
  int is_late;
  uint32_t num_late;
  char unused[116];
  /* For threads that sleep. */
  int sleepers;
  int stop;
  /* On which CPU the caller was when it woke them; -1 if that is unknown. */
  int caller_cpu;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  /* With the caller, whose slice is the first. */
  int num_threads;
  int num_workers;
  qnn_slice *slices;
  struct qnn_worker *workers;
  /* The caller's. */
  qnn_rounds rounds;
} qnn_pool;

typedef struct qnn_worker {
  qnn_pool *pool;
  int index;
  /* For the kernel; 0 while that is unknown. */
  int id;
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

/* Moves thread `id`, 0 for the calling one, away from `cpu` if it may go
 * elsewhere: systems like to wake a thread on the CPU of the one that wakes it,
 * and some to leave it there, where both take turns. */
static inline void qnn_leave_cpu(int id, int cpu) {
#ifdef __linux__
  unsigned char allowed[1024];
  long size;
  if (cpu < 0 || cpu >= 8 * (int)sizeof(allowed))
    return;
  size = syscall(SYS_sched_getaffinity, id, sizeof(allowed), allowed);
  if (size <= cpu / 8 || !(allowed[cpu / 8] >> cpu % 8 & 1))
    return;
  /* Fails if no CPU is left, and then changes nothing. */
  allowed[cpu / 8] ^= (unsigned char)(1u << cpu % 8);
  syscall(SYS_sched_setaffinity, id, size, allowed);
  allowed[cpu / 8] ^= (unsigned char)(1u << cpu % 8);
  syscall(SYS_sched_setaffinity, id, size, allowed);
#else
  (void)id;
  (void)cpu;
#endif
}

/* The number of a call behind `number`, if there is one; else `number`. */
static inline uint32_t qnn_pool_next(qnn_pool *pool, uint32_t number) {
  uint32_t next =
      __atomic_load_n(&pool->calls[(number + 1) % 2].number, __ATOMIC_ACQUIRE);
  return (int32_t)(next - number) > 0 ? next : number;
}

/* Looks for another call for some time. */
static inline uint32_t qnn_pool_look(qnn_pool *pool, uint32_t number,
                                     int pauses) {
  uint32_t next = qnn_pool_next(pool, number);
  for (int i = 0; i < pauses && next == number; ++i) {
    qnn_pool_pause();
    next = qnn_pool_next(pool, number);
  }
  return next;
}

/* Takes the next part of slice `index` in call `number`: most of the slice at
 * once, and then what is left for those who come to help. Returns 0 if nothing
 * is left or the call is over. The exchange succeeds only while units of the
 * slice are out that belong to this call, and so while the call is open. */
static inline int qnn_pool_take(qnn_pool *pool, uint32_t number, int index,
                                int64_t *begin, int64_t *end) {
  uint64_t *taken = &pool->slices[index].taken;
  uint64_t state = __atomic_load_n(taken, __ATOMIC_ACQUIRE);
  for (;;) {
    int64_t count =
        __atomic_load_n(&pool->calls[number % 2].count, __ATOMIC_ACQUIRE);
    /* If the next call has begun, the count may be that of the one behind it.
     */
    if (qnn_pool_next(pool, number) != number)
      return 0;
    int64_t first = count * index / pool->num_threads;
    int64_t last = count * (index + 1) / pool->num_threads;
    int isUntouched = (uint32_t)(state >> 32) != number;
    *begin = isUntouched ? first : (int64_t)(state & 0xffffffffu);
    *end = isUntouched ? last - (last - first) / 8 : last;
    if (*begin >= last)
      return 0;
    if (__atomic_compare_exchange_n(taken, &state,
                                    (uint64_t)number << 32 | (uint64_t)*end, 0,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      return 1;
  }
}

/* Computes what is left of slice `index`; returns the number of units. */
static inline int64_t qnn_pool_work_on(qnn_pool *pool, uint32_t number,
                                       int self, int index) {
  uint64_t *done = &pool->slices[self].done;
  int64_t computed = 0, begin, end;
  while (qnn_pool_take(pool, number, index, &begin, &end)) {
    const qnn_call *call = &pool->calls[number % 2];
    call->task(call->data, begin, end);
    computed += end - begin;
    uint64_t before = *done;
    if ((uint32_t)(before >> 32) != number)
      before = (uint64_t)number << 32;
    __atomic_store_n(done, before + (uint64_t)(end - begin), __ATOMIC_RELEASE);
  }
  return computed;
}

/* Computes what is left of all slices but one's own. */
static inline int64_t qnn_pool_help(qnn_pool *pool, uint32_t number, int self) {
  int64_t computed = 0;
  for (int i = 1; i < pool->num_threads; ++i)
    computed +=
        qnn_pool_work_on(pool, number, self, (self + i) % pool->num_threads);
  return computed;
}

/* Waits for another call; returns its number. */
static inline uint32_t qnn_pool_wait(qnn_pool *pool, uint32_t number) {
  uint32_t next = qnn_pool_look(pool, number, 4096);
  int caller_cpu;
  if (next != number)
    return next;
  pthread_mutex_lock(&pool->mutex);
  __atomic_add_fetch(&pool->sleepers, 1, __ATOMIC_SEQ_CST);
  while ((next = qnn_pool_next(pool, number)) == number)
    pthread_cond_wait(&pool->wake, &pool->mutex);
  __atomic_sub_fetch(&pool->sleepers, 1, __ATOMIC_RELAXED);
  caller_cpu = pool->caller_cpu;
  pthread_mutex_unlock(&pool->mutex);
  if (qnn_current_cpu() == caller_cpu)
    qnn_leave_cpu(0, caller_cpu);
  return next;
}

static inline void *qnn_pool_loop(void *argument) {
  qnn_worker *worker = (qnn_worker *)argument;
  qnn_pool *pool = worker->pool;
  uint32_t number = 0;
#ifdef __linux__
  __atomic_store_n(&worker->id, (int)syscall(SYS_gettid), __ATOMIC_RELAXED);
#endif
  for (;;) {
    number = qnn_pool_wait(pool, number);
    if (__atomic_load_n(&pool->stop, __ATOMIC_ACQUIRE))
      return NULL;
    qnn_pool_work_on(pool, number, worker->index, worker->index);
    if (qnn_pool_look(pool, number, QNN_POOL_PATIENCE) == number)
      qnn_pool_help(pool, number, worker->index);
  }
}

static inline void qnn_pool_wake(qnn_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  pool->caller_cpu = qnn_current_cpu();
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

/* Begins the next call. That a thread goes to sleep just now may remain unseen:
 * then this call does without it. */
static inline void qnn_pool_begin(qnn_pool *pool, int64_t count, qnn_task task,
                                  void *data) {
  uint32_t number = ++pool->number;
  qnn_call *call = &pool->calls[number % 2];
  __atomic_store_n(&call->count, count, __ATOMIC_RELEASE);
  call->task = task;
  call->data = data;
  __atomic_store_n(&call->number, number, __ATOMIC_RELEASE);
  if (__atomic_load_n(&pool->sleepers, __ATOMIC_RELAXED) > 0)
    qnn_pool_wake(pool);
}

/* How many of the units that other threads have computed. */
static inline int64_t qnn_pool_count_done(qnn_pool *pool) {
  int64_t units = 0;
  for (int i = 1; i < pool->num_threads; ++i) {
    uint64_t done = __atomic_load_n(&pool->slices[i].done, __ATOMIC_ACQUIRE);
    if ((uint32_t)(done >> 32) == pool->number)
      units += (int64_t)(done & 0xffffffffu);
  }
  return units;
}

/* Whether a thread has taken nothing of its slice yet. */
static inline int qnn_pool_is_late(qnn_pool *pool, int64_t count) {
  for (int i = 1; i < pool->num_threads; ++i) {
    uint64_t taken = __atomic_load_n(&pool->slices[i].taken, __ATOMIC_RELAXED);
    if ((uint32_t)(taken >> 32) != pool->number &&
        count * i / pool->num_threads < count * (i + 1) / pool->num_threads)
      return 1;
  }
  return 0;
}

/* Remembers whether threads are late. Those that are so again and again may
 * wait for the caller's CPU. */
static inline void qnn_pool_note_late(qnn_pool *pool, int is_late) {
  pool->is_late = is_late;
  pool->num_late = is_late ? pool->num_late + 1 : 0;
  if (pool->num_late < 16 || (pool->num_late & (pool->num_late - 1)) != 0)
    return;
  for (int i = 0; i < pool->num_workers; ++i) {
    int id = __atomic_load_n(&pool->workers[i].id, __ATOMIC_RELAXED);
    if (id != 0)
      qnn_leave_cpu(id, qnn_current_cpu());
  }
}

/* Computes a call with all threads of the pool. */
static inline void qnn_pool_share(qnn_pool *pool, int64_t count, qnn_task task,
                                  void *data) {
  qnn_pool_begin(pool, count, task, data);
  uint32_t number = pool->number;
  int64_t computed = qnn_pool_work_on(pool, number, 0, 0);
  int patience = pool->is_late ? 0 : QNN_POOL_PATIENCE;
  int i = 0;
  for (; computed + qnn_pool_count_done(pool) != count; ++i) {
    if (i == patience)
      qnn_pool_note_late(pool, qnn_pool_is_late(pool, count));
    if (i >= patience)
      computed += qnn_pool_help(pool, number, 0);
    qnn_pool_pause();
    /* The other thread may wait for this CPU. */
    if (i % 1024 == 1023)
      sched_yield();
  }
  if (i <= patience)
    qnn_pool_note_late(pool, 0);
}

/* Nanoseconds of a clock; of one that nobody sets, if there is one: strict C
 * has none. */
static inline int64_t qnn_pool_time(void) {
  struct timespec now;
#ifdef CLOCK_MONOTONIC
  clock_gettime(CLOCK_MONOTONIC, &now);
#else
  timespec_get(&now, TIME_UTC);
#endif
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int qnn_rounds_are_trials(const qnn_rounds *rounds) {
  return rounds->number < QNN_NUM_WAYS * QNN_TRIALS;
}

static inline int qnn_rounds_way(const qnn_rounds *rounds) {
  return qnn_rounds_are_trials(rounds) ? rounds->number / QNN_TRIALS
                                       : rounds->best_way;
}

/* Whether this round is one whose times count. */
static inline int qnn_rounds_are_timed(const qnn_rounds *rounds) {
  return qnn_rounds_are_trials(rounds) && rounds->number % QNN_TRIALS != 0;
}

static inline void qnn_rounds_begin_trials(qnn_rounds *rounds) {
  rounds->number = 0;
  rounds->num_waking = 0;
  rounds->best_way = QNN_SHARED;
  for (int way = 0; way < QNN_NUM_WAYS; ++way)
    rounds->time[way] = INT64_MAX;
  for (int i = 0; i < QNN_MAX_CALLS; ++i)
    rounds->call_time[QNN_SHARED][i] = rounds->call_time[QNN_ALONE][i] =
        INT64_MAX;
}

/* Few rounds are timed, and what they find is not always so: what needs other
 * threads has to save a sixteenth. */
static inline void qnn_rounds_choose(qnn_rounds *rounds) {
  int64_t alone = rounds->time[QNN_ALONE], best = alone - alone / 16;
  rounds->best_way = QNN_ALONE;
  for (int way = 0; way < QNN_NUM_WAYS; ++way) {
    if (rounds->time[way] >= best)
      continue;
    best = rounds->time[way];
    rounds->best_way = way;
  }
}

/* Ends a round; `is_late` says whether threads did not come in time. */
static inline void qnn_rounds_next(qnn_rounds *rounds, int is_late) {
  if (rounds->number == 0 && is_late &&
      ++rounds->num_waking < QNN_WAKING_ROUNDS)
    return;
  if (qnn_rounds_are_timed(rounds)) {
    int64_t *time = &rounds->time[qnn_rounds_way(rounds)];
    if (rounds->end - rounds->begin < *time)
      *time = rounds->end - rounds->begin;
  }
  int isTrial = qnn_rounds_are_trials(rounds);
  ++rounds->number;
  if (rounds->number == QNN_TRIALS &&
      (rounds->time[QNN_SHARED] > QNN_LONG_ROUND ||
       rounds->position >= QNN_MAX_CALLS))
    rounds->number = QNN_NUM_WAYS * QNN_TRIALS;
  else if (isTrial && !qnn_rounds_are_trials(rounds))
    qnn_rounds_choose(rounds);
  if (rounds->number >= QNN_ROUNDS)
    qnn_rounds_begin_trials(rounds);
}

/* Finds the place of a call in its round; returns whether to share it. */
static inline int qnn_rounds_enter(qnn_rounds *rounds, qnn_task task,
                                   int is_late) {
  if (task == rounds->tasks[0]) {
    qnn_rounds_next(rounds, is_late);
    rounds->position = 0;
  } else if (rounds->position < QNN_MAX_CALLS &&
             task != rounds->tasks[rounds->position]) {
    /* Another call than in the last round: the first round, or all is new. */
    if (rounds->number > 0 || !rounds->tasks[0]) {
      qnn_rounds_begin_trials(rounds);
      memset(rounds->tasks, 0, sizeof(rounds->tasks));
      rounds->position = 0;
    }
    rounds->tasks[rounds->position] = task;
  }
  int way = qnn_rounds_way(rounds);
  int i = rounds->position;
  return way == QNN_SHARED || i >= QNN_MAX_CALLS ||
         (way == QNN_MIXED &&
          rounds->call_time[QNN_SHARED][i] < rounds->call_time[QNN_ALONE][i]);
}

/* Notes how long a call took. */
static inline void qnn_rounds_note(qnn_rounds *rounds, int64_t begin,
                                   int64_t end) {
  int way = qnn_rounds_way(rounds);
  if (rounds->position == 0)
    rounds->begin = begin;
  rounds->end = end;
  if (way != QNN_MIXED && rounds->position < QNN_MAX_CALLS) {
    int64_t *time = &rounds->call_time[way][rounds->position];
    if (end - begin < *time)
      *time = end - begin;
  }
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
  int isShared = qnn_rounds_enter(&pool->rounds, task, pool->is_late);
  int isTimed = qnn_rounds_are_timed(&pool->rounds);
  int64_t begin = isTimed ? qnn_pool_time() : 0;
  if (isShared)
    qnn_pool_share(pool, count, task, data);
  else
    task(data, 0, count);
  if (isTimed)
    qnn_rounds_note(&pool->rounds, begin, qnn_pool_time());
  if (pool->rounds.position < QNN_MAX_CALLS)
    ++pool->rounds.position;
}

/* Zeros that begin with a pair of cache lines. */
static inline void *qnn_pool_allocate(size_t size) {
  size = (size + 127) / 128 * 128;
  void *memory = aligned_alloc(128, size);
  return memory ? memset(memory, 0, size) : NULL;
}

static inline void qnn_pool_destroy(qnn_pool *pool) {
  if (!pool)
    return;
  __atomic_store_n(&pool->stop, 1, __ATOMIC_RELEASE);
  qnn_pool_begin(pool, 0, NULL, NULL);
  qnn_pool_wake(pool);
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
  qnn_pool *pool = (qnn_pool *)qnn_pool_allocate(sizeof(qnn_pool));
  if (!pool)
    return NULL;
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  pool->num_threads = num_threads > 1 ? num_threads : 1;
  pool->slices = (qnn_slice *)qnn_pool_allocate((size_t)pool->num_threads *
                                                sizeof(qnn_slice));
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
