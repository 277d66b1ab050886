// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* How a caller lends its threads to <model>_run_parallel. */
#ifndef QNN_PARALLEL_FOR_H
#define QNN_PARALLEL_FOR_H

#include <stdint.h>

/* Computes the units [begin, end) of a piece of work. */
typedef void (*qnn_task)(void *data, int64_t begin, int64_t end);
/* Calls task for parts that cover [0, count) once, on any threads, and returns
 * when all are done. */
typedef void (*qnn_parallel_for)(void *context, int64_t count, qnn_task task,
                                 void *data);

#endif /* QNN_PARALLEL_FOR_H */
