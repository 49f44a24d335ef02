// A run allocates nothing and touches no byte outside arena, weights, inputs
// and outputs: all stand between guard pages, weights in read-only pages.
//
// RUN: %cc %cflags %s %fake %libruntime -o %t
// RUN: %t | FileCheck %s
// CHECK: all checks passed

#define _GNU_SOURCE
#include "check.h"
#include "fake_model.h"
#include "vitc/preprocess.h"

#include <stdlib.h>
#include <sys/mman.h>

static vitc_message message;

/* Every allocation of the process goes through here. */
static long allocations;
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

static void count(void) {
  __atomic_fetch_add(&allocations, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t bytes) {
  count();
  return __libc_malloc(bytes);
}
void *calloc(size_t number, size_t bytes) {
  count();
  return __libc_calloc(number, bytes);
}
void *realloc(void *memory, size_t bytes) {
  count();
  return __libc_realloc(memory, bytes);
}
void *aligned_alloc(size_t alignment, size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}

enum { PAGE = 4096, IMAGES = 3 };

/* `bytes` that end (or begin) at a page that must not be touched. */
static void *guarded(size_t bytes, bool at_end) {
  size_t pages = (bytes + PAGE - 1) / PAGE;
  char *memory = mmap(NULL, (pages + 2) * PAGE, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(memory != MAP_FAILED);
  CHECK(!mprotect(memory + PAGE, pages * PAGE, PROT_READ | PROT_WRITE));
  return memory + PAGE + (at_end ? pages * PAGE - bytes : 0);
}

static void run_guarded(vitc_parallel parallel, bool at_end) {
  unsigned char *weights = guarded(FAKE_WEIGHTS_BYTES, at_end);
  fake_weights(weights);
  CHECK(!mprotect((void *)((uintptr_t)weights / PAGE * PAGE), PAGE, PROT_READ));

  vitc_session_config config = fake_config();
  config.weights.data = weights;
  config.parallel = parallel;
  config.images = IMAGES;
  CHECK_OK(vitc_arena_size(config.model, config.level, IMAGES,
                           parallel.workers ? parallel.workers : 1,
                           &config.arena_bytes, &message));
  config.arena = guarded(config.arena_bytes, at_end);
  vitc_session *session = NULL;
  long before = allocations;
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
  CHECK(allocations == before);
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
  long before = allocations;
  CHECK_OK(vitc_session_create(&config, &session, &message));
  CHECK(allocations == before + 1);
  vitc_session_destroy(session);
  return check_result();
}
