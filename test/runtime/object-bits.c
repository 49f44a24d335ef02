// A compiled network gives the same bits by itself and in a session, for any
// number of threads, with the application's parallel_for, for any grouping of
// images into runs, whatever else is asked for, whatever the arena held before
// and whatever the caller's float environment. The program holds a ViT, a TNT,
// and the same ViT once more under another prefix.
//
// The sanitizers see the runtime; the objects are as they ship.
//
// RUN: rm -rf %t && mkdir -p %t
// RUN: vitc compile vit_tiny_patch16_224 --set image=80 --set depth=2 --set classes=37 --weights closed-form:random --outputs logits,tokens --prefix vit -o %t
// RUN: vitc compile vit_tiny_patch16_224 --set image=80 --set depth=2 --set classes=37 --weights closed-form:random --prefix scores -o %t
// RUN: vitc compile tnt_s_patch16_224 --set image=48 --set depth=2 --set classes=37 --weights closed-form:random --outputs logits,tokens --prefix tnt -o %t
// RUN: %cc %cflags -I%t %s %t/vit.o %t/scores.o %t/tnt.o %libruntime -o %t/plain
// RUN: cd %t && %t/plain | FileCheck %s
// RUN: %cc %cflags -I%t %s %t/vit.o %t/scores.o %t/tnt.o %runtime %sanitize -o %t/sanitized
// RUN: cd %t && %t/sanitized | FileCheck %s
// RUN: %cc %cflags -I%t %s %t/vit.o %t/scores.o %t/tnt.o %runtime -O1 -fsanitize=thread -o %t/threads
// RUN: cd %t && %t/threads | FileCheck %s
// CHECK: all checks passed

#include "network.h"
#include "scores.h"
#include "tnt.h"
#include "vit.h"

#include <pthread.h>
#include <xmmintrin.h>

enum { IMAGES = 5, THREADS = 3 };

static const network vit = NETWORK(vit), tnt = NETWORK(tnt);
static const network scores = NETWORK(scores);
static vitc_message message;

/* Runs all images on the calling thread without the runtime, in an arena full
 * of `byte`. */
static results run_alone(const network *net, const float *images, int byte) {
  vitc_weights weights = network_weights(net);
  uint64_t bytes = network_arena(net, IMAGES, 1);
  void *arena = check_memory(aligned_alloc(VITC_ALIGNMENT, bytes));
  memset(arena, byte, bytes);
  results found = make_results(net, IMAGES, byte);
  const void *inputs[] = {images};
  CHECK(net->run(weights.data, inputs, found.outputs, arena, IMAGES) == 0);
  free(arena);
  vitc_weights_close(&weights);
  return found;
}

/* Runs all images, at most `batch` at a time. */
static results run_session(const network *net, const float *images,
                           vitc_parallel parallel, uint64_t batch) {
  vitc_weights weights = network_weights(net);
  vitc_session_config config = {.model = net->model,
                                .weights = weights,
                                .parallel = parallel,
                                .images = batch};
  vitc_session *session = NULL;
  CHECK_OK(vitc_session_create(&config, &session, &message));
  results found = make_results(net, IMAGES, 0x5a);
  for (uint64_t first = 0; first < IMAGES; first += batch) {
    uint64_t count = IMAGES - first < batch ? IMAGES - first : batch;
    const void *inputs[] = {(const char *)images +
                            first * net->model->inputs[0].image_bytes};
    void *outputs[MAX_OUTPUTS];
    for (uint32_t i = 0; i < net->model->output_count; ++i)
      outputs[i] =
          (char *)found.outputs[i] + first * net->model->outputs[i].image_bytes;
    CHECK_OK(vitc_session_run(session, inputs, outputs, count, &message));
  }
  vitc_session_destroy(session);
  vitc_weights_close(&weights);
  return found;
}

static void check_session(const network *net, const float *images,
                          const results *expected, vitc_parallel parallel,
                          uint64_t batch) {
  results found = run_session(net, images, parallel, batch);
  CHECK(same_results(net, IMAGES, &found, expected));
  free_results(&found);
}

