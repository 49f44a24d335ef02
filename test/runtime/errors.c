// Every status and message of models, sessions and runs; on failure nothing is
// changed. Those of levels, weights, pools and images are in tests of their own.
//
// RUN: %cc %cflags %s %fake %runtime %sanitize -o %t
// RUN: env -u VITC_CPU ASAN_OPTIONS=allocator_may_return_null=1 %t | FileCheck %s
// CHECK: all checks passed

#include "check.h"
#include "fake_model.h"

static vitc_message message;
static _Alignas(64) unsigned char memory[VITC_SESSION_BYTES + 64];
static _Alignas(64) unsigned char arena[1 << 12];

static void check_names(void) {
  static const char *const names[] = {"VITC_OK",
                                      "VITC_INVALID_ARGUMENT",
                                      "VITC_OUT_OF_MEMORY",
                                      "VITC_SIZE_OVERFLOW",
                                      "VITC_ABI_MISMATCH",
                                      "VITC_CPU_UNSUPPORTED",
                                      "VITC_UNKNOWN_LEVEL",
                                      "VITC_IO_ERROR",
                                      "VITC_WEIGHTS_INVALID",
                                      "VITC_WEIGHTS_MISMATCH",
                                      "VITC_THREADS_UNAVAILABLE"};
  for (int i = 0; i <= VITC_THREADS_UNAVAILABLE; ++i)
    CHECK(!strcmp(vitc_status_name((vitc_status)i), names[i]));
  CHECK(!strcmp(vitc_status_name((vitc_status)11), "unknown status"));
}

static void check_model(void) {
  const vitc_level *plain = &fake_model.levels[2];
  uint64_t bytes = 7;
  uint32_t index = 7;
  CHECK_OK(vitc_arena_size(&fake_model, plain, 3, 2, &bytes, &message));
  CHECK(bytes == 3 * 256 + 2 * 128);
  CHECK_STATUS(vitc_arena_size(NULL, plain, 1, 1, &bytes, &message),
               VITC_INVALID_ARGUMENT, "expected a model, found a null pointer");
  CHECK_STATUS(vitc_arena_size(&fake_model, NULL, 1, 1, &bytes, &message),
               VITC_INVALID_ARGUMENT,
               "expected one of the levels of model 'fake', found another");
  CHECK_STATUS(vitc_arena_size(&fake_model, plain, 0, 1, &bytes, &message),
               VITC_INVALID_ARGUMENT, "found 0 images, 1 workers and a result");
  CHECK_STATUS(vitc_arena_size(&fake_model, plain, 1, 0, &bytes, &message),
               VITC_INVALID_ARGUMENT, "found 1 images, 0 workers and a result");
  CHECK_STATUS(vitc_arena_size(&fake_model, plain, 1, 1, NULL, &message),
               VITC_INVALID_ARGUMENT, "1 workers and a null pointer");
  CHECK_STATUS(
      vitc_arena_size(&fake_model, plain, UINT64_MAX, 1, &bytes, &message),
      VITC_SIZE_OVERFLOW, "expected an arena of less than 2^64 bytes");
  CHECK_STATUS(vitc_arena_size(&fake_model, plain, 1, UINT64_MAX / 128, &bytes,
                               &message),
               VITC_SIZE_OVERFLOW, "found 1 images of 256 bytes");
  CHECK(bytes == 3 * 256 + 2 * 128);

  vitc_model old = fake_model;
  old.abi_version = 0;
  CHECK_STATUS(vitc_arena_size(&old, plain, 1, 1, &bytes, &message),
               VITC_ABI_MISMATCH,
               "expected an object of ABI version 2 with a model of at least ");
  old = fake_model;
  old.size -= 8;
  CHECK_STATUS(vitc_find_input(&old, "image", &index, &message),
               VITC_ABI_MISMATCH, "compile the model again");
  CHECK_STATUS(vitc_find_output(&old, "logits", &index, &message),
               VITC_ABI_MISMATCH, "compile the model again");

  CHECK_STATUS(vitc_find_output(&fake_model, "logit", &index, &message),
               VITC_INVALID_ARGUMENT,
               "model 'fake' has no output 'logit'; did you mean 'logits'?");
  CHECK_STATUS(vitc_find_input(&fake_model, "picture", &index, &message),
               VITC_INVALID_ARGUMENT, "model 'fake' has no input 'picture'");
  CHECK(!strstr(message.text, "did you mean"));
  CHECK_STATUS(vitc_find_output(&fake_model, NULL, &index, &message),
               VITC_INVALID_ARGUMENT,
               "expected a name and a result, found a null pointer");
  CHECK(index == 7);
  CHECK_OK(vitc_find_output(&fake_model, "tokens", &index, &message));
  CHECK(index == 1);
  CHECK_OK(vitc_find_input(&fake_model, "image", &index, &message));
  CHECK(index == 0);
}

