// Pixels become exactly what Pillow and torchvision make of them: the expected
// bytes were computed with Image.resize (Pillow 12.1 and 11.3), the rounding of
// CenterCrop and of transformers, and the size of timm's ResizeKeepRatio.
//
// RUN: %cc %cflags %s %runtime %sanitize -o %t
// RUN: %t | FileCheck %s
// CHECK: all checks passed

#include "vitc/preprocess.h"
#include "check.h"

#include <stdlib.h>

static vitc_message message;

/* A model that has nothing but an input and its preprocessing. */
typedef struct holder {
  vitc_preprocess preprocess;
  vitc_tensor input;
  vitc_model model;
} holder;

static void fill(holder *made, vitc_preprocess preprocess,
                 vitc_element_type type) {
  memset(made, 0, sizeof *made);
  made->preprocess = preprocess;
  made->input.name = "image";
  made->input.element_type = type;
  made->input.image_bytes =
      (type == VITC_F32 ? 4u : 1u) * preprocess.channels *
      (uint64_t)(preprocess.crop_height + 2 * preprocess.pad) *
      (uint64_t)(preprocess.crop_width + 2 * preprocess.pad);
  made->model.size = sizeof(vitc_model);
  made->model.abi_version = VITC_ABI_VERSION;
  made->model.name = "pixels";
  made->model.inputs = &made->input;
  made->model.input_count = 1;
  made->model.preprocess = &made->preprocess;
}

/* A picture with a formula, in rows with a gap. */
static uint8_t *make_pixels(vitc_image *image, int64_t height, int64_t width,
                            uint32_t channels) {
  int64_t stride = width * channels + 5;
  uint8_t *pixels = malloc((size_t)(height * stride));
  memset(pixels, 0xee, (size_t)(height * stride));
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int64_t c = 0; c < channels; ++c)
        pixels[y * stride + x * channels + c] =
            (uint8_t)(x * 37 + y * 91 + c * 53 + x * y * 7);
  *image = (vitc_image){pixels, height, width, stride, channels};
  return pixels;
}

static void *preprocess(const vitc_model *model, const vitc_image *image) {
  uint64_t bytes = 0, tensor_bytes = model->inputs[0].image_bytes;
  CHECK_OK(vitc_preprocess_size(model, image, &bytes, &message));
  void *workspace = aligned_alloc(VITC_ALIGNMENT, bytes);
  void *tensor = malloc(tensor_bytes);
  CHECK_OK(vitc_preprocess_image(model, image, workspace, bytes, tensor,
                                 tensor_bytes, &message));
  free(workspace);
  return tensor;
}

static void check_bytes(vitc_preprocess wanted, int64_t height, int64_t width,
                        const uint8_t *expected, size_t count) {
  vitc_image image;
  uint8_t *pixels = make_pixels(&image, height, width, wanted.channels);
  holder held;
  fill(&held, wanted, VITC_U8);
  CHECK(held.input.image_bytes == count);
  uint8_t *tensor = preprocess(&held.model, &image);
  CHECK(!memcmp(tensor, expected, count));
  free(tensor);

  /* The float tensor holds the same, in planes and normalised. */
  fill(&held, wanted, VITC_F32);
  float *planes = preprocess(&held.model, &image);
  size_t plane = count / wanted.channels;
  for (size_t i = 0; i < count; ++i) {
    size_t c = i % wanted.channels;
    float value = ((float)expected[i] / 255.0f - (float)wanted.mean[c]) /
                  (float)wanted.std[c];
    CHECK(planes[c * plane + i / wanted.channels] == value);
  }
  free(planes);
  free(pixels);
}

#define MEAN {0.485, 0.456, 0.406}
#define STD {0.229, 0.224, 0.225}

static const vitc_preprocess down = {VITC_RESIZE_SHORTER,
                                     VITC_FILTER_BICUBIC,
                                     10,
                                     10,
                                     5,
                                     6,
                                     0,
                                     0,
                                     3,
                                     0,
                                     0,
                                     MEAN,
                                     STD};
