/*===- model.c - Queries about a compiled model ---------------------------===*/

#include "internal.h"

#include <inttypes.h>
#include <string.h>

vitc_status vitc_check_model(const vitc_model *model, vitc_message *message) {
  if (!model)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a model, found a null pointer");
  if (model->size < sizeof(vitc_model) ||
      model->abi_version != VITC_ABI_VERSION)
    return vitc_fail(message, VITC_ABI_MISMATCH,
                     "expected an object of ABI version %u with a model of at "
                     "least %zu bytes, found version %" PRIu32 " with %" PRIu64
                     " bytes; compile the model again",
                     VITC_ABI_VERSION, sizeof(vitc_model), model->abi_version,
                     model->size);
  return VITC_OK;
}

static vitc_status check_step(const vitc_model *model, const vitc_step *step,
                              vitc_message *message) {
  if (step->operand_count > VITC_MAX_OPERANDS)
    return vitc_fail(message, VITC_ABI_MISMATCH,
                     "expected at most %u operands, found %" PRIu32
                     " in step '%.64s'",
                     VITC_MAX_OPERANDS, step->operand_count, step->name);
  if (step->rows < 1 || step->grain < 1 || step->columns < 1)
    return vitc_fail(message, VITC_ABI_MISMATCH,
                     "expected rows, grain and columns of at least 1, found "
                     "%" PRId64 ", %" PRId64 " and %" PRId64 " in step '%.64s'",
                     step->rows, step->grain, step->columns, step->name);
  for (uint32_t i = 0; i < step->operand_count; ++i) {
    const vitc_operand *operand = &step->operands[i];
    uint32_t count = operand->space == VITC_SPACE_INPUT    ? model->input_count
                     : operand->space == VITC_SPACE_OUTPUT ? model->output_count
                                                           : 1;
    if (operand->space > VITC_SPACE_OUTPUT || operand->index >= count)
      return vitc_fail(message, VITC_ABI_MISMATCH,
                       "expected a buffer of the model, found space %" PRIu32
                       " index %" PRIu32 " in operand %" PRIu32
                       " of step '%.64s'",
                       operand->space, operand->index, i, step->name);
  }
  return VITC_OK;
}

/* Whether `level` points at an element of the model's levels. */
static bool is_level_of(const vitc_model *model, const vitc_level *level) {
  for (uint32_t i = 0; i < model->level_count; ++i)
    if (&model->levels[i] == level)
      return true;
  return false;
}

static vitc_status check_level_owner(const vitc_model *model,
                                     const vitc_level *level,
                                     vitc_message *message) {
  vitc_status status = vitc_check_model(model, message);
  if (status != VITC_OK)
    return status;
  if (!is_level_of(model, level))
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected one of the levels of model '%.64s', found "
                     "another pointer",
                     model->name);
  return VITC_OK;
}

vitc_status vitc_check_level(const vitc_model *model, const vitc_level *level,
                             vitc_message *message) {
  vitc_status status = check_level_owner(model, level, message);
  if (status != VITC_OK)
    return status;
  if (level->arena_image_bytes % VITC_ALIGNMENT ||
      level->arena_worker_bytes % VITC_ALIGNMENT)
    return vitc_fail(message, VITC_ABI_MISMATCH,
                     "expected arena sizes that are multiples of %u, found "
                     "%" PRIu64 " and %" PRIu64,
                     VITC_ALIGNMENT, level->arena_image_bytes,
                     level->arena_worker_bytes);
  for (uint64_t i = 0; i < level->step_count; ++i) {
    status = check_step(model, &level->steps[i], message);
    if (status != VITC_OK)
      return status;
  }
  return VITC_OK;
}

vitc_status vitc_arena_size(const vitc_model *model, const vitc_level *level,
                            uint64_t images, uint64_t workers, uint64_t *bytes,
                            vitc_message *message) {
  vitc_status status = check_level_owner(model, level, message);
  if (status != VITC_OK)
    return status;
  if (!images || !workers || !bytes)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected at least one image, one worker and a result, "
                     "found %" PRIu64 " images, %" PRIu64 " workers and %s",
                     images, workers, bytes ? "a result" : "a null pointer");
  uint64_t image_bytes, worker_bytes, total;
  if (__builtin_mul_overflow(images, level->arena_image_bytes, &image_bytes) ||
      __builtin_mul_overflow(workers, level->arena_worker_bytes,
                             &worker_bytes) ||
      __builtin_add_overflow(image_bytes, worker_bytes, &total))
    return vitc_fail(message, VITC_SIZE_OVERFLOW,
                     "expected an arena of less than 2^64 bytes, found %" PRIu64
                     " images of %" PRIu64 " bytes and %" PRIu64
                     " workers of %" PRIu64 " bytes",
                     images, level->arena_image_bytes, workers,
                     level->arena_worker_bytes);
  *bytes = total;
  return VITC_OK;
}

/* Finds a tensor by name; `what` is "input" or "output". */
static vitc_status find_tensor(const vitc_model *model, const char *what,
                               const vitc_tensor *tensors, uint32_t count,
                               const char *name, uint32_t *index,
                               vitc_message *message) {
  if (!name || !index)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a name and a result, found a null pointer");
  vitc_nearest nearest = vitc_nearest_begin(name);
  for (uint32_t i = 0; i < count; ++i) {
    if (!strcmp(tensors[i].name, name)) {
      *index = i;
      return VITC_OK;
    }
    vitc_nearest_offer(&nearest, tensors[i].name);
  }
  char suggestion[96];
  vitc_nearest_text(&nearest, suggestion, sizeof suggestion);
  return vitc_fail(message, VITC_INVALID_ARGUMENT,
                   "model '%.64s' has no %s '%.64s'%s", model->name, what, name,
                   suggestion);
}

vitc_status vitc_find_input(const vitc_model *model, const char *name,
                            uint32_t *index, vitc_message *message) {
  vitc_status status = vitc_check_model(model, message);
  if (status != VITC_OK)
    return status;
  return find_tensor(model, "input", model->inputs, model->input_count, name,
                     index, message);
}

vitc_status vitc_find_output(const vitc_model *model, const char *name,
                             uint32_t *index, vitc_message *message) {
  vitc_status status = vitc_check_model(model, message);
  if (status != VITC_OK)
    return status;
  return find_tensor(model, "output", model->outputs, model->output_count, name,
                     index, message);
}
