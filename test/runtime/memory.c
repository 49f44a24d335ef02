// A run allocates nothing and touches no byte outside arena, weights, inputs
// and outputs: all stand between guard pages, weights in read-only pages.
//
// RUN: %cc %cflags %s %fake %libruntime -o %t
// RUN: %t | FileCheck %s
// CHECK: all checks passed

#define _GNU_SOURCE
#include "allocations.h"
#include "fake_model.h"
#include "guarded.h"
#include "vitc/preprocess.h"

static vitc_message message;

enum { IMAGES = 3 };

static void run_guarded(vitc_parallel parallel, bool at_end) {
  unsigned char *weights = guarded(FAKE_WEIGHTS_BYTES, at_end);
  fake_weights(weights);
  guarded_read_only(weights, FAKE_WEIGHTS_BYTES);

  vitc_session_config config = fake_config();
  config.weights.data = weights;
  config.parallel = parallel;
  config.images = IMAGES;
  CHECK_OK(vitc_arena_size(config.model, config.level, IMAGES,
                           parallel.workers ? parallel.workers : 1,
                           &config.arena_bytes, &message));
  config.arena = guarded(config.arena_bytes, at_end);
  vitc_session *session = NULL;
  long before = allocations();
  CHECK_OK(vitc_session_init(&config, guarded(VITC_SESSION_BYTES, at_end),
                             &session, &message));
  float *input = guarded(IMAGES * FAKE_TOKENS * FAKE_IN * 4, at_end);
  float *logits = guarded(IMAGES * FAKE_OUT * 4, at_end);
  float *tokens = guarded(IMAGES * FAKE_TOKENS * FAKE_OUT * 4, at_end);
  for (int i = 0; i < IMAGES; ++i)
    fake_input(input + i * FAKE_TOKENS * FAKE_IN, i);
  const void *inputs[] = {input};
  void *outputs[] = {logits, tokens};
  for (uint64_t images = 1; images <= IMAGES; ++images)
    CHECK_OK(vitc_session_run(session, inputs, outputs, images, &message));
  CHECK(allocations() == before);
  for (int i = 0; i < IMAGES; ++i) {
    float good_logits[FAKE_OUT], good_tokens[FAKE_TOKENS * FAKE_OUT];
    fake_reference(input + i * FAKE_TOKENS * FAKE_IN, good_logits, good_tokens);
    CHECK(!memcmp(good_logits, logits + i * FAKE_OUT, sizeof good_logits));
  }
}

int main(void) {
  vitc_pool *pool = NULL;
  CHECK_OK(vitc_pool_create(3, &pool, &message));
  for (int at_end = 0; at_end < 2; ++at_end) {
    run_guarded((vitc_parallel){0}, at_end);
    run_guarded(vitc_pool_parallel(pool), at_end);
  }
  vitc_pool_destroy(pool);

  /* The counter counts: a session that is created is one allocation. */
  vitc_session_config config = fake_config();
  vitc_session *session = NULL;
  long before = allocations();
  CHECK_OK(vitc_session_create(&config, &session, &message));
  CHECK(allocations() == before + 1);
  vitc_session_destroy(session);
  return check_result();
}