static const uint8_t down_bytes[] = {
    149, 102, 133, 99,  134, 126, 134, 111, 130, 113, 143, 146, 137, 79,  146,
    132, 114, 166, 137, 147, 110, 89,  148, 128, 158, 106, 157, 128, 160, 102,
    103, 141, 146, 159, 104, 162, 116, 148, 86,  90,  149, 135, 80,  119, 187,
    163, 104, 156, 152, 99,  132, 149, 130, 140, 94,  153, 84,  95,  147, 73,
    88,  145, 118, 103, 144, 112, 135, 144, 108, 127, 125, 102, 118, 132, 168,
    92,  149, 76,  115, 174, 87,  135, 158, 106, 143, 138, 129, 161, 118, 141,
};

static const vitc_preprocess exact = {VITC_RESIZE_EXACT,
                                      VITC_FILTER_BILINEAR,
                                      6,
                                      8,
                                      6,
                                      8,
                                      0,
                                      0,
                                      1,
                                      0,
                                      0,
                                      MEAN,
                                      STD};
static const uint8_t exact_bytes[] = {
    94,  123, 109, 131, 116, 126, 140, 108, 133, 126, 130, 125,
    122, 138, 136, 123, 129, 144, 132, 119, 144, 118, 124, 130,
    125, 134, 129, 143, 147, 135, 121, 124, 114, 137, 139, 127,
    131, 150, 139, 119, 141, 119, 119, 142, 113, 127, 144, 116,
};

static const vitc_preprocess padded = {VITC_RESIZE_SHORTER,
                                       VITC_FILTER_BICUBIC,
                                       9,
                                       9,
                                       4,
                                       4,
                                       1,
                                       7,
                                       3,
                                       0,
                                       0,
                                       MEAN,
                                       STD};
static const uint8_t padded_bytes[] = {
    7,   7,   7,   7,   7,  7,   7,   7,   7,   7,   7,   7,   7,   7,
    7,   7,   7,   7,   7,  7,   7,   156, 232, 112, 191, 202, 29,  228,
    55,  67,  145, 26,  97, 7,   7,   7,   7,   7,   7,   143, 155, 100,
    120, 153, 59,  162, 67, 105, 119, 64,  145, 7,   7,   7,   7,   7,
    7,   104, 48,  114, 22, 91,  144, 65,  122, 175, 99,  152, 218, 7,
    7,   7,   7,   7,   7,  96,  107, 195, 78,  160, 197, 128, 210, 115,
    181, 173, 117, 7,   7,  7,   7,   7,   7,   7,   7,   7,   7,   7,
    7,   7,   7,   7,   7,  7,   7,   7,   7,   7,
};

static const vitc_preprocess square = {VITC_RESIZE_SHORTER,
                                       VITC_FILTER_BILINEAR,
                                       8,
                                       8,
                                       5,
                                       8,
                                       0,
                                       0,
                                       1,
                                       0,
                                       0,
                                       MEAN,
                                       STD};
static const uint8_t square_bytes[] = {
    125, 112, 136, 126, 115, 119, 131, 124, 121, 124, 125, 123, 116, 127,
    126, 136, 126, 122, 119, 131, 133, 129, 130, 128, 128, 134, 134, 126,
    144, 138, 130, 128, 130, 142, 142, 139, 193, 167, 122, 121,
};

/* Three and seven pixels are left out: 1 and 3 before the crop. */
static const vitc_preprocess inner = {
    VITC_RESIZE_EXACT, VITC_FILTER_BICUBIC, 9,    11, 6, 4, 0, 0, 3,
    VITC_CROP_DOWN,    VITC_ORDER_RGB,      MEAN, STD};
