/*===- vitc/runtime.h - Load and run a compiled vision transformer --------===*\
|*
|* The public interface of a compiled model. Plain C11, valid C++17, no globals.
|* Images become input tensors with vitc/preprocess.h.
|*
|* Units      Sizes and offsets are bytes unless a name ends in _count or a
|*            comment says otherwise; times are nanoseconds.
|* Ownership  A pointer passed in stays the caller's. What a *_create or *_open
|*            function hands out is the caller's to release, once, with the
|*            matching *_destroy or *_close. Nothing else transfers ownership,
|*            and a run allocates nothing.
|* Threads    A vitc_model and mapped weights are immutable and may be shared.
|*            A vitc_session is used by one thread at a time; any number of
|*            sessions may run at once, also on one vitc_pool.
|* Errors     Every call that can fail returns vitc_status and, on failure,
|*            leaves its out parameters untouched. A vitc_message, where one is
|*            passed, then says what was expected and what was found; it may be
|*            null and is untouched on success.
|*
|* The fields of a vitc_model (vitc/model.h) may be read directly: its inputs
|* and outputs with their shapes, the labels, the preprocessing, the levels.
|*
|* In short:
|*
|*   vitc_weights weights;
|*   vitc_weights_open("net.weights", &weights, &message);
|*   vitc_session_config config = {0};
|*   config.model = &net_model;
|*   config.weights = weights;
|*   vitc_session_create(&config, &session, &message);
|*   vitc_session_run(session, inputs, outputs, 1, &message);
|*
|* A model compiled with --weights-in=embed holds its weights: leave out the
|* lines with `weights`.
|*
\*===----------------------------------------------------------------------===*/

#ifndef VITC_RUNTIME_H
#define VITC_RUNTIME_H

#include "vitc/model.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum vitc_status {
  VITC_OK = 0,
  VITC_INVALID_ARGUMENT = 1, /**< null, misaligned or wrongly sized */
  VITC_OUT_OF_MEMORY = 2,
  VITC_SIZE_OVERFLOW = 3,       /**< a size does not fit in 64 bits */
  VITC_ABI_MISMATCH = 4,        /**< object made for another runtime */
  VITC_CPU_UNSUPPORTED = 5,     /**< no level of the model runs on this CPU */
  VITC_UNKNOWN_LEVEL = 6,       /**< no CPU level of that name is known */
  VITC_IO_ERROR = 7,            /**< a file could not be opened or mapped */
  VITC_WEIGHTS_INVALID = 8,     /**< not a weights file, or damaged */
  VITC_WEIGHTS_MISMATCH = 9,    /**< weights made for another model */
  VITC_THREADS_UNAVAILABLE = 10 /**< the system gave no more threads */
} vitc_status;

/** What went wrong: one lower-case English phrase, nul-terminated. */
typedef struct vitc_message {
  char text[256];
} vitc_message;

/** Name of @p status, such as "VITC_OK"; static storage, never null. */
const char *vitc_status_name(vitc_status status);

/*===----------------------------------------------------------------------===*\
|* The model
\*===----------------------------------------------------------------------===*/

/** Finds the input (output) called @p name; the message suggests the nearest
 * one where there is none.
 * @param index  receives its index in model->inputs (outputs), which is its
 *               place in the arrays that a run takes
 * @return VITC_OK, VITC_INVALID_ARGUMENT or VITC_ABI_MISMATCH */
vitc_status vitc_find_input(const vitc_model *model, const char *name,
                            uint32_t *index, vitc_message *message);
vitc_status vitc_find_output(const vitc_model *model, const char *name,
                             uint32_t *index, vitc_message *message);

