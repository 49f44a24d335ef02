/*===- internal.h - What the runtime's files share ------------------------===*\
|*
|* Nothing here is part of the interface. The sources are C11 that is valid
|* C++17 too, so conversions from void pointers are written out, and atomics are
|* the compiler's builtins.
|*
\*===----------------------------------------------------------------------===*/

#ifndef VITC_INTERNAL_H
#define VITC_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sched_getaffinity, clock_gettime, strnlen, O_CLOEXEC */
#endif

#include "vitc/runtime.h"

#include <stdbool.h>

#ifdef __cplusplus
#define VITC_STATIC_ASSERT static_assert
extern "C" {
#else
#define VITC_STATIC_ASSERT _Static_assert
#endif

#define VITC_ALIGNED(bytes) __attribute__((aligned(bytes)))

/*===- errors.c -----------------------------------------------------------===*/

/** Formats @p message, which may be null, and returns @p status. Text that does
 * not fit is cut at the end. */
__attribute__((format(printf, 3, 4))) vitc_status
vitc_fail(vitc_message *message, vitc_status status, const char *format, ...);

/** Candidates for the name that a caller may have meant. */
typedef struct vitc_nearest {
  const char *wanted;
  const char *best;  /**< nearest so far, or null */
  uint32_t distance; /**< its edits */
} vitc_nearest;

vitc_nearest vitc_nearest_begin(const char *wanted);
void vitc_nearest_offer(vitc_nearest *nearest, const char *candidate);

/** "; did you mean 'x'?" in @p text, or nothing where no name is near. */
void vitc_nearest_text(const vitc_nearest *nearest, char *text, size_t bytes);

/*===- model.c ------------------------------------------------------------===*/

/** Checks that the object was made for this runtime. */
vitc_status vitc_check_model(const vitc_model *model, vitc_message *message);

/** The same, and that the level is one of the model's and its steps are within
 * what a run can hold. */
vitc_status vitc_check_level(const vitc_model *model, const vitc_level *level,
                             vitc_message *message);

/*===- cpu.c --------------------------------------------------------------===*/

/** vitc_cpu_feature bits that the CPU has and the system keeps the state of. */
uint64_t vitc_host_features(void);

/** Fails when the CPU lacks what @p level needs. */
vitc_status vitc_check_cpu(const vitc_level *level, vitc_message *message);

/*===- weights.c ----------------------------------------------------------===*/

/** Checks @p weights and that they have the layout that @p level expects. */
vitc_status vitc_match_weights(const vitc_model *model, const vitc_level *level,
                               const vitc_weights *weights,
                               vitc_message *message);

/*===- split.c ------------------------------------------------------------===*/

/** How a step's grid is cut into tasks. Task t is the part t / column_parts of
 * the rows and the part t % column_parts of the columns. */
typedef struct vitc_split {
  int64_t rows; /**< of the whole run */
  int64_t columns;
  int64_t row_parts;
  int64_t column_parts;
} vitc_split;

/** A rectangle of a grid. */
typedef struct vitc_range {
  int64_t row_begin, row_end, column_begin, column_end;
} vitc_range;

vitc_split vitc_split_step(const vitc_step *step, int64_t images,
                           int64_t workers);
vitc_range vitc_split_range(const vitc_split *split, int64_t task);

/*===- threads.c ----------------------------------------------------------===*/

/** Tell the pool that a session starts or stops running: its threads spin in
 * between. Nothing happens when the callback is not a pool's. */
void vitc_pool_enter(const vitc_parallel *parallel);
void vitc_pool_leave(const vitc_parallel *parallel);

#ifdef __cplusplus
}
#endif

#endif /* VITC_INTERNAL_H */
