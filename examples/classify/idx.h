/*===- idx.h - Read the files of the MNIST family -------------------------===*/

#ifndef IDX_H
#define IDX_H

#include <stdint.h>

/** An array of bytes: images (count x height x width) or labels (count). */
typedef struct idx_file {
  uint32_t count, height, width; /**< height and width are 1 for labels */
  uint8_t *bytes;
} idx_file;

/** Reads `path`; prints what is wrong and returns 0 if it is no such file.
 * `bytes` is released with free(). */
int idx_read(const char *path, idx_file *file);

#endif /* IDX_H */
