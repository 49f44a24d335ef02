/*===- fake_model.h - A model in C for the runtime's tests ----------------===*\
|*
|* Four steps over 5 tokens of 8 channels: a linear map to 6 channels, a
|* centring of every row that goes through the worker's scratch, the mean of the
|* tokens ("logits"), and a copy ("tokens"). Its steps claim enough work to be
|* split among workers.
|*
\*===----------------------------------------------------------------------===*/

#ifndef FAKE_MODEL_H
#define FAKE_MODEL_H

#include "vitc/runtime.h"

#include <stdlib.h>

enum {
  FAKE_TOKENS = 5,
  FAKE_IN = 8,
  FAKE_OUT = 6,
  FAKE_LEVELS = 3,
  FAKE_WEIGHTS_BYTES = 448
};

/** Levels: x86-64-v4, x86-64-v3, and "plain", which runs on every CPU. */
extern const vitc_model fake_model;

/** Writes the weights file that goes with it. */
void fake_weights(unsigned char file[FAKE_WEIGHTS_BYTES]);

/** Recomputes the content checksum of a weights file. */
void fake_seal(unsigned char *file);

/** Fills the input of image `image` of a test. */
void fake_input(float input[FAKE_TOKENS * FAKE_IN], int image);

/** Results of the model, computed without it. */
void fake_reference(const float input[FAKE_TOKENS * FAKE_IN],
                    float logits[FAKE_OUT],
                    float tokens[FAKE_TOKENS * FAKE_OUT]);

/** A config with the plain level, aligned weights of its own, one image. */
vitc_session_config fake_config(void);

#endif /* FAKE_MODEL_H */
