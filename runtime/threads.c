/*===- threads.c - A small pool of threads --------------------------------===*\
|*
|* Every parallel_for takes a slot of the pool for as long as it lasts, so that
|* several sessions can share the threads. Tasks are claimed from a slot by one
|* compare-and-swap on a word that holds both the slot's generation and the
|* number of unclaimed tasks: when it succeeds, the job that the thread has read
|* is still the one in the slot, since a job is replaced only when all of its
|* tasks are finished.
|*
|* Threads spin while a session runs on the pool and has had work lately, and
|* sleep otherwise.
|*
\*===----------------------------------------------------------------------===*/

#include "session.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* More parallel_fors at once than this are serial. */
enum { SLOT_COUNT = 32 };

/* Looks for work that a thread takes before it sleeps, and that a caller takes
 * before it offers its CPU to others: some tens of microseconds. */
enum { SPIN_COUNT = 4000 };

/* Bits of pool_slot.state that count unclaimed tasks. */
enum { LEFT_BITS = 24 };
#define LEFT_MASK (((uint64_t)1 << LEFT_BITS) - 1)

/* One job. All fields are atomic. */
typedef struct pool_slot {
  uint64_t state; /* generation << LEFT_BITS | unclaimed tasks */
  vitc_task task;
  void *arguments;
  int64_t end;                        /* index behind the last task */
  uint32_t taken;                     /* by a parallel_for */
  uint64_t finished VITC_ALIGNED(64); /* tasks */
} VITC_ALIGNED(128) pool_slot;

typedef struct pool_thread {
  pthread_t handle;
  vitc_pool *pool;
  int64_t worker;
} pool_thread;