#define CREATE() vitc_session_create(&config, &session, &message)
#define INIT(at) vitc_session_init(&config, at, &session, &message)

static void check_sessions(void) {
  vitc_session *session = NULL;
  vitc_session_config config;
  CHECK_STATUS(vitc_session_create(NULL, &session, &message),
               VITC_INVALID_ARGUMENT,
               "expected a session config, found a null");
  config = fake_config();
  CHECK_STATUS(vitc_session_create(&config, NULL, &message),
               VITC_INVALID_ARGUMENT, "and no arena, found a null pointer");
  config.arena = arena;
  CHECK_STATUS(CREATE(), VITC_INVALID_ARGUMENT, "and no arena, found an arena");
  config = fake_config();
  config.model = NULL;
  CHECK_STATUS(CREATE(), VITC_INVALID_ARGUMENT, "expected a model");
  config = fake_config();
  config.level = fake_model.levels + FAKE_LEVELS;
  CHECK_STATUS(CREATE(), VITC_INVALID_ARGUMENT, "expected one of the levels");
  config = fake_config();
  config.weights = (vitc_weights){NULL, 0};
  CHECK_STATUS(CREATE(), VITC_INVALID_ARGUMENT,
               "expected weights for model 'fake', found none in the config");
  config = fake_config();
  config.parallel.parallel_for = vitc_pool_parallel(NULL).parallel_for;
  config.images = 0x1000001;
  CHECK_STATUS(CREATE(), VITC_INVALID_ARGUMENT,
               "expected at most 16777216 images in a run, found 16777217");

  config = fake_config();
  CHECK_STATUS(INIT(memory), VITC_INVALID_ARGUMENT,
               "expected an arena of 384 bytes for 1 images and 1 workers, "
               "found a null pointer and 0");
  config.arena = arena;
  config.arena_bytes = 383;
  CHECK_STATUS(INIT(memory), VITC_INVALID_ARGUMENT, "1 workers, found 383");
  config.arena_bytes = 384;
  CHECK_STATUS(INIT(NULL), VITC_INVALID_ARGUMENT,
               "expected memory and a place for the session, found a null");
  CHECK_STATUS(vitc_session_init(&config, memory, NULL, &message),
               VITC_INVALID_ARGUMENT, "expected memory and a place");
  CHECK_STATUS(INIT(memory + 4), VITC_INVALID_ARGUMENT,
               "aligned to 64 bytes, found addresses that are 4 and 0 past it");
  config.arena = arena + 16;
  CHECK_STATUS(INIT(memory), VITC_INVALID_ARGUMENT, "0 and 16 past it");
  config.arena = arena;
  CHECK(session == NULL);
  CHECK_OK(INIT(memory));
  CHECK((void *)session == memory);
  vitc_session_destroy(session); /* leaves the caller's memory alone */
  vitc_session_destroy(NULL);

  /* More memory than there is. */
  vitc_level large = fake_model.levels[2];
  vitc_model model = fake_model;
  model.levels = &large;
  model.level_count = 1;
  large.arena_image_bytes = (uint64_t)1 << 58;
  config = fake_config();
  config.model = &model;
  config.level = &large;
  CHECK_STATUS(CREATE(), VITC_OUT_OF_MEMORY,
               "expected 288230376151711872 bytes for the session's arena");
  config.images = 64;
  CHECK_STATUS(CREATE(), VITC_SIZE_OVERFLOW, "expected an arena of less than");
}

/* Objects that say what no compiler wrote. */
static void check_broken_models(void) {
  vitc_level level = fake_model.levels[2];
  vitc_model model = fake_model;
  vitc_step step = level.steps[0];
  vitc_operand operand = step.operands[0];
  vitc_session *session = NULL;
  vitc_session_config config = fake_config();
  config.model = &model;
  config.level = &level;
  model.levels = &level;
  model.level_count = 1;
  level.steps = &step;
  level.step_count = 1;

  level.arena_worker_bytes = 65;
  CHECK_STATUS(CREATE(), VITC_ABI_MISMATCH,
               "expected arena sizes that are multiples of 64, found 256 and "
               "65");
  level.arena_worker_bytes = 64;
  step.operand_count = 25;
  CHECK_STATUS(CREATE(), VITC_ABI_MISMATCH,
               "expected at most 24 operands, found 25 in step 'embed'");
  step.operand_count = 1;
  step.rows = 0;
  CHECK_STATUS(CREATE(), VITC_ABI_MISMATCH,
               "expected rows, grain and columns of at least 1, found 0, 2 and "
               "6 in step 'embed'");
  step.rows = 5;
  step.operands = &operand;
  operand.index = 1;
  CHECK_STATUS(CREATE(), VITC_ABI_MISMATCH,
               "expected a buffer of the model, found space 3 index 1 in "
               "operand 0 of step 'embed'");
  operand.space = 5;
  operand.index = 0;
  CHECK_STATUS(CREATE(), VITC_ABI_MISMATCH, "found space 5 index 0");
}

