/*===- run.c - Walk a model's steps ---------------------------------------===*\
|*
|* For every step the operands' addresses are computed once; a task adds its
|* worker's scratch. Small steps stay on the calling thread, so that only steps
|* with enough to share end in a join.
|*
\*===----------------------------------------------------------------------===*/

#include "session.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/* Rounds to nearest, all exceptions masked, subnormals kept: the environment
 * that the kernels are compiled for. Returns the one to restore. */
static uint32_t enter_float_environment(void) {
#if defined(__x86_64__)
  const uint32_t default_environment = 0x1f80;
  uint32_t callers = _mm_getcsr();
  _mm_setcsr(default_environment);
  return callers;
#else
  return 0;
#endif
}

static void leave_float_environment(uint32_t callers) {
#if defined(__x86_64__)
  _mm_setcsr(callers);
#else
  (void)callers;
#endif
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* One step of one run. Tasks only read it, but for the last two fields. */
typedef struct step_call {
  const vitc_step *step;
  vitc_split split;
  char *scratch; /* of worker 0 */
  uint64_t scratch_stride;
  uint64_t workers;
  void *operands[VITC_MAX_OPERANDS]; /* those in the scratch: offsets */
  uint64_t finished;                 /* tasks, atomic */
  uint64_t bad_worker; /* one past a worker that is too large, atomic */
} step_call;

static void run_task(void *arguments, int64_t index, int64_t worker) {
  step_call *call = (step_call *)arguments;
  const vitc_step *step = call->step;
  if (worker < 0 || (uint64_t)worker >= call->workers || index < 0 ||
      index >= call->split.row_parts * call->split.column_parts) {
    __atomic_store_n(&call->bad_worker, (uint64_t)worker + 1, __ATOMIC_RELAXED);
    return;
  }
  void *operands[VITC_MAX_OPERANDS];
  char *scratch = call->scratch + (uint64_t)worker * call->scratch_stride;
  for (uint32_t i = 0; i < step->operand_count; ++i)
    operands[i] = step->operands[i].space == VITC_SPACE_SCRATCH
                      ? scratch + (uintptr_t)call->operands[i]
                      : call->operands[i];
  vitc_range range = vitc_split_range(&call->split, index);
  uint32_t environment = enter_float_environment();
  step->kernel(operands, range.row_begin, range.row_end, range.column_begin,
               range.column_end);
  leave_float_environment(environment);
  __atomic_fetch_add(&call->finished, 1, __ATOMIC_RELAXED);
}

/* Buffers of one run. */
typedef struct run_buffers {
  const void *const *inputs;
  void *const *outputs;
  uint64_t images;
} run_buffers;

/* Fills the addresses of `call`'s operands. */
static void resolve_operands(const vitc_session *session,
                             const run_buffers *run, step_call *call) {
  for (uint32_t i = 0; i < call->step->operand_count; ++i) {
    const vitc_operand *operand = &call->step->operands[i];
    uintptr_t base = 0;
    switch (operand->space) {
    case VITC_SPACE_WEIGHTS:
      base = (uintptr_t)session->weights;
      break;
    case VITC_SPACE_ARENA:
      base = (uintptr_t)session->arena;
      break;
    case VITC_SPACE_INPUT:
      base = (uintptr_t)run->inputs[operand->index];
      break;
    case VITC_SPACE_OUTPUT:
      base = (uintptr_t)run->outputs[operand->index];
      break;
    default: /* the scratch: relative to the worker's */
      break;
    }
    call->operands[i] =
        (void *)(base + operand->offset + run->images * operand->image_offset);
  }
}

static vitc_status run_step(const vitc_session *session, step_call *call,
                            vitc_message *message) {
  int64_t tasks = call->split.row_parts * call->split.column_parts;
  if (tasks == 1) {
    run_task(call, 0, 0);
    return VITC_OK;
  }
  const vitc_parallel *parallel = &session->parallel;
  parallel->parallel_for(parallel->context, run_task, call, tasks);
  uint64_t bad = __atomic_load_n(&call->bad_worker, __ATOMIC_RELAXED);
  uint64_t finished = __atomic_load_n(&call->finished, __ATOMIC_RELAXED);
  if (bad)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected parallel_for to pass workers below %" PRIu64
                     " and tasks below %" PRId64 ", found worker %" PRId64
                     " in step '%.64s'",
                     call->workers, tasks, (int64_t)(bad - 1),
                     call->step->name);
  if (finished != (uint64_t)tasks)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected parallel_for to run %" PRId64
                     " tasks of step '%.64s', found %" PRIu64,
                     tasks, call->step->name, finished);
  return VITC_OK;
}

static vitc_status check_tensors(const char *what, const vitc_tensor *tensors,
                                 uint32_t count, const void *const *data,
                                 vitc_message *message) {
  if (!data && count)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected %" PRIu32 " %ss, found a null pointer", count,
                     what);
  for (uint32_t i = 0; i < count; ++i) {
    uintptr_t alignment =
        tensors[i].element_type == VITC_F32 ? sizeof(float) : 1;
    if (!data[i] || (uintptr_t)data[i] % alignment)
      return vitc_fail(message, VITC_INVALID_ARGUMENT,
                       "expected %s '%.64s' aligned to %u bytes, found %s",
                       what, tensors[i].name, (unsigned)alignment,
                       data[i] ? "an address that is not" : "a null pointer");
  }
  return VITC_OK;
}

vitc_status vitc_session_run(vitc_session *session, const void *const *inputs,
                             void *const *outputs, uint64_t images,
                             vitc_message *message) {
  if (!session)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a session, found a null pointer");
  const vitc_model *model = session->model;
  vitc_status status = check_tensors("input", model->inputs, model->input_count,
                                     inputs, message);
  if (status == VITC_OK)
    status = check_tensors("output", model->outputs, model->output_count,
                           (const void *const *)outputs, message);
  if (status != VITC_OK)
    return status;
  if (!images || images > session->images)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected from 1 to %" PRIu64 " images, found %" PRIu64,
                     session->images, images);

  const vitc_level *level = session->level;
  run_buffers run = {inputs, outputs, images};
  step_call call;
  memset(&call, 0, sizeof call);
  call.scratch = session->arena + images * level->arena_image_bytes;
  call.scratch_stride = level->arena_worker_bytes;
  call.workers = session->parallel.workers;

  vitc_pool_enter(&session->parallel);
  for (uint64_t i = 0; status == VITC_OK && i < level->step_count; ++i) {
    uint64_t begin = session->nanoseconds ? now() : 0;
    call.step = &level->steps[i];
    call.split = vitc_split_step(call.step, (int64_t)images,
                                 (int64_t)session->parallel.workers);
    call.finished = 0;
    resolve_operands(session, &run, &call);
    status = run_step(session, &call, message);
    if (session->nanoseconds)
      session->nanoseconds[i] += now() - begin;
  }
  vitc_pool_leave(&session->parallel);
  return status;
}
