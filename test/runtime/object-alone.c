// An object and its header are enough for a program: no runtime, and of the C
// library only what the program itself uses. The header is C11 and C++17
// without a warning, and its macros say what the model says.
//
// RUN: rm -rf %t && mkdir -p %t
// RUN: vitc compile vit_tiny_patch16_224 --set image=32 --set depth=2 --set classes=5 --weights closed-form --outputs logits,tokens --prefix net -o %t
// RUN: %cc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror -I%include -fsyntax-only -x c %t/net.h
// RUN: %cxx -std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Werror -I%include -fsyntax-only -x c++ %t/net.h
// RUN: %cc -std=c11 -Wall -Wextra -Wpedantic -Werror -I%include -I%t %s %t/net.o -lm -o %t/alone
// RUN: %t/alone %t/net.weights | FileCheck %s
// CHECK: logits -0.2881 1.1409 -0.6119 -0.8422 1.0703

#include "net.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

_Static_assert(NET_ALIGNMENT == VITC_ALIGNMENT, "the alignment of the ABI");
_Static_assert(NET_IMAGE_COUNT == 3 * 32 * 32, "one image");
_Static_assert(NET_LOGITS_COUNT == 5, "the classes");
_Static_assert(NET_TOKENS_COUNT == 5 * 192, "four patches and the class token");

static int expect(const char *what, uint64_t macro, uint64_t value) {
  if (macro == value)
    return 1;
  printf("%s: the header has %llu, the object %llu\n", what,
         (unsigned long long)macro, (unsigned long long)value);
  return 0;
}

static int check_macros(void) {
  const vitc_level *level = &net_model.levels[0];
  int good = expect("weights", NET_WEIGHTS_BYTES, level->weights_bytes);
  good &= expect("arena", NET_ARENA_BYTES(3, 2),
                 3 * level->arena_image_bytes + 2 * level->arena_worker_bytes);
  good &= expect("stack", NET_STACK_BYTES, level->stack_bytes);
  good &= expect("image", NET_IMAGE_COUNT * sizeof(float),
                 net_model.inputs[0].image_bytes);
  good &= expect("logits", NET_LOGITS_COUNT * sizeof(float),
                 net_model.outputs[0].image_bytes);
  good &= expect("tokens", NET_TOKENS_COUNT * sizeof(float),
                 net_model.outputs[1].image_bytes);
  return good;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  void *weights = aligned_alloc(NET_ALIGNMENT, NET_WEIGHTS_BYTES);
  if (!file ||
      fread(weights, 1, NET_WEIGHTS_BYTES, file) != NET_WEIGHTS_BYTES ||
      fgetc(file) != EOF || !check_macros())
    return 1;
  static float pixels[NET_IMAGE_COUNT], tokens[NET_TOKENS_COUNT];
  float logits[NET_LOGITS_COUNT];
  for (unsigned i = 0; i < NET_IMAGE_COUNT; ++i)
    pixels[i] = (float)cos(0.013 * i);

  const void *inputs[] = {pixels};
  void *outputs[] = {logits, tokens};
  void *arena = aligned_alloc(NET_ALIGNMENT, NET_ARENA_BYTES(1, 1));
  if (net_run(weights, inputs, outputs, arena, 1))
    return 1;
  printf("logits");
  for (unsigned i = 0; i < NET_LOGITS_COUNT; ++i)
    printf(" %.4f", logits[i]);
  puts("");
  free(arena);
  free(weights);
  return fclose(file);
}