typedef struct share {
  pthread_t thread;
  vitc_task task;
  void *arguments;
  int64_t first, count;
} share;

static void *share_main(void *argument) {
  const share *mine = argument;
  for (int64_t i = mine->first; i < mine->count; i += THREADS)
    mine->task(mine->arguments, i, mine->first);
  return NULL;
}

/* An application's own: threads that are started for every call. */
static void fresh_threads(void *context, vitc_task task, void *arguments,
                          int64_t count) {
  ++*(int *)context;
  share shares[THREADS];
  for (int i = 0; i < THREADS; ++i) {
    shares[i] = (share){
        .task = task, .arguments = arguments, .first = i, .count = count};
    CHECK(!pthread_create(&shares[i].thread, NULL, share_main, &shares[i]));
  }
  for (int i = 0; i < THREADS; ++i)
    pthread_join(shares[i].thread, NULL);
}

static void check_threads(const network *net, const float *images,
                          const results *expected) {
  static const uint64_t workers[] = {1, 2, 3, 7};
  for (int i = 0; i < 4; ++i) {
    vitc_pool *pool = NULL;
    CHECK_OK(vitc_pool_create(workers[i], &pool, &message));
    check_session(net, images, expected, vitc_pool_parallel(pool), IMAGES);
    check_session(net, images, expected, vitc_pool_parallel(pool), 1);
    vitc_pool_destroy(pool);
  }
  int calls = 0;
  vitc_parallel own = {fresh_threads, &calls, THREADS};
  check_session(net, images, expected, own, 3);
  CHECK(calls > 0);
}

/* A caller that rounds toward zero and flushes denormals gets its environment
 * back, and the same results. */
static void check_float_environment(const network *net, const float *images,
                                    const results *expected) {
  const unsigned strange = 0xffc0, flags = 0x3f;
  unsigned before = _mm_getcsr();
  _mm_setcsr(strange);
  results found = run_alone(net, images, 0);
  CHECK((_mm_getcsr() & ~flags) == (strange & ~flags));
  check_session(net, images, expected, (vitc_parallel){0}, IMAGES);
  CHECK((_mm_getcsr() & ~flags) == (strange & ~flags));
  _mm_setcsr(before);
  CHECK(same_results(net, IMAGES, &found, expected));
  free_results(&found);
}

/* Returns the results, which are numbers and differ from image to image. */
static results check_network(const network *net) {
  float *images = make_images(net, IMAGES);
  results expected = run_alone(net, images, 0);
  const float *logits = expected.outputs[0];
  uint64_t classes = net->model->outputs[0].image_bytes / sizeof(float);
  for (uint64_t i = 0; i < IMAGES * classes; ++i)
    CHECK(logits[i] > -100 && logits[i] < 100);
  for (uint64_t i = 1; i < IMAGES; ++i)
    CHECK(memcmp(logits, logits + i * classes, classes * sizeof(float)));

  /* All ones: every float that is read before it is written is a NaN. */
  results other = run_alone(net, images, 0xff);
  CHECK(same_results(net, IMAGES, &other, &expected));
  free_results(&other);
  for (uint64_t batch = 1; batch <= IMAGES; ++batch)
    check_session(net, images, &expected, (vitc_parallel){0}, batch);
  check_threads(net, images, &expected);
  check_float_environment(net, images, &expected);
  free(images);
  return expected;
}

int main(void) {
  results with_tokens = check_network(&vit);
  results scores_only = check_network(&scores);
  CHECK(vit.model->output_count == 2 && scores.model->output_count == 1);
  CHECK(!memcmp(with_tokens.outputs[0], scores_only.outputs[0],
                IMAGES * scores.model->outputs[0].image_bytes));
  free_results(&with_tokens);
  free_results(&scores_only);
  results words = check_network(&tnt);
  free_results(&words);
  return check_result();
}
