/*===- idx.c - Read the files of the MNIST family -------------------------===*/

#include "idx.h"

#include <stdio.h>
#include <stdlib.h>

/* Numbers in the head are big-endian. */
static int read_number(FILE *file, uint32_t *number) {
  uint8_t bytes[4];
  if (fread(bytes, 1, 4, file) != 4)
    return 0;
  *number = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
            (uint32_t)bytes[2] << 8 | bytes[3];
  return 1;
}

static int read_contents(FILE *file, idx_file *result) {
  const uint32_t bytes_in_1_dimension = 0x801, bytes_in_3_dimensions = 0x803;
  uint32_t magic;
  *result = (idx_file){0, 1, 1, NULL};
  if (!read_number(file, &magic) || !read_number(file, &result->count))
    return 0;
  if (magic == bytes_in_3_dimensions) {
    if (!read_number(file, &result->height) ||
        !read_number(file, &result->width))
      return 0;
  } else if (magic != bytes_in_1_dimension) {
    return 0;
  }
  const uint32_t limit = 1u << 24; /* keeps the product below 2^63 */
  if (!result->count || result->count > limit || result->height > 4096 ||
      result->width > 4096)
    return 0;
  size_t size = (size_t)result->count * result->height * result->width;
  result->bytes = malloc(size);
  if (!result->bytes || fread(result->bytes, 1, size, file) != size) {
    free(result->bytes);
    return 0;
  }
  return 1;
}

int idx_read(const char *path, idx_file *result) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    return 0;
  }
  int good = read_contents(file, result);
  fclose(file);
  if (!good)
    fprintf(stderr, "%s: expected an idx file of bytes, found none\n", path);
  return good;
}