/* Callbacks that break their promise. */
static void skip_last(void *context, vitc_task task, void *arguments,
                      int64_t count) {
  (void)context;
  for (int64_t i = 0; i < count - 1; ++i)
    task(arguments, i, 0);
}

static void large_worker(void *context, vitc_task task, void *arguments,
                         int64_t count) {
  (void)context;
  for (int64_t i = 0; i < count; ++i)
    task(arguments, i, 9);
}

static void large_index(void *context, vitc_task task, void *arguments,
                        int64_t count) {
  (void)context;
  for (int64_t i = 0; i <= count; ++i)
    task(arguments, i, 0);
}

static void check_runs(void) {
  static float input[FAKE_TOKENS * FAKE_IN + 1], logits[FAKE_OUT];
  static float tokens[FAKE_TOKENS * FAKE_OUT];
  const void *inputs[] = {input};
  void *outputs[] = {logits, tokens};
  vitc_session *session = NULL;
  vitc_session_config config = fake_config();
  CHECK_OK(CREATE());

#define RUN(images) vitc_session_run(session, inputs, outputs, images, &message)
  CHECK_STATUS(vitc_session_run(NULL, inputs, outputs, 1, &message),
               VITC_INVALID_ARGUMENT, "expected a session, found a null");
  CHECK_STATUS(vitc_session_run(session, NULL, outputs, 1, &message),
               VITC_INVALID_ARGUMENT, "expected 1 inputs, found a null");
  CHECK_STATUS(vitc_session_run(session, inputs, NULL, 1, &message),
               VITC_INVALID_ARGUMENT, "expected 2 outputs, found a null");
  CHECK_STATUS(RUN(0), VITC_INVALID_ARGUMENT,
               "expected from 1 to 1 images, found 0");
  CHECK_STATUS(RUN(2), VITC_INVALID_ARGUMENT, "to 1 images, found 2");
  inputs[0] = (char *)input + 1;
  CHECK_STATUS(RUN(1), VITC_INVALID_ARGUMENT,
               "expected input 'image' aligned to 4 bytes, found an address");
  inputs[0] = input;
  outputs[1] = NULL;
  CHECK_STATUS(RUN(1), VITC_INVALID_ARGUMENT,
               "expected output 'tokens' aligned to 4 bytes, found a null");
  outputs[1] = tokens;
  CHECK_OK(RUN(1));
  CHECK(vitc_session_run(session, inputs, outputs, 2, NULL) ==
        VITC_INVALID_ARGUMENT); /* no message wanted */

  uint64_t times[4];
  CHECK_STATUS(vitc_session_profile(NULL, times, 4, &message),
               VITC_INVALID_ARGUMENT, "expected a session, found a null");
  CHECK_STATUS(vitc_session_profile(session, times, 3, &message),
               VITC_INVALID_ARGUMENT, "expected times for 4 steps, found 3");
  CHECK_STATUS(vitc_session_profile(session, NULL, 4, &message),
               VITC_INVALID_ARGUMENT, "expected times for 0 steps, found 4");
  vitc_session_destroy(session);

  config.parallel = (vitc_parallel){skip_last, NULL, 0};
  session = NULL;
  CHECK_STATUS(
      CREATE(), VITC_INVALID_ARGUMENT,
      "expected from 1 to 1024 workers beside a parallel_for, found 0");
  config.parallel.workers = 2;
  CHECK_OK(CREATE());
  CHECK_STATUS(RUN(1), VITC_INVALID_ARGUMENT,
               "expected parallel_for to run 2 tasks of step 'embed', found 1");
  vitc_session_destroy(session);
  config.parallel = (vitc_parallel){large_worker, NULL, 2};
  CHECK_OK(CREATE());
  CHECK_STATUS(RUN(1), VITC_INVALID_ARGUMENT,
               "expected parallel_for to pass workers below 2 and tasks below "
               "2, found worker 9 in step 'embed'");
  vitc_session_destroy(session);
  config.parallel = (vitc_parallel){large_index, NULL, 2};
  CHECK_OK(CREATE());
  CHECK_STATUS(RUN(1), VITC_INVALID_ARGUMENT, "expected parallel_for to pass");
  vitc_session_destroy(session);
}

int main(void) {
  check_names();
  check_model();
  check_sessions();
  check_broken_models();
  check_runs();
  return check_result();
}
