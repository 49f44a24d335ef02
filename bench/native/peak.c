/*===- peak.c - The machine's multiply-add peak ---------------------------===*\
|*
|* Twelve independent chains hide the latency of two units and fit 16 registers.
|* The loop is the bench's own, since vitc's (codegen/driver/PeakLoop.cpp) is a
|* part of what is measured. Compile with -O2 -ffp-contract=fast: the chains'
product and sum become one
|* instruction.
|*
\*===----------------------------------------------------------------------===*/

#include "peak.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CHAINS = 12, MAX_THREADS = 256 };

typedef float narrow __attribute__((vector_size(32)));
typedef float wide __attribute__((vector_size(64)));

#define STEP(c) c = c * factor + addend;
#define LOOP(name, vector, features)                                           \
  __attribute__((target(features))) static float name(                         \
      int64_t iterations, float scale, float shift) {                          \
    vector factor = (vector){0} + scale, addend = (vector){0} + shift;         \
    vector a = addend, b = a + 1, c = a + 2, d = a + 3, e = a + 4, f = a + 5;  \
    vector g = a + 6, h = a + 7, i = a + 8, j = a + 9, k = a + 10, l = a + 11; \
    for (int64_t n = 0; n < iterations; ++n) {                                 \
      STEP(a)                                                                  \
      STEP(b)                                                                  \
      STEP(c) STEP(d) STEP(e) STEP(f) STEP(g) STEP(h) STEP(i) STEP(j) STEP(k)  \
          STEP(l)                                                              \
    }                                                                          \
    vector sum = a + b + c + d + e + f + g + h + i + j + k + l;                \
    return sum[0] + sum[1];                                                    \
  }

LOOP(narrow_loop, narrow, "avx2,fma")
LOOP(wide_loop, wide, "avx512f,fma")

typedef struct job {
  float (*loop)(int64_t, float, float);
  int64_t iterations;
  pthread_barrier_t *barrier;
  double seconds;
  float result; /* stored, so that the loop is not left out */
} job;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void *work(void *argument) {
  job *j = argument;
  if (j->barrier)
    pthread_barrier_wait(j->barrier);
  double begin = now();
  j->result = j->loop(j->iterations, 0.5f, 1.0f);
  j->seconds = now() - begin;
  return 0;
}

/* Runs `count` jobs at once, the first on this thread. Without its threads a
 * measurement is worthless, and those that run wait for the missing ones. */
static void run_together(job *jobs, int count) {
  pthread_t threads[MAX_THREADS];
  for (int i = 1; i < count; ++i)
    if (pthread_create(&threads[i], 0, work, &jobs[i])) {
      fputs("peak: the system gives no more threads\n", stderr);
      exit(1);
    }
  work(&jobs[0]);
  for (int i = 1; i < count; ++i)
    pthread_join(threads[i], 0);
}

double vitc_peak_gflops(int threads) {
  job prototype = {0};
  double lanes = 0;
  if (__builtin_cpu_supports("avx512f")) {
    prototype.loop = wide_loop;
    lanes = 16;
  } else if (__builtin_cpu_supports("fma") && __builtin_cpu_supports("avx2")) {
    prototype.loop = narrow_loop;
    lanes = 8;
  }
  if (lanes == 0 || threads < 1 || threads > MAX_THREADS)
    return 0;

  /* Find out how long a millisecond is, once. */
  static int64_t iterations;
  if (!iterations) {
    prototype.iterations = 1000;
    for (; prototype.seconds < 5e-4; prototype.iterations *= 2)
      work(&prototype);
    iterations = prototype.iterations;
  }

  pthread_barrier_t barrier;
  job jobs[MAX_THREADS];
  if (pthread_barrier_init(&barrier, 0, (unsigned)threads))
    return 0;
  for (int i = 0; i < threads; ++i)
    jobs[i] = (job){prototype.loop, iterations, &barrier, 0, 0};
  double rate = 0;
  run_together(jobs, threads);
  for (int i = 0; i < threads; ++i)
    rate += 2.0 * CHAINS * lanes * (double)iterations / jobs[i].seconds;
  pthread_barrier_destroy(&barrier);
  return rate * 1e-9;
}