/** Chooses the best level of @p model that this CPU and system can run.
 *
 * The choice can be lowered, never raised: by @p highest and by the environment
 * variable VITC_CPU, which is read by this call and not remembered. A name that
 * is no level is an error, also when it would have changed nothing.
 *
 * @param highest  name of a level, "x86-64-v3", or null for no limit
 * @param level    receives one of model->levels
 * @return VITC_OK, VITC_INVALID_ARGUMENT, VITC_ABI_MISMATCH,
 *         VITC_UNKNOWN_LEVEL or VITC_CPU_UNSUPPORTED */
vitc_status vitc_select_level(const vitc_model *model, const char *highest,
                              const vitc_level **level, vitc_message *message);

/** Computes the arena that runs of up to @p images images by @p workers
 * workers need; it must be aligned to VITC_ALIGNMENT.
 * @param level    one of model->levels
 * @param images   at least 1
 * @param workers  at least 1
 * @return VITC_OK, VITC_INVALID_ARGUMENT, VITC_ABI_MISMATCH or
 *         VITC_SIZE_OVERFLOW */
vitc_status vitc_arena_size(const vitc_model *model, const vitc_level *level,
                            uint64_t images, uint64_t workers, uint64_t *bytes,
                            vitc_message *message);

/*===----------------------------------------------------------------------===*\
|* Weights
\*===----------------------------------------------------------------------===*/

/** The bytes of a weights file, mapped or in the caller's memory. */
typedef struct vitc_weights {
  const void *data; /**< aligned to VITC_ALIGNMENT */
  uint64_t bytes;
} vitc_weights;

/** Maps the weights file @p path, read-only and shared between processes, and
 * checks its header, size and directory. The file must not shrink while it is
 * mapped.
 * @param weights  release with vitc_weights_close
 * @return VITC_OK, VITC_INVALID_ARGUMENT, VITC_IO_ERROR or
 *         VITC_WEIGHTS_INVALID */
vitc_status vitc_weights_open(const char *path, vitc_weights *weights,
                              vitc_message *message);

/** Unmaps what vitc_weights_open mapped and clears it; null and cleared
 * weights are allowed. No session may use them any more. */
void vitc_weights_close(vitc_weights *weights);

/** Checks header, size and directory, as every session does that is created
 * with @p weights. Reads no tensor.
 * @return VITC_OK, VITC_INVALID_ARGUMENT or VITC_WEIGHTS_INVALID */
vitc_status vitc_weights_check(const vitc_weights *weights,
                               vitc_message *message);

/** Does that and compares the checksum of the contents: reads every byte.
 * @return VITC_OK, VITC_INVALID_ARGUMENT or VITC_WEIGHTS_INVALID */
vitc_status vitc_weights_check_contents(const vitc_weights *weights,
                                        vitc_message *message);

/*===----------------------------------------------------------------------===*\
|* Threads
\*===----------------------------------------------------------------------===*/

/** One of the tasks that a parallel_for is given. */
typedef void (*vitc_task)(void *arguments, int64_t index, int64_t worker);

/** Calls task(arguments, index, worker) once for every index from 0 to
 * count - 1, on any threads and in any order, and returns when all are done.
 * Tasks that run at the same time have different workers, all below the number
 * of workers stated beside the callback. */
typedef void (*vitc_parallel_for)(void *context, vitc_task task,
                                  void *arguments, int64_t count);

/** Where parallelism comes from. All zero means serial: the caller's thread. */
typedef struct vitc_parallel {
  vitc_parallel_for parallel_for; /**< null: serial */
  void *context;                  /**< passed to parallel_for */
  uint64_t workers;               /**< at least 1 where parallel_for is set */
} vitc_parallel;

/** A few threads that wait for work: spinning while a session runs on the
 * pool, asleep otherwise. */
typedef struct vitc_pool vitc_pool;

/** Starts a pool.
 * @param workers  threads that work on a run, the session's own included, so
 *                 workers - 1 are started; 0 means one for every CPU that the
 *                 calling thread's affinity mask allows. At most 1024
 * @param pool     release with vitc_pool_destroy
 * @return VITC_OK, VITC_INVALID_ARGUMENT, VITC_OUT_OF_MEMORY or
 *         VITC_THREADS_UNAVAILABLE */
