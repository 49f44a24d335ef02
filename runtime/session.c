/*===- session.c - Make sessions ------------------------------------------===*/

#include "session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

VITC_STATIC_ASSERT(sizeof(vitc_session) <= VITC_SESSION_BYTES,
                   "VITC_SESSION_BYTES must hold a session");

/* Checks `config` and fills a session from it; `arena_bytes` receives what the
 * arena must have. The arena itself is not looked at. */
static vitc_status prepare(const vitc_session_config *config,
                           vitc_session *session, uint64_t *arena_bytes,
                           vitc_message *message) {
  if (!config)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a session config, found a null pointer");
  memset(session, 0, sizeof *session);
  session->model = config->model;
  session->level = config->level;
  session->parallel = config->parallel;
  session->images = config->images ? config->images : 1;

  vitc_status status;
  if (!config->level) {
    status = vitc_select_level(config->model, NULL, &session->level, message);
    if (status != VITC_OK)
      return status;
  }
  status = vitc_check_level(config->model, session->level, message);
  if (status == VITC_OK)
    status = vitc_check_cpu(session->level, message);
  if (status != VITC_OK)
    return status;

  vitc_weights weights = config->weights;
  if (!weights.data && !weights.bytes) {
    if (!config->model->weights)
      return vitc_fail(message, VITC_INVALID_ARGUMENT,
                       "expected weights for model '%.64s', found none in the "
                       "config and none embedded in the object",
                       config->model->name);
    weights.data = config->model->weights;
    weights.bytes = session->level->weights_bytes;
  }
  status = vitc_match_weights(config->model, session->level, &weights, message);
  if (status != VITC_OK)
    return status;
  session->weights = weights.data;

  if (!session->parallel.parallel_for)
    session->parallel.workers = 1;
  if (!session->parallel.workers ||
      session->parallel.workers > VITC_MAX_WORKERS)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected from 1 to %u workers beside a parallel_for, "
                     "found %" PRIu64,
                     VITC_MAX_WORKERS, session->parallel.workers);
  if (session->images > VITC_MAX_IMAGES)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected at most %u images in a run, found %" PRIu64,
                     VITC_MAX_IMAGES, session->images);
  return vitc_arena_size(config->model, session->level, session->images,
                         session->parallel.workers, arena_bytes, message);
}

vitc_status vitc_session_init(const vitc_session_config *config, void *memory,
                              vitc_session **session, vitc_message *message) {
  vitc_session prepared;
  uint64_t arena_bytes;
  vitc_status status = prepare(config, &prepared, &arena_bytes, message);
  if (status != VITC_OK)
    return status;
  if (!memory || !session)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected memory and a place for the session, found a "
                     "null pointer");
  if ((uintptr_t)memory % VITC_ALIGNMENT ||
      (uintptr_t)config->arena % VITC_ALIGNMENT)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected session memory and arena aligned to %u bytes, "
                     "found addresses that are %u and %u past it",
                     VITC_ALIGNMENT,
                     (unsigned)((uintptr_t)memory % VITC_ALIGNMENT),
                     (unsigned)((uintptr_t)config->arena % VITC_ALIGNMENT));
  if (config->arena_bytes < arena_bytes || (arena_bytes && !config->arena))
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected an arena of %" PRIu64 " bytes for %" PRIu64
                     " images and %" PRIu64 " workers, found %s%" PRIu64,
                     arena_bytes, prepared.images, prepared.parallel.workers,
                     config->arena ? "" : "a null pointer and ",
                     config->arena_bytes);
  prepared.arena = (char *)config->arena;
  memcpy(memory, &prepared, sizeof prepared);
  *session = (vitc_session *)memory;
  return VITC_OK;
}

vitc_status vitc_session_create(const vitc_session_config *config,
                                vitc_session **session, vitc_message *message) {
  vitc_session prepared;
  uint64_t arena_bytes;
  vitc_status status = prepare(config, &prepared, &arena_bytes, message);
  if (status != VITC_OK)
    return status;
  if (!session || config->arena || config->arena_bytes)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a place for the session and no arena, found %s",
                     session ? "an arena" : "a null pointer");
  uint64_t bytes;
  void *memory = NULL;
  if (!__builtin_add_overflow(arena_bytes, (uint64_t)VITC_SESSION_BYTES,
                              &bytes) &&
      bytes <= PTRDIFF_MAX)
    memory = aligned_alloc(VITC_ALIGNMENT, (size_t)bytes);
  if (!memory)
    return vitc_fail(message, VITC_OUT_OF_MEMORY,
                     "expected %" PRIu64 " bytes for the session's arena, "
                     "found no such memory",
                     arena_bytes);
  prepared.arena = (char *)memory + VITC_SESSION_BYTES;
  prepared.owned = true;
  memcpy(memory, &prepared, sizeof prepared);
  *session = (vitc_session *)memory;
  return VITC_OK;
}

void vitc_session_destroy(vitc_session *session) {
  if (session && session->owned)
    free(session);
}

const vitc_level *vitc_session_level(const vitc_session *session) {
  return session ? session->level : NULL;
}

vitc_status vitc_session_profile(vitc_session *session, uint64_t *nanoseconds,
                                 uint64_t count, vitc_message *message) {
  if (!session)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a session, found a null pointer");
  uint64_t expected = nanoseconds ? session->level->step_count : 0;
  if (count != expected)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected times for %" PRIu64 " steps, found %" PRIu64,
                     expected, count);
  session->nanoseconds = nanoseconds;
  return VITC_OK;
}
