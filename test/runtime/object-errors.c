// What a session says of a compiled network and weights that do not fit
// together, of damaged weights, and of a CPU that lacks what the object needs.
//
// RUN: rm -rf %t && mkdir -p %t
// DEFINE: %{compile} = vitc compile vit_tiny_patch16_224 --set image=32 --set classes=5 --weights closed-form -o %t
// RUN: %{compile} --set depth=1 --cpu x86-64-v3 --prefix one
// RUN: %{compile} --set depth=2 --cpu x86-64-v3 --prefix two
// RUN: %{compile} --set depth=1 --cpu x86-64-v4 --prefix fast
// Both levels want the same weights.
// RUN: cmp %t/one.weights %t/fast.weights
// RUN: %cc %cflags -I%t %s %t/one.o %t/two.o %t/fast.o %runtime %sanitize -o %t/errors
// RUN: cd %t && env -u VITC_CPU ./errors | FileCheck %s
// CHECK: all checks passed

#define _GNU_SOURCE
#include "fast.h"
#include "network.h"
#include "one.h"
#include "two.h"

static const network one = NETWORK(one), two = NETWORK(two);
static const network fast = NETWORK(fast);
static vitc_message message;

/* A run of one image; every output is finite. */
static void check_run(vitc_session *session, const network *net) {
  float *image = make_images(net, 1);
  results found = make_results(net, 1, 0xff);
  const void *inputs[] = {image};
  CHECK_OK(vitc_session_run(session, inputs, found.outputs, 1, &message));
  const float *logits = found.outputs[0];
  for (uint64_t i = 0; i < net->model->outputs[0].image_bytes / 4; ++i)
    CHECK(logits[i] > -100 && logits[i] < 100);
  free_results(&found);
  free(image);
}

static void check_weights(void) {
  vitc_weights weights = network_weights(&one), others = network_weights(&two);
  vitc_session *session = NULL;
  vitc_session_config config = {.model = one.model, .weights = others};
  CHECK_STATUS(vitc_session_create(&config, &session, &message),
               VITC_WEIGHTS_MISMATCH, "bytes packed for another model");
  config.weights = (vitc_weights){weights.data, weights.bytes - 64};
  CHECK_STATUS(vitc_session_create(&config, &session, &message),
               VITC_WEIGHTS_INVALID, "expected");
  config.weights = (vitc_weights){0};
  CHECK_STATUS(vitc_session_create(&config, &session, &message),
               VITC_INVALID_ARGUMENT, "none embedded in the object");
  CHECK(!session);

  /* One bit of the last tensor: only the full check reads it. */
  char *copy = check_memory(aligned_alloc(VITC_ALIGNMENT, weights.bytes));
  memcpy(copy, weights.data, weights.bytes);
  copy[weights.bytes - VITC_ALIGNMENT] ^= 1;
  config.weights = (vitc_weights){copy, weights.bytes};
  CHECK_OK(vitc_weights_check(&config.weights, &message));
  CHECK_STATUS(vitc_weights_check_contents(&config.weights, &message),
               VITC_WEIGHTS_INVALID, "expected");
  free(copy);
  vitc_weights_close(&weights);
  vitc_weights_close(&others);
}

static void check_cpu(void) {
  vitc_session *session = NULL;
  vitc_session_config config = {.model = fast.model,
                                .weights = network_weights(&fast)};
  CHECK(!setenv("VITC_CPU", "x86-64-v3", 1));
  CHECK_STATUS(vitc_session_create(&config, &session, &message),
               VITC_CPU_UNSUPPORTED, "expected a CPU for level x86-64-v4");
  CHECK_STATUS(vitc_session_create(&config, &session, &message),
               VITC_CPU_UNSUPPORTED, "avx512f");
  CHECK(!setenv("VITC_CPU", "x86-64-v5", 1));
  CHECK_STATUS(vitc_session_create(&config, &session, &message),
               VITC_UNKNOWN_LEVEL, "did you mean 'x86-64-v");
  CHECK(!unsetenv("VITC_CPU"));

  /* Where the CPU has the level, it runs; elsewhere it is an error, no crash. */
  vitc_status status = vitc_session_create(&config, &session, &message);
  CHECK(status ==
        (__builtin_cpu_supports("avx512f") ? VITC_OK : VITC_CPU_UNSUPPORTED));
  if (status == VITC_OK)
    check_run(session, &fast);
  vitc_session_destroy(session);
  vitc_weights_close(&config.weights);

  /* A level that no CPU has yet. */
  config.weights = network_weights(&one);
  vitc_level level = one.model->levels[0];
  vitc_model model = *one.model;
  level.features |= (uint64_t)1 << 63;
  model.levels = &level;
  config.model = &model;
  session = NULL;
  CHECK_STATUS(vitc_session_create(&config, &session, &message),
               VITC_CPU_UNSUPPORTED, "features this runtime does not know");
  CHECK(!session);
  config.model = one.model;
  CHECK_OK(vitc_session_create(&config, &session, &message));
  check_run(session, &one);
  vitc_session_destroy(session);
  vitc_weights_close(&config.weights);
}

int main(void) {
  check_weights();
  check_cpu();
  return check_result();
}
