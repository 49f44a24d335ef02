// A pool has as many workers as the affinity mask allows, says so when the
// system gives no threads, and burns no time between runs.
//
// RUN: %cc %cflags %s %fake %libruntime -o %t
// RUN: %t | FileCheck %s
// CHECK: all checks passed

#define _GNU_SOURCE
#include "check.h"
#include "fake_model.h"

#include <sched.h>
#include <sys/resource.h>
#include <time.h>

static vitc_message message;

static void check_affinity(void) {
  cpu_set_t allowed, one;
  CHECK(!sched_getaffinity(0, sizeof allowed, &allowed));
  vitc_pool *pool = NULL;
  CHECK_OK(vitc_pool_create(0, &pool, &message));
  CHECK(vitc_pool_parallel(pool).workers == (uint64_t)CPU_COUNT(&allowed));
  vitc_pool_destroy(pool);

  CPU_ZERO(&one);
  for (int cpu = 0; !CPU_COUNT(&one); ++cpu)
    if (CPU_ISSET(cpu, &allowed))
      CPU_SET(cpu, &one);
  CHECK(!sched_setaffinity(0, sizeof one, &one));
  CHECK_OK(vitc_pool_create(0, &pool, &message));
  CHECK(vitc_pool_parallel(pool).workers == 1);
  vitc_pool_destroy(pool);
  CHECK(!sched_setaffinity(0, sizeof allowed, &allowed));
}

static double cpu_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* After a run the threads sleep. */
static void check_idle(void) {
  vitc_pool *pool = NULL;
  CHECK_OK(vitc_pool_create(2, &pool, &message));
  vitc_session_config config = fake_config();
  config.parallel = vitc_pool_parallel(pool);
  vitc_session *session = NULL;
  CHECK_OK(vitc_session_create(&config, &session, &message));
  float input[FAKE_TOKENS * FAKE_IN], logits[FAKE_OUT];
  float tokens[FAKE_TOKENS * FAKE_OUT];
  fake_input(input, 0);
  const void *inputs[] = {input};
  void *outputs[] = {logits, tokens};
  CHECK_OK(vitc_session_run(session, inputs, outputs, 1, &message));
  nanosleep(&(struct timespec){0, 10000000}, NULL);
  double before = cpu_seconds();
  nanosleep(&(struct timespec){0, 200000000}, NULL);
  CHECK(cpu_seconds() - before < 0.02);
  vitc_session_destroy(session);
  vitc_pool_destroy(pool);
}

static void check_limits(void) {
  vitc_pool *pool = NULL;
  CHECK_STATUS(vitc_pool_create(1025, &pool, &message), VITC_INVALID_ARGUMENT,
               "expected at most 1024 workers, found 1025");
  CHECK_STATUS(vitc_pool_create(2, NULL, &message), VITC_INVALID_ARGUMENT,
               "expected a place for the pool, found a null pointer");
  CHECK(vitc_pool_parallel(NULL).parallel_for == NULL);

  /* Too little address space for the stacks of so many threads. */
  struct rlimit before, few = {1u << 28, 1u << 28};
  CHECK(!getrlimit(RLIMIT_AS, &before));
  few.rlim_max = before.rlim_max;
  CHECK(!setrlimit(RLIMIT_AS, &few));
  CHECK_STATUS(vitc_pool_create(1024, &pool, &message),
               VITC_THREADS_UNAVAILABLE, "expected 1023 more threads, found ");
  CHECK(!setrlimit(RLIMIT_AS, &before));
  CHECK(pool == NULL);
}

int main(void) {
  check_affinity();
  check_idle();
  check_limits();
  return check_result();
}