vitc_status vitc_pool_create(uint64_t workers, vitc_pool **pool,
                             vitc_message *message);

/** Ends the threads; null is allowed. No session may be running on it. */
void vitc_pool_destroy(vitc_pool *pool);

/** The callback of @p pool, to be shared by any number of sessions; serial for
 * a null pool. */
vitc_parallel vitc_pool_parallel(vitc_pool *pool);

/*===----------------------------------------------------------------------===*\
|* Sessions
\*===----------------------------------------------------------------------===*/

/** What is needed to run a model. Fields left zero have the meaning stated. */
typedef struct vitc_session_config {
  const vitc_model *model;
  const vitc_level *level; /**< null: vitc_select_level(model, NULL) */
  vitc_weights weights;    /**< all zero: those embedded in the object */
  vitc_parallel parallel;  /**< all zero: serial */
  uint64_t images;         /**< most images in one run; zero: one */
  void *arena;             /**< vitc_arena_size bytes, aligned to
                                VITC_ALIGNMENT; zero for vitc_session_create */
  uint64_t arena_bytes;
} vitc_session_config;

/** A model, its weights and its arena, ready to run. All that the config
 * points to must outlive it. */
typedef struct vitc_session vitc_session;

/** Memory that vitc_session_init needs beside the arena. */
#define VITC_SESSION_BYTES 256u

/** Makes a session in the caller's memory; it needs no release.
 * @param memory  VITC_SESSION_BYTES, aligned to VITC_ALIGNMENT
 * @return VITC_OK, VITC_INVALID_ARGUMENT, VITC_ABI_MISMATCH,
 *         VITC_UNKNOWN_LEVEL, VITC_CPU_UNSUPPORTED, VITC_SIZE_OVERFLOW,
 *         VITC_WEIGHTS_INVALID or VITC_WEIGHTS_MISMATCH */
vitc_status vitc_session_init(const vitc_session_config *config, void *memory,
                              vitc_session **session, vitc_message *message);

/** Does the same with one allocation that holds the session and its arena.
 * @param session  release with vitc_session_destroy
 * @return the same, or VITC_OUT_OF_MEMORY */
vitc_status vitc_session_create(const vitc_session_config *config,
                                vitc_session **session, vitc_message *message);

/** Releases a session of vitc_session_create; null is allowed, and a session
 * of vitc_session_init is left alone. */
void vitc_session_destroy(vitc_session *session);

/** The level that @p session runs. */
const vitc_level *vitc_session_level(const vitc_session *session);

/** Runs the model on @p images images.
 *
 * The results are the same to the last bit however many threads take part and
 * however images are grouped into runs. The floating-point environment is the
 * default one during the run and the caller's after it.
 *
 * @param inputs   for every input the images one after another,
 *                 images * image_bytes; an f32 tensor is aligned to 4
 * @param outputs  for every output room for the same; overlaps no input
 * @param images   from 1 to config.images
 * @return VITC_OK or VITC_INVALID_ARGUMENT; the outputs are untouched or, after
 *         an error of the application's parallel_for, undefined */
vitc_status vitc_session_run(vitc_session *session, const void *const *inputs,
                             void *const *outputs, uint64_t images,
                             vitc_message *message);

/** Has every following run add each step's time to an array, or stops that.
 * @param nanoseconds  one for every step of the session's level, zeroed by the
 *                     caller; null stops
 * @param count        level->step_count, or 0 with null
 * @return VITC_OK or VITC_INVALID_ARGUMENT */
vitc_status vitc_session_profile(vitc_session *session, uint64_t *nanoseconds,
                                 uint64_t count, vitc_message *message);

#ifdef __cplusplus
}
#endif

#endif /* VITC_RUNTIME_H */
