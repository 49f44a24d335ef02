/*===- vitc/preprocess.h - From 8-bit pixels to an input tensor -----------===*\
|*
|* Resizes, crops, pads and normalises an image the way the model was trained
|* for, as recorded in its object. Resizing gives the very bytes that Pillow's
|* antialiased bilinear and bicubic filters give. The laws at the head of
|* vitc/runtime.h hold here too.
|*
\*===----------------------------------------------------------------------===*/

#ifndef VITC_PREPROCESS_H
#define VITC_PREPROCESS_H

#include "vitc/runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Rows of interleaved 8-bit pixels, the top row first. */
typedef struct vitc_image {
  const uint8_t *pixels;
  int64_t height;    /**< pixels, 1 to 65535 */
  int64_t width;     /**< pixels, 1 to 65535 */
  int64_t stride;    /**< from one row to the next; at least width * channels */
  uint32_t channels; /**< 1 (grey) or 3 (red, green, blue), as the model has */
} vitc_image;

/** Computes the workspace that vitc_preprocess_image needs for @p image, of
 * which only the size and channels are read.
 * @return VITC_OK, VITC_INVALID_ARGUMENT or VITC_ABI_MISMATCH */
vitc_status vitc_preprocess_size(const vitc_model *model,
                                 const vitc_image *image, uint64_t *bytes,
                                 vitc_message *message);

/** Turns @p image into the model's first input.
 * @param workspace        vitc_preprocess_size bytes, aligned to
 *                         VITC_ALIGNMENT; free again after the call
 * @param workspace_bytes  its size
 * @param tensor           receives one image: planar f32, or for a VITC_U8
 *                         input interleaved bytes
 * @param tensor_bytes     model->inputs[0].image_bytes
 * @return VITC_OK, VITC_INVALID_ARGUMENT or VITC_ABI_MISMATCH */
vitc_status vitc_preprocess_image(const vitc_model *model,
                                  const vitc_image *image, void *workspace,
                                  uint64_t workspace_bytes, void *tensor,
                                  uint64_t tensor_bytes, vitc_message *message);

#ifdef __cplusplus
}
#endif

#endif /* VITC_PREPROCESS_H */
