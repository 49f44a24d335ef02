/*===- preprocess.c - From 8-bit pixels to an input tensor ----------------===*/

#include "vitc/preprocess.h"

#include "resize.h"

#include <inttypes.h>
#include <string.h>

enum { MAX_SIDE = 65535 };

/* Where a centre crop begins that leaves out `space` pixels. */
static int64_t crop_begin(const vitc_preprocess *wanted, int64_t space) {
  int64_t half = space / 2;
  bool up = wanted->crop_rounding == VITC_CROP_EVEN && space % 2 && half % 2;
  return up ? half + 1 : half;
}

/* The nearest integer; of two, the even one. */
static int64_t round_even(double value) {
  int64_t down = (int64_t)value;
  double rest = value - (double)down;
  return rest > 0.5 || (rest == 0.5 && down % 2) ? down + 1 : down;
}

static vitc_status check_image(const vitc_preprocess *wanted,
                               const vitc_image *image, vitc_message *message) {
  if (!image)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected an image, found a null pointer");
  if (image->height < 1 || image->height > MAX_SIDE || image->width < 1 ||
      image->width > MAX_SIDE)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected an image of 1 to %d pixels a side, found "
                     "%" PRId64 " x %" PRId64,
                     MAX_SIDE, image->height, image->width);
  if (image->channels != wanted->channels)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected an image of %" PRIu32 " channels, found "
                     "%" PRIu32,
                     wanted->channels, image->channels);
  return VITC_OK;
}

/* Plans the resize and the crop. */
static vitc_status make_plan(const vitc_preprocess *wanted,
                             const vitc_image *image, vitc_resize_plan *plan,
                             vitc_message *message) {
  int64_t height = image->height, width = image->width;
  if (wanted->resize == VITC_RESIZE_EXACT) {
    height = wanted->resize_height;
    width = wanted->resize_width;
  } else if (wanted->resize == VITC_RESIZE_COVER) {
    double over_height = (double)height / (double)wanted->resize_height;
    double over_width = (double)width / (double)wanted->resize_width;
    double ratio = over_height < over_width ? over_height : over_width;
    height = round_even((double)height / ratio);
    width = round_even((double)width / ratio);
  } else if (wanted->resize == VITC_RESIZE_SHORTER) {
    bool upright = height >= width;
    int64_t shorter = upright ? width : height;
    int64_t longer = upright ? height : width;
    longer = wanted->resize_height * longer / shorter;
    height = upright ? longer : wanted->resize_height;
    width = upright ? wanted->resize_height : longer;
  } else if (height != wanted->crop_height || width != wanted->crop_width) {
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected an image of %" PRId64 " x %" PRId64
                     " pixels, since the model resizes none, found %" PRId64
                     " x %" PRId64,
                     wanted->crop_height, wanted->crop_width, height, width);
  }
  bool is_small = height < wanted->crop_height || width < wanted->crop_width;
  if (is_small && wanted->resize == VITC_RESIZE_SHORTER)
    return vitc_fail(
        message, VITC_INVALID_ARGUMENT,
        "expected an image in whose proportions the crop of %" PRId64
        " x %" PRId64 " fits, found %" PRId64 " x %" PRId64
        ", resized to %" PRId64 " x %" PRId64,
        wanted->crop_height, wanted->crop_width, image->height, image->width,
        height, width);
  if (is_small)
    return vitc_fail(message, VITC_ABI_MISMATCH,
                     "expected a resize to at least the crop of %" PRId64
                     " x %" PRId64 ", found %" PRId64 " x %" PRId64,
                     wanted->crop_height, wanted->crop_width, height, width);
  vitc_axis x = {image->width, width,
                 crop_begin(wanted, width - wanted->crop_width),
                 wanted->crop_width};
  vitc_axis y = {image->height, height,
                 crop_begin(wanted, height - wanted->crop_height),
                 wanted->crop_height};
  plan->x = x;
  plan->y = y;
  plan->filter = (vitc_filter)wanted->filter;
  plan->channels = wanted->channels;
  return VITC_OK;
}

static vitc_status check_preprocess(const vitc_model *model,
                                    vitc_message *message) {
  vitc_status status = vitc_check_model(model, message);
  if (status != VITC_OK)
    return status;
  const vitc_preprocess *wanted = model->preprocess;
  if (!wanted || !model->input_count)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a model with a preprocessing, found none in "
                     "'%.64s'",
                     model->name);
  bool in_range =
      (wanted->channels == 1 || wanted->channels == 3) &&
      wanted->crop_height >= 1 && wanted->crop_height <= MAX_SIDE &&
      wanted->crop_width >= 1 && wanted->crop_width <= MAX_SIDE &&
      wanted->pad >= 0 && wanted->pad <= MAX_SIDE && wanted->pad_value <= 255 &&
      wanted->resize <= VITC_RESIZE_COVER &&
      wanted->filter <= VITC_FILTER_BICUBIC &&
      wanted->crop_rounding <= VITC_CROP_DOWN &&
      wanted->channel_order <= VITC_ORDER_BGR &&
      (wanted->resize == VITC_RESIZE_NONE ||
       (wanted->resize_height >= 1 && wanted->resize_height <= MAX_SIDE &&
        wanted->resize_width >= 1 && wanted->resize_width <= MAX_SIDE));
  uint64_t element =
      model->inputs[0].element_type == VITC_U8 ? 1 : sizeof(float);
  if (!in_range || model->inputs[0].image_bytes !=
                       element * wanted->channels *
                           (uint64_t)(wanted->crop_height + 2 * wanted->pad) *
                           (uint64_t)(wanted->crop_width + 2 * wanted->pad))
    return vitc_fail(message, VITC_ABI_MISMATCH,
                     "expected a preprocessing that fills the input's %" PRIu64
                     " bytes, found %" PRIu32 " channels of %" PRId64
                     " x %" PRId64 " pixels padded by %" PRId64,
                     model->inputs[0].image_bytes, wanted->channels,
                     wanted->crop_height, wanted->crop_width, wanted->pad);
  return VITC_OK;
}