struct vitc_pool {
  pool_slot slots[SLOT_COUNT];
  uint32_t slot_limit; /* slots ever taken, atomic */
  uint32_t runs;       /* sessions running now, atomic */
  uint32_t asleep;     /* threads not yet woken; written under the mutex */
  uint32_t stop;       /* under the mutex */
  uint64_t wakeups;    /* under the mutex */
  uint64_t workers;
  uint32_t spin_count;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  pool_thread *threads; /* workers - 1 */
};

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/* Runs one task of `slot`; false when none is left. */
static bool run_one(pool_slot *slot, int64_t worker) {
  uint64_t state = __atomic_load_n(&slot->state, __ATOMIC_SEQ_CST);
  while (state & LEFT_MASK) {
    vitc_task task = __atomic_load_n(&slot->task, __ATOMIC_RELAXED);
    void *arguments = __atomic_load_n(&slot->arguments, __ATOMIC_RELAXED);
    int64_t end = __atomic_load_n(&slot->end, __ATOMIC_RELAXED);
    if (!__atomic_compare_exchange_n(&slot->state, &state, state - 1, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      continue;
    task(arguments, end - (int64_t)(state & LEFT_MASK), worker);
    __atomic_fetch_add(&slot->finished, 1, __ATOMIC_RELEASE);
    return true;
  }
  return false;
}

/* Runs what there is in any slot; false when there was nothing. */
static bool run_any(vitc_pool *pool, int64_t worker) {
  bool found = false;
  uint32_t limit = __atomic_load_n(&pool->slot_limit, __ATOMIC_SEQ_CST);
  for (uint32_t i = 0; i < limit; ++i)
    while (run_one(&pool->slots[i], worker))
      found = true;
  return found;
}

static bool has_work(vitc_pool *pool) {
  uint32_t limit = __atomic_load_n(&pool->slot_limit, __ATOMIC_SEQ_CST);
  for (uint32_t i = 0; i < limit; ++i)
    if (__atomic_load_n(&pool->slots[i].state, __ATOMIC_SEQ_CST) & LEFT_MASK)
      return true;
  return false;
}

/* Waits until someone wakes the pool; false when it ends. A waker publishes
 * its work before it reads `asleep`, and this raises `asleep` before it looks
 * for work, so one of the two sees the other. */
static bool sleep_until_woken(vitc_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  uint64_t seen = pool->wakeups;
  __atomic_fetch_add(&pool->asleep, 1, __ATOMIC_SEQ_CST);
  if (!has_work(pool))
    while (pool->wakeups == seen && !pool->stop)
      pthread_cond_wait(&pool->wake, &pool->mutex);
  if (pool->wakeups == seen)
    __atomic_fetch_sub(&pool->asleep, 1, __ATOMIC_SEQ_CST);
  bool go_on = !pool->stop;
  pthread_mutex_unlock(&pool->mutex);
  return go_on;
}

static void wake_sleepers(vitc_pool *pool) {
  if (!__atomic_load_n(&pool->asleep, __ATOMIC_SEQ_CST))
    return;
  pthread_mutex_lock(&pool->mutex);
  __atomic_store_n(&pool->asleep, 0, __ATOMIC_SEQ_CST);
  ++pool->wakeups;
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

static void *thread_main(void *argument) {
  const pool_thread *self = (const pool_thread *)argument;
  vitc_pool *pool = self->pool;
  uint32_t idle = 0;
  for (;;) {
    if (run_any(pool, self->worker)) {
      idle = 0;
    } else if (idle < pool->spin_count &&
               __atomic_load_n(&pool->runs, __ATOMIC_RELAXED)) {
      pause_briefly();
      ++idle;
    } else {
      if (!sleep_until_woken(pool))
        return NULL;
      idle = 0;
    }
  }
}

/* A free slot, or null. */
static pool_slot *take_slot(vitc_pool *pool) {
  for (uint32_t i = 0; i < SLOT_COUNT; ++i) {
    pool_slot *slot = &pool->slots[i];
    uint32_t free_slot = 0;
    if (__atomic_load_n(&slot->taken, __ATOMIC_RELAXED) ||
        !__atomic_compare_exchange_n(&slot->taken, &free_slot, 1, false,
                                     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      continue;
    uint32_t limit = __atomic_load_n(&pool->slot_limit, __ATOMIC_RELAXED);
    while (limit < i + 1 &&
           !__atomic_compare_exchange_n(&pool->slot_limit, &limit, i + 1, false,
                                        __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
      continue;
    return slot;
  }
  return NULL;
}

/* Runs tasks from `begin` up to `end`, at most LEFT_MASK of them. */
static void run_job(vitc_pool *pool, pool_slot *slot, vitc_task task,
                    void *arguments, int64_t begin, int64_t end) {
  uint64_t count = (uint64_t)(end - begin);
  uint64_t state = __atomic_load_n(&slot->state, __ATOMIC_RELAXED);
  uint64_t generation = (state >> LEFT_BITS) + 1;
  __atomic_store_n(&slot->task, task, __ATOMIC_RELAXED);
  __atomic_store_n(&slot->arguments, arguments, __ATOMIC_RELAXED);
  __atomic_store_n(&slot->end, end, __ATOMIC_RELAXED);
  __atomic_store_n(&slot->finished, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&slot->state, generation << LEFT_BITS | count,
                   __ATOMIC_SEQ_CST);
  wake_sleepers(pool);
  while (run_one(slot, 0))
    continue;
  uint32_t waited = 0;
  while (__atomic_load_n(&slot->finished, __ATOMIC_ACQUIRE) != count) {
    if (waited < pool->spin_count) {
      pause_briefly();
      ++waited;
    } else {
      sched_yield();
    }
  }
}

static void pool_parallel_for(void *context, vitc_task task, void *arguments,
                              int64_t count) {
  vitc_pool *pool = (vitc_pool *)context;
  pool_slot *slot = count > 1 && pool->workers > 1 ? take_slot(pool) : NULL;
  if (!slot) {
    for (int64_t i = 0; i < count; ++i)
      task(arguments, i, 0);
    return;
  }
  const int64_t most = (int64_t)LEFT_MASK;
  for (int64_t begin = 0; begin < count;) {
    int64_t end = count - begin < most ? count : begin + most;
    run_job(pool, slot, task, arguments, begin, end);
    begin = end;
  }
  __atomic_store_n(&slot->taken, 0, __ATOMIC_RELEASE);
}

vitc_parallel vitc_pool_parallel(vitc_pool *pool) {
  vitc_parallel serial = {NULL, NULL, 1};
  if (!pool)
    return serial;
  vitc_parallel parallel = {pool_parallel_for, pool, pool->workers};
  return parallel;
}

void vitc_pool_enter(const vitc_parallel *parallel) {
  if (parallel->parallel_for != pool_parallel_for)
    return;
  vitc_pool *pool = (vitc_pool *)parallel->context;
  __atomic_fetch_add(&pool->runs, 1, __ATOMIC_SEQ_CST);
  wake_sleepers(pool);
}

void vitc_pool_leave(const vitc_parallel *parallel) {
  if (parallel->parallel_for != pool_parallel_for)
    return;
  vitc_pool *pool = (vitc_pool *)parallel->context;
  __atomic_fetch_sub(&pool->runs, 1, __ATOMIC_SEQ_CST);
}

/* CPUs that the affinity mask of this thread allows, at least 1. */
static uint64_t allowed_cpus(void) {
  cpu_set_t sets[8]; /* a kernel may know more than one set's 1024 CPUs */
  memset(sets, 0, sizeof sets);
  if (sched_getaffinity(0, sizeof sets, sets) != 0)
    return 1;
  int count = CPU_COUNT_S(sizeof sets, sets);
  return count < 1 ? 1 : (uint64_t)count;
}

/* Ends the first `count` threads and frees the pool. */
static void stop_threads(vitc_pool *pool, uint64_t count) {
  pthread_mutex_lock(&pool->mutex);
  pool->stop = 1;
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (uint64_t i = 0; i < count; ++i)
    pthread_join(pool->threads[i].handle, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}

vitc_status vitc_pool_create(uint64_t workers, vitc_pool **pool,
                             vitc_message *message) {
  if (!pool)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a place for the pool, found a null pointer");
  if (workers > VITC_MAX_WORKERS)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected at most %u workers, found %" PRIu64,
                     VITC_MAX_WORKERS, workers);
  uint64_t cpus = allowed_cpus();
  if (!workers)
    workers = cpus < VITC_MAX_WORKERS ? cpus : VITC_MAX_WORKERS;

  uint64_t bytes = sizeof(vitc_pool) + (workers - 1) * sizeof(pool_thread);
  bytes = (bytes + 127) / 128 * 128;
  vitc_pool *made = (vitc_pool *)aligned_alloc(128, (size_t)bytes);
  if (!made)
    return vitc_fail(
        message, VITC_OUT_OF_MEMORY,
        "expected %" PRIu64 " bytes for a pool, found no such memory", bytes);
  memset((void *)made, 0, (size_t)bytes);
  made->workers = workers;
  made->spin_count = workers <= cpus ? SPIN_COUNT : 0;
  made->threads = (pool_thread *)(void *)(made + 1);
  pthread_mutex_init(&made->mutex, NULL);
  pthread_cond_init(&made->wake, NULL);

  /* The application's signals are not for these threads. */
  sigset_t all, callers;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &callers);
  uint64_t started = 0;
  for (; started < workers - 1; ++started) {
    pool_thread *thread = &made->threads[started];
    thread->pool = made;
    thread->worker = (int64_t)started + 1;
    if (pthread_create(&thread->handle, NULL, thread_main, thread) != 0)
      break;
  }
  pthread_sigmask(SIG_SETMASK, &callers, NULL);
  if (started < workers - 1) {
    stop_threads(made, started);
    return vitc_fail(message, VITC_THREADS_UNAVAILABLE,
                     "expected %" PRIu64 " more threads, found %" PRIu64,
                     workers - 1, started);
  }
  *pool = made;
  return VITC_OK;
}

void vitc_pool_destroy(vitc_pool *pool) {
  if (pool)
    stop_threads(pool, pool->workers - 1);
}
