/*===- one_image.c - Which kind of clothes is this? -----------------------===*\
|*
|* one_image WEIGHTS < PIXELS
|*
|* Classifies one grey picture of 28 x 28 bytes, row after row, with the network
|* that is linked in. It is the least that a program does with the runtime, and
|* compiles as C11 and as C++17.
|*
\*===----------------------------------------------------------------------===*/

#include "fashion_vit.h"

#include "vitc/preprocess.h"
#include "vitc/runtime.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIDE = 28 };

static uint8_t pixels[SIDE * SIDE];
static float tensor[FASHION_VIT_IMAGE_COUNT];
static float logits[FASHION_VIT_LOGITS_COUNT];

/* Fills `tensor`: resizes, crops and normalises as the model's object says. */
static vitc_status preprocess(vitc_message *message) {
  vitc_image image = {pixels, SIDE, SIDE, SIDE, 1};
  uint64_t bytes = 0;
  vitc_status status =
      vitc_preprocess_size(&fashion_vit_model, &image, &bytes, message);
  if (status != VITC_OK)
    return status;
  void *workspace = aligned_alloc(VITC_ALIGNMENT, bytes);
  status = vitc_preprocess_image(&fashion_vit_model, &image, workspace, bytes,
                                 tensor, sizeof tensor, message);
  free(workspace);
  return status;
}

/* Fills `logits`. A program with many images keeps the session. */
static vitc_status run(const char *path, vitc_message *message) {
  static vitc_session_config config; /* all zero */
  vitc_session *session = NULL;
  const void *inputs[] = {tensor};
  void *outputs[] = {logits};
  config.model = &fashion_vit_model;
  vitc_status status = vitc_weights_open(path, &config.weights, message);
  if (status == VITC_OK)
    status = vitc_session_create(&config, &session, message);
  if (status == VITC_OK)
    status = vitc_session_run(session, inputs, outputs, 1, message);
  vitc_session_destroy(session);
  vitc_weights_close(&config.weights);
  return status;
}

int main(int argc, char **argv) {
  vitc_message message;
  if (argc != 2 || fread(pixels, 1, sizeof pixels, stdin) != sizeof pixels) {
    fprintf(stderr, "usage: one_image WEIGHTS < PIXELS (%d x %d bytes)\n", SIDE,
            SIDE);
    return 1;
  }
  vitc_status status = preprocess(&message);
  if (status == VITC_OK)
    status = run(argv[1], &message);
  if (status != VITC_OK) {
    fprintf(stderr, "%s: %s\n", vitc_status_name(status), message.text);
    return 1;
  }
  size_t best = 0;
  for (size_t i = 1; i < FASHION_VIT_LOGITS_COUNT; ++i)
    if (logits[i] > logits[best])
      best = i;
  puts(fashion_vit_model.labels[best]);
  return 0;
}
