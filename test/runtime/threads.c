// Several sessions share one pool at once, and pools come and go, without a
// data race.
//
// RUN: %cc %cflags %s %fake %runtime -O1 -fsanitize=thread -o %t
// RUN: %t | FileCheck %s
// CHECK: all checks passed

#include "check.h"
#include "fake_model.h"

#include <pthread.h>
#include <time.h>

enum { CALLERS = 5, RUNS = 200, IMAGES = 3 };

static vitc_session_config config;

typedef struct caller {
  pthread_t thread;
  vitc_pool *pool;
  int number;
  int wrong; /* results */
} caller;

static void *caller_main(void *argument) {
  caller *self = argument;
  vitc_session_config mine = config;
  mine.parallel = vitc_pool_parallel(self->pool);
  mine.images = IMAGES;
  vitc_session *session = NULL;
  if (vitc_session_create(&mine, &session, NULL) != VITC_OK) {
    self->wrong = 1;
    return NULL;
  }
  float input[IMAGES][FAKE_TOKENS * FAKE_IN];
  float logits[IMAGES][FAKE_OUT], tokens[IMAGES][FAKE_TOKENS * FAKE_OUT];
  for (int run = 0; run < RUNS; ++run) {
    for (int i = 0; i < IMAGES; ++i)
      fake_input(input[i], self->number * 1000 + run * IMAGES + i);
    const void *inputs[] = {input};
    void *outputs[] = {logits, tokens};
    if (vitc_session_run(session, inputs, outputs, IMAGES, NULL) != VITC_OK)
      ++self->wrong;
    for (int i = 0; i < IMAGES; ++i) {
      float good_logits[FAKE_OUT], good_tokens[FAKE_TOKENS * FAKE_OUT];
      fake_reference(input[i], good_logits, good_tokens);
      self->wrong += memcmp(good_logits, logits[i], sizeof good_logits) != 0;
      self->wrong += memcmp(good_tokens, tokens[i], sizeof good_tokens) != 0;
    }
    /* Let the threads fall asleep now and then. */
    if (run % 50 == 0)
      nanosleep(&(struct timespec){0, 2000000}, NULL);
  }
  vitc_session_destroy(session);
  return NULL;
}

static void share_pool(uint64_t workers) {
  vitc_pool *pool = NULL;
  CHECK(vitc_pool_create(workers, &pool, NULL) == VITC_OK);
  caller callers[CALLERS];
  for (int i = 0; i < CALLERS; ++i) {
    callers[i] = (caller){.pool = pool, .number = i};
    CHECK(!pthread_create(&callers[i].thread, NULL, caller_main, &callers[i]));
  }
  for (int i = 0; i < CALLERS; ++i) {
    pthread_join(callers[i].thread, NULL);
    CHECK(callers[i].wrong == 0);
  }
  vitc_pool_destroy(pool);
}

static void count_task(void *arguments, int64_t index, int64_t worker) {
  CHECK(worker >= 0 && worker < 4);
  __atomic_fetch_add(&((int *)arguments)[index], 1, __ATOMIC_RELAXED);
}

/* The callback by itself: every index once, for any count. */
static void count_tasks(void) {
  enum { MOST = 1000 };
  static int done[MOST];
  vitc_pool *pool = NULL;
  CHECK(vitc_pool_create(4, &pool, NULL) == VITC_OK);
  vitc_parallel parallel = vitc_pool_parallel(pool);
  for (int count = 0; count <= MOST; count += count < 10 ? 1 : 99) {
    memset(done, 0, sizeof done);
    parallel.parallel_for(parallel.context, count_task, done, count);
    for (int i = 0; i < MOST; ++i)
      CHECK(done[i] == (i < count));
  }
  vitc_pool_destroy(pool);
}

int main(void) {
  config = fake_config();
  for (uint64_t workers = 1; workers <= 4; ++workers)
    share_pool(workers);
  count_tasks();
  for (int i = 0; i < 100; ++i) {
    vitc_pool *pool = NULL;
    CHECK(vitc_pool_create(3, &pool, NULL) == VITC_OK);
    vitc_pool_destroy(pool);
  }
  vitc_pool_destroy(NULL);
  return check_result();
}
