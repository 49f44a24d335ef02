/*===- allocations.h - Count the allocations of a program -----------------===*\
|*
|* Replaces the C library's functions, so every allocation of the process,
|* whatever its thread, is counted.
|*
\*===----------------------------------------------------------------------===*/

#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stdlib.h>

static long allocation_count;
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

/** Allocations so far. */
static inline long allocations(void) {
  return __atomic_load_n(&allocation_count, __ATOMIC_RELAXED);
}

static inline void count_allocation(void) {
  __atomic_fetch_add(&allocation_count, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t bytes) {
  count_allocation();
  return __libc_malloc(bytes);
}
void *calloc(size_t number, size_t bytes) {
  count_allocation();
  return __libc_calloc(number, bytes);
}
void *realloc(void *memory, size_t bytes) {
  count_allocation();
  return __libc_realloc(memory, bytes);
}
void *aligned_alloc(size_t alignment, size_t bytes) {
  count_allocation();
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  count_allocation();
  *memory = __libc_memalign(alignment, bytes);
  return *memory ? 0 : 12; /* ENOMEM */
}

#endif /* ALLOCATIONS_H */
