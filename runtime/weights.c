/*===- weights.c - Map and check a weights file ---------------------------===*\
|*
|* A weights file may come from anyone: every number in it is checked before it
|* is used, and with it a session reads inside the file only.
|*
\*===----------------------------------------------------------------------===*/

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define INVALID(...) vitc_fail(message, VITC_WEIGHTS_INVALID, __VA_ARGS__)

static vitc_status check_header(const vitc_weights_header *header,
                                uint64_t bytes, vitc_message *message) {
  if (memcmp(header->magic, VITC_WEIGHTS_MAGIC, sizeof header->magic) != 0)
    return INVALID("expected a weights file, found no '%s' at its beginning",
                   VITC_WEIGHTS_MAGIC);
  if (header->file_bytes != bytes || bytes % VITC_ALIGNMENT)
    return INVALID("expected a weights file of %" PRIu64
                   " bytes, as its header says, and a multiple of %u, found "
                   "%" PRIu64,
                   header->file_bytes, VITC_ALIGNMENT, bytes);
  if (header->reserved)
    return INVALID("expected zero in the weights header's reserved field, "
                   "found %" PRIu64,
                   header->reserved);
  if (header->data_offset % VITC_ALIGNMENT || header->data_offset > bytes ||
      header->data_offset < sizeof *header)
    return INVALID("expected weights data at a multiple of %u from %zu to "
                   "%" PRIu64 ", found offset %" PRIu64,
                   VITC_ALIGNMENT, sizeof *header, bytes, header->data_offset);
  uint64_t room =
      (header->data_offset - sizeof *header) / sizeof(vitc_weights_entry);
  if (header->entry_count > room)
    return INVALID("expected at most %" PRIu64
                   " entries before the weights data, found %" PRIu64,
                   room, header->entry_count);
  return VITC_OK;
}

static vitc_status check_entry(const char *base,
                               const vitc_weights_header *header,
                               uint64_t index, uint64_t begin,
                               vitc_message *message) {
  const vitc_weights_entry *entry =
      (const vitc_weights_entry *)(const void *)(base + sizeof *header) + index;
  if (entry->offset % VITC_ALIGNMENT || entry->offset < begin ||
      entry->offset > header->file_bytes ||
      entry->bytes > header->file_bytes - entry->offset)
    return INVALID("expected weights entry %" PRIu64
                   " aligned to %u and between bytes %" PRIu64 " and %" PRIu64
                   ", found %" PRIu64 " bytes at %" PRIu64,
                   index, VITC_ALIGNMENT, begin, header->file_bytes,
                   entry->bytes, entry->offset);
  uint64_t names = sizeof *header + header->entry_count * sizeof *entry;
  if (entry->name_offset < names || entry->name_offset >= header->data_offset ||
      !memchr(base + entry->name_offset, 0,
              (size_t)(header->data_offset - entry->name_offset)))
    return INVALID("expected the name of weights entry %" PRIu64
                   " to end between bytes %" PRIu64 " and %" PRIu64
                   ", found it at %" PRIu64,
                   index, names, header->data_offset, entry->name_offset);
  return VITC_OK;
}

vitc_status vitc_weights_check(const vitc_weights *weights,
                               vitc_message *message) {
  if (!weights || !weights->data)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected weights, found a null pointer");
  if ((uintptr_t)weights->data % VITC_ALIGNMENT)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected weights aligned to %u bytes, found an address "
                     "that is %u past it",
                     VITC_ALIGNMENT,
                     (unsigned)((uintptr_t)weights->data % VITC_ALIGNMENT));
  if (weights->bytes < sizeof(vitc_weights_header))
    return INVALID("expected a weights file of at least %zu bytes, found "
                   "%" PRIu64,
                   sizeof(vitc_weights_header), weights->bytes);
  const vitc_weights_header *header =
      (const vitc_weights_header *)weights->data;
  vitc_status status = check_header(header, weights->bytes, message);
  uint64_t begin = header->data_offset;
  for (uint64_t i = 0; status == VITC_OK && i < header->entry_count; ++i) {
    const vitc_weights_entry *entry =
        (const vitc_weights_entry *)(const void *)(header + 1) + i;
    status =
        check_entry((const char *)weights->data, header, i, begin, message);
    begin = entry->offset + entry->bytes;
  }
  return status;
}

