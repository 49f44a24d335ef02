/*===- network.h - Compiled networks for the runtime's tests --------------===*\
|*
|* Images, weights and results of a network that vitc compiled, whatever its
|* shapes. A test declares its networks with NETWORK(name), where `name` is the
|* prefix, and runs in the folder of the artefacts.
|*
\*===----------------------------------------------------------------------===*/

#ifndef NETWORK_H
#define NETWORK_H

#include "check.h"

#include <stdlib.h>

/** Most outputs that a test asks for. */
enum { MAX_OUTPUTS = 4 };

/** A network that is linked in. */
typedef struct network {
  const vitc_model *model;
  int (*run)(const void *weights, const void *const *inputs,
             void *const *outputs, void *arena, int64_t images);
  const char *weights_file;
} network;

#define NETWORK(name) {&name##_model, name##_run, #name ".weights"}

/** Results of some images. */
typedef struct results {
  void *outputs[MAX_OUTPUTS];
} results;

static inline void *check_memory(void *memory) {
  if (!memory) {
    puts("out of memory");
    exit(1);
  }
  return memory;
}

static inline vitc_weights network_weights(const network *net) {
  vitc_weights weights = {NULL, 0};
  vitc_message message;
  CHECK_OK(vitc_weights_open(net->weights_file, &weights, &message));
  CHECK_OK(vitc_weights_check_contents(&weights, &message));
  return weights;
}

/** Fills `bytes` bytes with the float pixels of image `first` and those behind
 * it: values from -2 to 2, different in every image. */
static inline void fill_images(float *pixels, uint64_t image_bytes,
                               uint64_t images, uint64_t first) {
  uint64_t count = image_bytes / sizeof(float);
  for (uint64_t image = 0; image < images; ++image) {
    uint64_t state = 0x9e3779b97f4a7c15u * (first + image + 1);
    for (uint64_t i = 0; i < count; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      pixels[image * count + i] =
          (float)(int32_t)(state >> 32) / (float)(1u << 30);
    }
  }
}

static inline float *make_images(const network *net, uint64_t images) {
  uint64_t bytes = net->model->inputs[0].image_bytes;
  float *pixels = check_memory(malloc(images * bytes));
  fill_images(pixels, bytes, images, 0);
  return pixels;
}

/** Room for results, filled with `byte` so that two fillings show what was not
 * written. */
static inline results make_results(const network *net, uint64_t images,
                                   int byte) {
  results made = {{NULL}};
  CHECK(net->model->output_count <= MAX_OUTPUTS);
  for (uint32_t i = 0; i < net->model->output_count; ++i) {
    uint64_t bytes = images * net->model->outputs[i].image_bytes;
    made.outputs[i] = check_memory(malloc(bytes));
    memset(made.outputs[i], byte, bytes);
  }
  return made;
}

static inline void free_results(results *made) {
  for (uint32_t i = 0; i < MAX_OUTPUTS; ++i)
    free(made->outputs[i]);
}

/** Whether all of two results have the same bits. */
static inline bool same_results(const network *net, uint64_t images,
                                const results *a, const results *b) {
  bool same = true;
  for (uint32_t i = 0; i < net->model->output_count; ++i)
    same &= !memcmp(a->outputs[i], b->outputs[i],
                    images * net->model->outputs[i].image_bytes);
  return same;
}

/** Bytes of an arena for `images` images and `workers` workers. */
static inline uint64_t network_arena(const network *net, uint64_t images,
                                     uint64_t workers) {
  uint64_t bytes = 0;
  vitc_message message;
  CHECK_OK(vitc_arena_size(net->model, &net->model->levels[0], images, workers,
                           &bytes, &message));
  return bytes;
}

#endif /* NETWORK_H */
