/* Prints the logits of the model `small` for one image, through a session and
 * through the object alone. Without EMBEDDED, argument 1 is the weights file.
 */

#include "small.h"

#include "vitc/runtime.h"

#include <stdio.h>
#include <stdlib.h>

static int fail(const vitc_message *message) {
  fprintf(stderr, "%s\n", message->text);
  return 1;
}

static void print(const char *how, const float *logits) {
  printf("%s", how);
  for (unsigned i = 0; i < SMALL_LOGITS_COUNT; ++i)
    printf(" %.9g", (double)logits[i]);
  printf("\n");
}

int main(int argc, char **argv) {
  vitc_message message;
  vitc_session_config config = {.model = &small_model};
  const void *packed = small_model.weights;
#ifndef EMBEDDED
  if (argc != 2 || packed)
    return 2;
  if (vitc_weights_open(argv[1], &config.weights, &message) != VITC_OK)
    return fail(&message);
  packed = config.weights.data;
#else
  if (argc != 1 || !packed || (uintptr_t)packed % VITC_ALIGNMENT)
    return 2;
  (void)argv;
#endif

  vitc_session *session;
  if (vitc_session_create(&config, &session, &message) != VITC_OK)
    return fail(&message);
  float image[SMALL_IMAGE_COUNT], logits[SMALL_LOGITS_COUNT];
  for (unsigned i = 0; i < SMALL_IMAGE_COUNT; ++i)
    image[i] = (float)i / 16 - 2;
  const void *inputs[] = {image};
  void *outputs[] = {logits};
  if (vitc_session_run(session, inputs, outputs, 1, &message) != VITC_OK)
    return fail(&message);
  print("session", logits);

  void *arena = aligned_alloc(SMALL_ALIGNMENT, SMALL_ARENA_BYTES(1, 1));
  small_run(packed, inputs, outputs, arena, 1);
  print("direct", logits);
  free(arena);
  vitc_session_destroy(session);
  vitc_weights_close(&config.weights);
  return 0;
}