/* The content checksum of model.h; `bytes` is a multiple of VITC_ALIGNMENT. */
static uint64_t checksum(const uint64_t *words, uint64_t bytes) {
  const uint64_t basis = 0xcbf29ce484222325u, prime = 0x100000001b3u;
  uint64_t lanes[4] = {basis, basis, basis, basis};
  for (uint64_t i = 0; i < bytes / sizeof *words; i += 4)
    for (uint64_t lane = 0; lane < 4; ++lane)
      lanes[lane] = (lanes[lane] ^ words[i + lane]) * prime;
  uint64_t sum = basis;
  for (int lane = 0; lane < 4; ++lane)
    sum = (sum ^ lanes[lane]) * prime;
  return sum;
}

vitc_status vitc_weights_check_contents(const vitc_weights *weights,
                                        vitc_message *message) {
  vitc_status status = vitc_weights_check(weights, message);
  if (status != VITC_OK)
    return status;
  const vitc_weights_header *header =
      (const vitc_weights_header *)weights->data;
  uint64_t found =
      checksum((const uint64_t *)weights->data + header->data_offset / 8,
               header->file_bytes - header->data_offset);
  if (found != header->content_checksum)
    return INVALID("expected weights with checksum %016" PRIx64
                   ", found %016" PRIx64 "; the file is damaged",
                   header->content_checksum, found);
  return VITC_OK;
}

vitc_status vitc_match_weights(const vitc_model *model, const vitc_level *level,
                               const vitc_weights *weights,
                               vitc_message *message) {
  vitc_status status = vitc_weights_check(weights, message);
  if (status != VITC_OK)
    return status;
  const vitc_weights_header *header =
      (const vitc_weights_header *)weights->data;
  if (header->file_bytes != level->weights_bytes)
    return vitc_fail(message, VITC_WEIGHTS_MISMATCH,
                     "expected weights of %" PRIu64
                     " bytes for model '%.64s', found %" PRIu64
                     " bytes packed for another model",
                     level->weights_bytes, model->name, header->file_bytes);
  if (memcmp(header->layout_hash, level->weights_hash,
             sizeof header->layout_hash) != 0)
    return vitc_fail(
        message, VITC_WEIGHTS_MISMATCH,
        "expected weights with layout %02x%02x%02x%02x for model "
        "'%.64s', found %02x%02x%02x%02x; pack them again for "
        "this object",
        level->weights_hash[0], level->weights_hash[1], level->weights_hash[2],
        level->weights_hash[3], model->name, header->layout_hash[0],
        header->layout_hash[1], header->layout_hash[2], header->layout_hash[3]);
  return VITC_OK;
}

static vitc_status map_file(int file, const char *path, vitc_weights *mapped,
                            vitc_message *message) {
  struct stat info;
  if (fstat(file, &info) != 0)
    return vitc_fail(message, VITC_IO_ERROR,
                     "expected the size of weights file '%.120s', found: %s",
                     path, strerror(errno));
  if (!S_ISREG(info.st_mode))
    return vitc_fail(message, VITC_IO_ERROR,
                     "expected a regular file, found '%.120s' to be none",
                     path);
  if ((uint64_t)info.st_size < sizeof(vitc_weights_header))
    return INVALID("expected a weights file of at least %zu bytes, found "
                   "%" PRIu64 " in '%.120s'",
                   sizeof(vitc_weights_header), (uint64_t)info.st_size, path);
  void *data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, file, 0);
  if (data == MAP_FAILED)
    return vitc_fail(message, VITC_IO_ERROR,
                     "expected to map weights file '%.120s', found: %s", path,
                     strerror(errno));
  mapped->data = data;
  mapped->bytes = (uint64_t)info.st_size;
  return VITC_OK;
}

vitc_status vitc_weights_open(const char *path, vitc_weights *weights,
                              vitc_message *message) {
  if (!path || !weights)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a path and a place for the weights, found a "
                     "null pointer");
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return vitc_fail(message, VITC_IO_ERROR,
                     "expected a weights file at '%.120s', found: %s", path,
                     strerror(errno));
  vitc_weights mapped = {NULL, 0};
  vitc_status status = map_file(file, path, &mapped, message);
  close(file); /* the mapping stays */
  if (status != VITC_OK)
    return status;
  status = vitc_weights_check(&mapped, message);
  if (status != VITC_OK) {
    vitc_weights_close(&mapped);
    return status;
  }
  *weights = mapped;
  return VITC_OK;
}

void vitc_weights_close(vitc_weights *weights) {
  if (!weights || !weights->data)
    return;
  munmap((void *)(uintptr_t)weights->data, (size_t)weights->bytes);
  weights->data = NULL;
  weights->bytes = 0;
}