static const uint8_t inner_bytes[] = {
    132, 131, 131, 120, 145, 138, 134, 147, 133, 139, 119, 126, 131, 123, 107,
    132, 110, 138, 144, 145, 132, 143, 127, 142, 123, 128, 135, 135, 97,  158,
    131, 122, 139, 113, 124, 126, 140, 127, 133, 142, 122, 148, 127, 118, 112,
    116, 121, 123, 123, 130, 131, 141, 124, 114, 126, 114, 103, 129, 133, 112,
    135, 149, 114, 144, 129, 131, 121, 115, 124, 137, 140, 132};

/* 23 x 17 pixels cover 10 x 12 as 16 x 12; blue comes first. */
static const vitc_preprocess cover = {
    VITC_RESIZE_COVER, VITC_FILTER_BILINEAR, 10,   12, 5, 7, 0, 0, 3,
    VITC_CROP_EVEN,    VITC_ORDER_BGR,       MEAN, STD};
static const uint8_t cover_bytes[] = {
    141, 120, 157, 96,  172, 119, 160, 133, 101, 141, 113, 160, 105, 167, 126,
    145, 133, 98,  147, 94,  155, 114, 84,  140, 89,  163, 110, 150, 135, 84,
    164, 111, 122, 137, 105, 157, 112, 150, 133, 167, 114, 115, 91,  155, 117,
    81,  155, 102, 145, 141, 88,  176, 131, 78,  164, 119, 127, 144, 103, 174,
    134, 92,  158, 118, 143, 90,  72,  148, 95,  76,  151, 98,  96,  148, 95,
    98,  149, 98,  88,  156, 123, 95,  155, 119, 175, 122, 156, 136, 139, 86,
    79,  155, 102, 96,  170, 117, 111, 173, 131, 125, 117, 148, 139, 142, 162};

/* Without a resize the pixels arrive as they are. */
static void check_none(void) {
  const vitc_preprocess none = {
      VITC_RESIZE_NONE, 0, 0, 0, 28, 28, 2, 0, 1, 0, 0, MEAN, STD};
  uint8_t expected[32 * 32] = {0};
  vitc_image image;
  uint8_t *pixels = make_pixels(&image, 28, 28, 1);
  for (int y = 0; y < 28; ++y)
    memcpy(expected + (y + 2) * 32 + 2, pixels + y * image.stride, 28);
  free(pixels);
  check_bytes(none, 28, 28, expected, sizeof expected);
}

