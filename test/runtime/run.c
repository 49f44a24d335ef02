// A run gives the same bits for any number of threads, any parallel_for and
// any grouping of images into runs, and leaves the float environment alone.
//
// RUN: %cc %cflags %s %fake %runtime %sanitize -o %t
// RUN: %t | FileCheck %s
// CHECK: all checks passed

#include "check.h"
#include "fake_model.h"

#include <pthread.h>
#include <xmmintrin.h>

enum { IMAGES = 7 };

typedef struct results {
  float logits[IMAGES][FAKE_OUT];
  float tokens[IMAGES][FAKE_TOKENS * FAKE_OUT];
} results;

static float images[IMAGES][FAKE_TOKENS * FAKE_IN];
static results expected;
static vitc_message message;

/* Runs all images, at most `batch` at a time. */
static results run_all(vitc_parallel parallel, int batch) {
  vitc_session_config config = fake_config();
  config.parallel = parallel;
  config.images = (uint64_t)batch;
  vitc_session *session = NULL;
  CHECK_OK(vitc_session_create(&config, &session, &message));
  results found;
  memset(&found, 0xff, sizeof found);
  for (int i = 0; i < IMAGES; i += batch) {
    const void *inputs[] = {images[i]};
    void *outputs[] = {found.logits[i], found.tokens[i]};
    int count = IMAGES - i < batch ? IMAGES - i : batch;
    CHECK_OK(
        vitc_session_run(session, inputs, outputs, (uint64_t)count, &message));
  }
  vitc_session_destroy(session);
  return found;
}

static void check_all(vitc_parallel parallel) {
  for (int batch = 1; batch <= IMAGES; ++batch) {
    results found = run_all(parallel, batch);
    CHECK(!memcmp(&found, &expected, sizeof found));
  }
}

/* Tasks in falling order, with the last worker. */
static void backwards(void *context, vitc_task task, void *arguments,
                      int64_t count) {
  for (int64_t i = count; i-- > 0;)
    task(arguments, i, *(const int64_t *)context);
}

typedef struct thread_job {
  vitc_task task;
  void *arguments;
  int64_t begin, count, worker;
} thread_job;

static void *thread_main(void *argument) {
  const thread_job *job = argument;
  for (int64_t i = job->begin; i < job->count; i += 3)
    job->task(job->arguments, i, job->worker);
  return NULL;
}

/* Three threads that are started for every call. */
static void fresh_threads(void *context, vitc_task task, void *arguments,
                          int64_t count) {
  (void)context;
  pthread_t threads[3];
  thread_job jobs[3];
  for (int i = 0; i < 3; ++i) {
    jobs[i] = (thread_job){task, arguments, i, count, 2 - i};
    CHECK(!pthread_create(&threads[i], NULL, thread_main, &jobs[i]));
  }
  for (int i = 0; i < 3; ++i)
    pthread_join(threads[i], NULL);
}

static void check_float_environment(void) {
  const unsigned toward_zero_and_flush = 0xffc0;
  unsigned before = _mm_getcsr();
  _mm_setcsr(toward_zero_and_flush);
  results found = run_all((vitc_parallel){0}, IMAGES);
  CHECK((_mm_getcsr() & ~0x3fu) == (toward_zero_and_flush & ~0x3fu));
  _mm_setcsr(before);
  CHECK(!memcmp(&found, &expected, sizeof found));
}

static void check_profile(void) {
  vitc_session_config config = fake_config();
  vitc_session *session = NULL;
  CHECK_OK(vitc_session_create(&config, &session, &message));
  uint64_t times[4] = {0};
  CHECK_OK(vitc_session_profile(session, times, 4, &message));
  results found;
  const void *inputs[] = {images[0]};
  void *outputs[] = {found.logits[0], found.tokens[0]};
  for (int i = 0; i < 100; ++i)
    CHECK_OK(vitc_session_run(session, inputs, outputs, 1, &message));
  uint64_t sum = times[0] + times[1] + times[2] + times[3];
  CHECK(sum > 0 && sum < 10000000000u);
  CHECK_OK(vitc_session_profile(session, NULL, 0, &message));
  CHECK_OK(vitc_session_run(session, inputs, outputs, 1, &message));
  CHECK(times[0] + times[1] + times[2] + times[3] == sum);
  CHECK(vitc_session_level(session) == &fake_model.levels[2]);
  CHECK(vitc_session_level(NULL) == NULL);
  vitc_session_destroy(session);
}

int main(void) {
  for (int i = 0; i < IMAGES; ++i) {
    fake_input(images[i], i);
    fake_reference(images[i], expected.logits[i], expected.tokens[i]);
  }
  check_all((vitc_parallel){0});
  for (uint64_t workers = 1; workers <= 5; ++workers) {
    vitc_pool *pool = NULL;
    CHECK_OK(vitc_pool_create(workers, &pool, &message));
    CHECK(vitc_pool_parallel(pool).workers == workers);
    check_all(vitc_pool_parallel(pool));
    vitc_pool_destroy(pool);
  }
  for (int64_t worker = 0; worker < 5; ++worker)
    check_all((vitc_parallel){backwards, &worker, (uint64_t)worker + 1});
  check_all((vitc_parallel){fresh_threads, NULL, 3});
  check_float_environment();
  check_profile();
  return check_result();
}
