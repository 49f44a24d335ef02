/*===- resize.h - Antialiased resizing of 8-bit pixels --------------------===*\
|*
|* Horizontal pass, then vertical, each with 22-bit fixed-point weights and a
|* rounding to 8 bits: the arithmetic of Pillow's Image.resize, to the bit.
|* (Pillow 12.2 takes the vertical pass first for an image that is more than a
|* hundred times as high as wide, Pillow 13 for others that are higher than
|* wide; versions before, with which models were trained, never.) Only the
|* window of the result that is wanted is computed.
|*
\*===----------------------------------------------------------------------===*/

#ifndef VITC_RESIZE_H
#define VITC_RESIZE_H

#include "internal.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One direction of a resize; all in pixels. */
typedef struct vitc_axis {
  int64_t in;    /**< size of the image */
  int64_t out;   /**< size it is resized to */
  int64_t begin; /**< first pixel of the result that is wanted */
  int64_t count; /**< number of them */
} vitc_axis;

/** A resize of rows of interleaved channels. */
typedef struct vitc_resize_plan {
  vitc_axis x, y;
  vitc_filter filter;
  uint32_t channels;
} vitc_resize_plan;

/** Rows of pixels. */
typedef struct vitc_rows {
  const uint8_t *pixels;
  int64_t stride; /**< bytes */
} vitc_rows;

/** Workspace that vitc_resize_rows needs, a multiple of VITC_ALIGNMENT. */
uint64_t vitc_resize_bytes(const vitc_resize_plan *plan);

/** Computes the wanted window with the instructions in @p features
 * (vitc_host_features), which change no byte of it. The result lies in the
 * workspace, or in the source where the size does not change. */
vitc_rows vitc_resize_rows(const vitc_resize_plan *plan, vitc_rows source,
                           void *workspace, uint64_t features);

#ifdef __cplusplus
}
#endif

#endif /* VITC_RESIZE_H */