static void check_errors(void) {
  static _Alignas(64) char workspace[1 << 16];
  static float tensor[90];
  holder held;
  fill(&held, down, VITC_F32);
  vitc_model *model = &held.model;
  vitc_image image;
  uint8_t *pixels = make_pixels(&image, 23, 17, 3);
  uint64_t bytes = 1;

  CHECK_STATUS(vitc_preprocess_size(NULL, &image, &bytes, &message),
               VITC_INVALID_ARGUMENT, "expected a model, found a null pointer");
  CHECK_STATUS(vitc_preprocess_size(model, NULL, &bytes, &message),
               VITC_INVALID_ARGUMENT, "expected an image, found a null");
  CHECK_STATUS(vitc_preprocess_size(model, &image, NULL, &message),
               VITC_INVALID_ARGUMENT, "expected a place for the size");
  vitc_image bad = image;
  bad.height = 0;
  CHECK_STATUS(vitc_preprocess_size(model, &bad, &bytes, &message),
               VITC_INVALID_ARGUMENT,
               "expected an image of 1 to 65535 pixels a side, found 0 x 17");
  bad = image;
  bad.width = 65536;
  CHECK_STATUS(vitc_preprocess_size(model, &bad, &bytes, &message),
               VITC_INVALID_ARGUMENT, "found 23 x 65536");
  bad = image;
  bad.channels = 4;
  CHECK_STATUS(vitc_preprocess_size(model, &bad, &bytes, &message),
               VITC_INVALID_ARGUMENT,
               "expected an image of 3 channels, found 4");
  CHECK(bytes == 1);

  CHECK_OK(vitc_preprocess_size(model, &image, &bytes, &message));
#define PREPROCESS(image, workspace, bytes, tensor, tensor_bytes)              \
  vitc_preprocess_image(model, image, workspace, bytes, tensor, tensor_bytes,  \
                        &message)
  bad = image;
  bad.pixels = NULL;
  CHECK_STATUS(PREPROCESS(&bad, workspace, bytes, tensor, 360),
               VITC_INVALID_ARGUMENT,
               "expected pixels with a stride of at least 51 bytes, found a "
               "null pointer and one of 56");
  bad = image;
  bad.stride = 50;
  CHECK_STATUS(PREPROCESS(&bad, workspace, bytes, tensor, 360),
               VITC_INVALID_ARGUMENT, "of at least 51 bytes, found one of 50");
  CHECK_STATUS(PREPROCESS(&image, NULL, bytes, tensor, 360),
               VITC_INVALID_ARGUMENT, "aligned to 64, found a null pointer");
  CHECK_STATUS(PREPROCESS(&image, workspace + 1, bytes, tensor, 360),
               VITC_INVALID_ARGUMENT, "found a misaligned one");
  CHECK_STATUS(PREPROCESS(&image, workspace, bytes - 1, tensor, 360),
               VITC_INVALID_ARGUMENT, "expected a workspace of ");
  CHECK_STATUS(PREPROCESS(&image, workspace, bytes, NULL, 360),
               VITC_INVALID_ARGUMENT,
               "expected a tensor of 360 bytes aligned to 4, found a null");
  CHECK_STATUS(PREPROCESS(&image, workspace, bytes, (char *)tensor + 1, 360),
               VITC_INVALID_ARGUMENT, "found a misaligned one of 360");
  CHECK_STATUS(PREPROCESS(&image, workspace, bytes, tensor, 359),
               VITC_INVALID_ARGUMENT, "found one of 359");

  held.preprocess.crop_width = 11;
  held.input.image_bytes = 5 * 11 * 3 * 4;
  CHECK_STATUS(vitc_preprocess_size(model, &image, &bytes, &message),
               VITC_INVALID_ARGUMENT,
               "expected an image in whose proportions the crop of 5 x 11 "
               "fits, found 23 x 17, resized to 13 x 10");
  held.preprocess.resize = VITC_RESIZE_EXACT;
  held.preprocess.resize_width = 10;
  CHECK_STATUS(vitc_preprocess_size(model, &image, &bytes, &message),
               VITC_ABI_MISMATCH,
               "expected a resize to at least the crop of 5 x 11, found 10 x "
               "10");
  held.preprocess.resize = VITC_RESIZE_NONE;
  CHECK_STATUS(vitc_preprocess_size(model, &image, &bytes, &message),
               VITC_INVALID_ARGUMENT,
               "expected an image of 5 x 11 pixels, since the model resizes "
               "none, found 23 x 17");
  held.input.image_bytes = 4;
  CHECK_STATUS(vitc_preprocess_size(model, &image, &bytes, &message),
               VITC_ABI_MISMATCH,
               "expected a preprocessing that fills the input's 4 bytes, found "
               "3 channels of 5 x 11 pixels padded by 0");
  held.model.preprocess = NULL;
  CHECK_STATUS(vitc_preprocess_size(model, &image, &bytes, &message),
               VITC_INVALID_ARGUMENT,
               "expected a model with a preprocessing, found none in 'pixels'");
  free(pixels);
}

int main(void) {
  check_bytes(down, 23, 17, down_bytes, sizeof down_bytes);
  check_bytes(exact, 9, 31, exact_bytes, sizeof exact_bytes);
  check_bytes(padded, 5, 6, padded_bytes, sizeof padded_bytes);
  check_bytes(square, 40, 40, square_bytes, sizeof square_bytes);
  check_bytes(inner, 21, 30, inner_bytes, sizeof inner_bytes);
  check_bytes(cover, 23, 17, cover_bytes, sizeof cover_bytes);
  check_none();
  check_errors();
  return check_result();
}
