/*===- errors.c - Status names, messages, suggestions ---------------------===*/

#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *vitc_status_name(vitc_status status) {
  switch (status) {
  case VITC_OK:
    return "VITC_OK";
  case VITC_INVALID_ARGUMENT:
    return "VITC_INVALID_ARGUMENT";
  case VITC_OUT_OF_MEMORY:
    return "VITC_OUT_OF_MEMORY";
  case VITC_SIZE_OVERFLOW:
    return "VITC_SIZE_OVERFLOW";
  case VITC_ABI_MISMATCH:
    return "VITC_ABI_MISMATCH";
  case VITC_CPU_UNSUPPORTED:
    return "VITC_CPU_UNSUPPORTED";
  case VITC_UNKNOWN_LEVEL:
    return "VITC_UNKNOWN_LEVEL";
  case VITC_IO_ERROR:
    return "VITC_IO_ERROR";
  case VITC_WEIGHTS_INVALID:
    return "VITC_WEIGHTS_INVALID";
  case VITC_WEIGHTS_MISMATCH:
    return "VITC_WEIGHTS_MISMATCH";
  case VITC_THREADS_UNAVAILABLE:
    return "VITC_THREADS_UNAVAILABLE";
  }
  return "unknown status";
}

vitc_status vitc_fail(vitc_message *message, vitc_status status,
                      const char *format, ...) {
  if (message) {
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(message->text, sizeof message->text, format, arguments) < 0)
      message->text[0] = '\0';
    va_end(arguments);
  }
  return status;
}

/* Longer names are compared by their beginnings. */
enum { MAX_NAME = 63 };

/* Insertions, deletions and replacements that turn one string into another. */
static uint32_t edit_distance(const char *a, const char *b) {
  uint32_t row[MAX_NAME + 1];
  size_t a_length = strnlen(a, MAX_NAME), b_length = strnlen(b, MAX_NAME);
  for (size_t j = 0; j <= b_length; ++j)
    row[j] = (uint32_t)j;
  for (size_t i = 1; i <= a_length; ++i) {
    uint32_t diagonal = row[0];
    row[0] = (uint32_t)i;
    for (size_t j = 1; j <= b_length; ++j) {
      uint32_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      uint32_t shifted = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      diagonal = row[j];
      row[j] = replaced < shifted ? replaced : shifted;
    }
  }
  return row[b_length];
}

vitc_nearest vitc_nearest_begin(const char *wanted) {
  vitc_nearest nearest = {wanted, NULL, 0};
  return nearest;
}

void vitc_nearest_offer(vitc_nearest *nearest, const char *candidate) {
  uint32_t distance = edit_distance(nearest->wanted, candidate);
  if (!nearest->best || distance < nearest->distance) {
    nearest->best = candidate;
    nearest->distance = distance;
  }
}

void vitc_nearest_text(const vitc_nearest *nearest, char *text, size_t bytes) {
  text[0] = '\0';
  /* A name that shares less than half is no help. */
  if (nearest->best &&
      2 * nearest->distance <= strnlen(nearest->best, MAX_NAME))
    snprintf(text, bytes, "; did you mean '%.64s'?", nearest->best);
}
