/*===- guest.c - Runs every model of a table and prints its outputs -------===*\
|*
|* Prints a line "OUTPUT MODEL NAME NUMBER..." for each output, numbers as the
|* bits of float32, and an error's text otherwise. The same run on two threads
|* must give the same bits.
|*
\*===----------------------------------------------------------------------===*/

#include "vitc/runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
  const char *name;
  const vitc_model *model;
} entry;

#include "table.inc"

enum { MOST_OUTPUTS = 32 };

static vitc_message message;

static void expect(const char *model, vitc_status status) {
  if (status == VITC_OK)
    return;
  printf("%s: %s\n", model, message.text);
  exit(1);
}

static void *allocate(const char *model, uint64_t bytes) {
  void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!memory) {
    printf("%s: no memory\n", model);
    exit(1);
  }
  return memory;
}

static void *read_input(const char *name, uint64_t bytes) {
  char path[256];
  snprintf(path, sizeof path, "/data/%s.input", name);
  void *data = allocate(name, bytes);
  FILE *file = fopen(path, "rb");
  if (!file || fread(data, 1, bytes, file) != bytes) {
    printf("%s: expected %llu bytes in %s\n", name, (unsigned long long)bytes,
           path);
    exit(1);
  }
  fclose(file);
  return data;
}

static void run(const entry *e, const vitc_weights *weights, const void *input,
                vitc_pool *pool, void *const *outputs) {
  vitc_session_config config = {.model = e->model,
                                .weights = *weights,
                                .images = 1,
                                .parallel = vitc_pool_parallel(pool)};
  vitc_session *session;
  expect(e->name, vitc_session_create(&config, &session, &message));
  expect(e->name, vitc_session_run(session, &input, outputs, 1, &message));
  vitc_session_destroy(session);
}

static void compare_and_print(const entry *e, vitc_pool *pool) {
  const vitc_model *model = e->model;
  char path[256];
  snprintf(path, sizeof path, "/data/%s.weights", e->name);
  vitc_weights weights;
  expect(e->name, vitc_weights_open(path, &weights, &message));
  void *input = read_input(e->name, model->inputs[0].image_bytes);
  void *alone[MOST_OUTPUTS], *together[MOST_OUTPUTS];
  if (model->output_count > MOST_OUTPUTS) {
    printf("%s: too many outputs\n", e->name);
    exit(1);
  }
  for (uint32_t i = 0; i < model->output_count; ++i) {
    alone[i] = allocate(e->name, model->outputs[i].image_bytes);
    together[i] = allocate(e->name, model->outputs[i].image_bytes);
  }
  run(e, &weights, input, NULL, alone);
  run(e, &weights, input, pool, together);
  for (uint32_t i = 0; i < model->output_count; ++i) {
    const vitc_tensor *output = &model->outputs[i];
    if (memcmp(alone[i], together[i], output->image_bytes)) {
      printf("%s: %s differs on two threads\n", e->name, output->name);
      exit(1);
    }
    printf("OUTPUT %s %s", e->name, output->name);
    for (uint64_t k = 0; k < output->image_bytes / 4; ++k)
      printf(" %08x", ((const uint32_t *)alone[i])[k]);
    putchar('\n');
  }
  vitc_weights_close(&weights);
}

int main(void) {
  vitc_pool *pool;
  expect("pool", vitc_pool_create(2, &pool, &message));
  for (const entry *e = table; e->name; ++e)
    compare_and_print(e, pool);
  vitc_pool_destroy(pool);
  return 0;
}
