/*===- guarded.h - Memory between pages that must not be touched ----------===*/

#ifndef GUARDED_H
#define GUARDED_H

#include "check.h"

#include <sys/mman.h>

enum { GUARD_PAGE = 4096 };

static inline size_t whole_pages(size_t bytes) {
  return (bytes + GUARD_PAGE - 1) / GUARD_PAGE * GUARD_PAGE;
}

/** `bytes` that begin behind such a page, or end right before one. */
static inline void *guarded(size_t bytes, bool at_end) {
  size_t room = whole_pages(bytes);
  char *memory = mmap(NULL, room + 2 * GUARD_PAGE, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(memory != MAP_FAILED);
  CHECK(!mprotect(memory + GUARD_PAGE, room, PROT_READ | PROT_WRITE));
  return memory + GUARD_PAGE + (at_end ? room - bytes : 0);
}

static inline char *guarded_begin(const void *memory) {
  return (char *)((uintptr_t)memory / GUARD_PAGE * GUARD_PAGE);
}

/** Makes the pages of guarded memory read-only. */
static inline void guarded_read_only(const void *memory, size_t bytes) {
  CHECK(!mprotect(guarded_begin(memory), whole_pages(bytes), PROT_READ));
}

static inline void free_guarded(const void *memory, size_t bytes) {
  CHECK(!munmap(guarded_begin(memory) - GUARD_PAGE,
                whole_pages(bytes) + 2 * GUARD_PAGE));
}

#endif /* GUARDED_H */