static vitc_status prepare(const vitc_model *model, const vitc_image *image,
                           vitc_resize_plan *plan, vitc_message *message) {
  vitc_status status = check_preprocess(model, message);
  if (status == VITC_OK)
    status = check_image(model->preprocess, image, message);
  if (status == VITC_OK)
    status = make_plan(model->preprocess, image, plan, message);
  return status;
}

vitc_status vitc_preprocess_size(const vitc_model *model,
                                 const vitc_image *image, uint64_t *bytes,
                                 vitc_message *message) {
  vitc_resize_plan plan;
  vitc_status status = prepare(model, image, &plan, message);
  if (status != VITC_OK)
    return status;
  if (!bytes)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a place for the size, found a null pointer");
  *bytes = vitc_resize_bytes(&plan);
  return VITC_OK;
}

/* The image's channel for a channel of the tensor. */
static uint32_t source_channel(const vitc_preprocess *wanted,
                               uint32_t channel) {
  return wanted->channel_order == VITC_ORDER_BGR
             ? wanted->channels - 1 - channel
             : channel;
}

/* Copies `pixels` into the middle of a padded tensor of bytes. */
static void fill_bytes(const vitc_preprocess *wanted, vitc_rows pixels,
                       uint8_t *tensor) {
  int64_t width = (wanted->crop_width + 2 * wanted->pad) * wanted->channels;
  int64_t height = wanted->crop_height + 2 * wanted->pad;
  memset(tensor, (int)wanted->pad_value, (size_t)(width * height));
  uint32_t channels = wanted->channels;
  for (int64_t y = 0; y < wanted->crop_height; ++y) {
    const uint8_t *from = pixels.pixels + y * pixels.stride;
    uint8_t *to = tensor + (y + wanted->pad) * width + wanted->pad * channels;
    for (int64_t x = 0; x < wanted->crop_width; ++x)
      for (uint32_t c = 0; c < channels; ++c)
        to[x * channels + c] = from[x * channels + source_channel(wanted, c)];
  }
}

/* Does the same for the plane of channel `channel`, normalised. */
static void fill_plane(const vitc_preprocess *wanted, vitc_rows pixels,
                       uint32_t channel, float *plane) {
  float values[256];
  for (int i = 0; i < 256; ++i)
    values[i] = ((float)i / 255.0f - (float)wanted->mean[channel]) /
                (float)wanted->std[channel];
  int64_t width = wanted->crop_width + 2 * wanted->pad;
  int64_t height = wanted->crop_height + 2 * wanted->pad;
  for (int64_t i = 0; wanted->pad && i < width * height; ++i)
    plane[i] = values[wanted->pad_value];
  for (int64_t y = 0; y < wanted->crop_height; ++y) {
    const uint8_t *from =
        pixels.pixels + y * pixels.stride + source_channel(wanted, channel);
    float *to = plane + (y + wanted->pad) * width + wanted->pad;
    for (int64_t x = 0; x < wanted->crop_width; ++x)
      to[x] = values[from[x * wanted->channels]];
  }
}

vitc_status vitc_preprocess_image(const vitc_model *model,
                                  const vitc_image *image, void *workspace,
                                  uint64_t workspace_bytes, void *tensor,
                                  uint64_t tensor_bytes,
                                  vitc_message *message) {
  vitc_resize_plan plan;
  vitc_status status = prepare(model, image, &plan, message);
  if (status != VITC_OK)
    return status;
  const vitc_preprocess *wanted = model->preprocess;
  const vitc_tensor *input = &model->inputs[0];
  uint64_t needed = vitc_resize_bytes(&plan);
  if (!image->pixels || image->stride < image->width * image->channels)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected pixels with a stride of at least %" PRId64
                     " bytes, found %s of %" PRId64,
                     image->width * image->channels,
                     image->pixels ? "one" : "a null pointer and one",
                     image->stride);
  if (!workspace || (uintptr_t)workspace % VITC_ALIGNMENT ||
      workspace_bytes < needed)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a workspace of %" PRIu64
                     " bytes aligned to %u, found %s of %" PRIu64,
                     needed, VITC_ALIGNMENT,
                     !workspace ? "a null pointer"
                     : (uintptr_t)workspace % VITC_ALIGNMENT
                         ? "a misaligned one"
                         : "one",
                     workspace_bytes);
  uintptr_t alignment = input->element_type == VITC_U8 ? 1 : sizeof(float);
  if (!tensor || (uintptr_t)tensor % alignment ||
      tensor_bytes != input->image_bytes)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a tensor of %" PRIu64
                     " bytes aligned to %u, found %s of %" PRIu64,
                     input->image_bytes, (unsigned)alignment,
                     !tensor                         ? "a null pointer"
                     : (uintptr_t)tensor % alignment ? "a misaligned one"
                                                     : "one",
                     tensor_bytes);

  vitc_rows source = {image->pixels, image->stride};
  vitc_rows pixels =
      vitc_resize_rows(&plan, source, workspace, vitc_host_features());
  if (input->element_type == VITC_U8) {
    fill_bytes(wanted, pixels, (uint8_t *)tensor);
    return VITC_OK;
  }
  int64_t plane = (wanted->crop_height + 2 * wanted->pad) *
                  (wanted->crop_width + 2 * wanted->pad);
  for (uint32_t c = 0; c < wanted->channels; ++c)
    fill_plane(wanted, pixels, c, (float *)tensor + plane * (int64_t)c);
  return VITC_OK;
}
