/*===- session.h - What a session holds -----------------------------------===*/

#ifndef VITC_SESSION_H
#define VITC_SESSION_H

#include "internal.h"

/** Limits that keep a grid's size and a task's number within 64 bits. */
#define VITC_MAX_IMAGES 0x1000000u
#define VITC_MAX_WORKERS 1024u

struct vitc_session {
  const vitc_model *model;
  const vitc_level *level;
  const void *weights;
  char *arena;
  uint64_t images;       /**< most in one run */
  uint64_t *nanoseconds; /**< profile, or null */
  vitc_parallel parallel;
  bool owned; /**< by vitc_session_create */
};

#endif /* VITC_SESSION_H */
