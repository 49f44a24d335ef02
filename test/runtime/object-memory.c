// A run of a compiled network allocates nothing and touches no byte outside
// arena, weights, inputs and outputs, however many images and workers: all
// stand between guard pages, weights in read-only pages. It needs no more stack
// than the model says.
//
// RUN: rm -rf %t && mkdir -p %t
// RUN: vitc compile vit_tiny_patch16_224 --set image=80 --set depth=2 --set width=66 --set classes=37 --weights closed-form:random --outputs logits,tokens --prefix vit -o %t
// RUN: vitc compile tnt_s_legacy_patch16_224 --set image=48 --set depth=2 --set classes=37 --weights closed-form:random --prefix tnt -o %t
// RUN: %cc %cflags -I%t %s %t/vit.o %t/tnt.o %libruntime -o %t/memory
// RUN: cd %t && %t/memory | FileCheck %s
// CHECK: all checks passed

#define _GNU_SOURCE
#include "allocations.h"
#include "guarded.h"
#include "network.h"
#include "tnt.h"
#include "vit.h"

#include <limits.h>
#include <pthread.h>

enum { MOST_IMAGES = 3, WORKERS = 3 };

static const network networks[] = {NETWORK(vit), NETWORK(tnt)};
static vitc_message message;

/* Buffers of a network for some images, all between guard pages. */
typedef struct buffers {
  const network *net;
  uint64_t images;
  vitc_weights weights;
  void *arena;
  uint64_t arena_bytes;
  const void *inputs[1];
  void *outputs[MAX_OUTPUTS];
} buffers;

static vitc_weights guarded_weights(const network *net, bool at_end) {
  vitc_weights mapped = network_weights(net);
  void *copy = guarded(mapped.bytes, at_end);
  memcpy(copy, mapped.data, mapped.bytes);
  guarded_read_only(copy, mapped.bytes);
  vitc_weights weights = {copy, mapped.bytes};
  vitc_weights_close(&mapped);
  return weights;
}

static buffers make_buffers(const network *net, uint64_t images, bool at_end) {
  buffers made = {.net = net, .images = images};
  uint64_t image_bytes = net->model->inputs[0].image_bytes;
  float *pixels = guarded(images * image_bytes, at_end);
  fill_images(pixels, image_bytes, images, 0);
  guarded_read_only(pixels, images * image_bytes);
  made.inputs[0] = pixels;
  for (uint32_t i = 0; i < net->model->output_count; ++i)
    made.outputs[i] =
        guarded(images * net->model->outputs[i].image_bytes, at_end);
  made.weights = guarded_weights(net, at_end);
  made.arena_bytes = network_arena(net, images, WORKERS);
  made.arena = guarded(made.arena_bytes, at_end);
  return made;
}

static void free_buffers(buffers *made) {
  const vitc_model *model = made->net->model;
  free_guarded(made->inputs[0], made->images * model->inputs[0].image_bytes);
  for (uint32_t i = 0; i < model->output_count; ++i)
    free_guarded(made->outputs[i],
                 made->images * model->outputs[i].image_bytes);
  free_guarded(made->weights.data, made->weights.bytes);
  free_guarded(made->arena, made->arena_bytes);
}

static void run_session(const buffers *given, vitc_parallel parallel) {
  static _Alignas(VITC_ALIGNMENT) char memory[VITC_SESSION_BYTES];
  vitc_session_config config = {.model = given->net->model,
                                .weights = given->weights,
                                .parallel = parallel,
                                .images = given->images,
                                .arena = given->arena,
                                .arena_bytes = given->arena_bytes};
  vitc_session *session = NULL;
  long before = allocations();
  CHECK_OK(vitc_session_init(&config, memory, &session, &message));
  for (uint64_t images = 1; images <= given->images; ++images)
    CHECK_OK(vitc_session_run(session, given->inputs, given->outputs, images,
                              &message));
  CHECK(allocations() == before);
}

static void *run_alone(void *argument) {
  const buffers *given = argument;
  long before = allocations();
  CHECK(given->net->run(given->weights.data, given->inputs, given->outputs,
                        given->arena, (int64_t)given->images) == 0);
  CHECK(allocations() == before);
  return NULL;
}

/* With the stack that the model states, what a thread needs for itself, and a
 * page for run_alone; the page behind it must not be touched. */
static void run_with_little_stack(buffers *given) {
  pthread_attr_t attributes;
  pthread_t thread;
  size_t bytes =
      given->net->model->levels[0].stack_bytes + PTHREAD_STACK_MIN + GUARD_PAGE;
  CHECK(!pthread_attr_init(&attributes));
  CHECK(!pthread_attr_setstack(&attributes, guarded(bytes, true), bytes));
  CHECK(!pthread_create(&thread, &attributes, run_alone, given));
  CHECK(!pthread_join(thread, NULL));
}

static void check_network(const network *net, vitc_pool *pool, uint64_t images,
                          bool at_end) {
  buffers given = make_buffers(net, images, at_end);
  run_session(&given, vitc_pool_parallel(pool));
  run_session(&given, (vitc_parallel){0});
  /* One worker needs less: the arena must not be used beyond that. */
  free_guarded(given.arena, given.arena_bytes);
  given.arena_bytes = network_arena(net, images, 1);
  given.arena = guarded(given.arena_bytes, at_end);
  run_session(&given, (vitc_parallel){0});
  run_with_little_stack(&given);
  free_buffers(&given);
}

int main(void) {
  vitc_pool *pool = NULL;
  CHECK_OK(vitc_pool_create(WORKERS, &pool, &message));
  for (int i = 0; i < 2; ++i)
    for (uint64_t images = 1; images <= MOST_IMAGES; images += 2) {
      check_network(&networks[i], pool, images, false);
      check_network(&networks[i], pool, images, true);
    }
  vitc_pool_destroy(pool);

  /* The counter counts, in other threads too. */
  long before = allocations();
  free(check_memory(malloc(1)));
  CHECK(allocations() == before + 1);
  return check_result();
}
