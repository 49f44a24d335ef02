/*===- pixels_model.c - A model whose outputs are its input ---------------===*\
|*
|* For the tests of preprocessing: an RGB image of 4 x 4 pixels after a resize
|* of the shorter side to 4, cropped, padded by 1 with 128. Output "scores" is
|* the middle of the red plane, output "planes" all of the input. It needs no
|* weights but an empty file of them, which is embedded.
|*
\*===----------------------------------------------------------------------===*/

#include "vitc/model.h"

#include <stdint.h>

enum { SIDE = 6, PLANE = SIDE * SIDE };

/* Built-in only: an object of a model may not need the C library. */
#define COPY(to, from, bytes) __builtin_memcpy(to, from, bytes)

static void scores(void *const *operands, int64_t row_begin, int64_t row_end,
                   int64_t column_begin, int64_t column_end) {
  (void)column_begin, (void)column_end;
  for (int64_t r = row_begin; r < row_end; ++r)
    for (int64_t y = 0; y < 4; ++y)
      COPY((float *)operands[1] + r * 16 + y * 4,
           (const float *)operands[0] + r * 3 * PLANE + (y + 1) * SIDE + 1, 16);
}

static void planes(void *const *operands, int64_t row_begin, int64_t row_end,
                   int64_t column_begin, int64_t column_end) {
  (void)column_begin, (void)column_end;
  for (int64_t r = row_begin; r < row_end; ++r)
    COPY((float *)operands[1] + r * 3 * PLANE,
         (const float *)operands[0] + r * 3 * PLANE, 3 * PLANE * 4);
}

static const vitc_operand scores_operands[] = {{VITC_SPACE_INPUT, 0, 0, 0},
                                               {VITC_SPACE_OUTPUT, 0, 0, 0}};
static const vitc_operand planes_operands[] = {{VITC_SPACE_INPUT, 0, 0, 0},
                                               {VITC_SPACE_OUTPUT, 1, 0, 0}};
static const vitc_step steps[] = {{scores, "scores", "middle", scores_operands,
                                   2, VITC_KERNEL_POOL, 1, 1, 1, 1000000, 0,
                                   128},
                                  {planes, "planes", "copy", planes_operands, 2,
                                   VITC_KERNEL_ROWS, 1, 1, 1, 3000000, 0, 864}};

static const struct {
  vitc_weights_header header;
  char padding[16];
} weights __attribute__((aligned(64))) = {
    {{'V', 'I', 'T', 'C', 'W', 'T', 'S', '1'}, 128, 0, 128, 0, 0, {0}, {0}},
    {0}};

static const vitc_level level = {"x86-64-v3", 0xff, steps, 2,  64,
                                 0,           256,  128,   {0}};

static const int64_t input_shape[] = {3, SIDE, SIDE};
static const int64_t scores_shape[] = {16};
static const vitc_tensor inputs[] = {
    {"image", "red, green and blue", input_shape, 3, VITC_F32, 3 * PLANE * 4}};
static const vitc_tensor outputs[] = {
    {"scores", "red pixels", scores_shape, 1, VITC_F32, 64},
    {"planes", "the input", input_shape, 3, VITC_F32, 3 * PLANE * 4}};
static const char *const labels[] = {
    "zero",   "one",      "two",      "three",  "four", "five",
    "six",    "seven",    "eight",    "nine",   "ten",  "eleven",
    "twelve", "thirteen", "fourteen", "fifteen"};
static const vitc_preprocess preprocess = {.resize = VITC_RESIZE_SHORTER,
                                           .filter = VITC_FILTER_BICUBIC,
                                           .resize_height = 4,
                                           .resize_width = 4,
                                           .crop_height = 4,
                                           .crop_width = 4,
                                           .pad = 1,
                                           .pad_value = 128,
                                           .channels = 3,
                                           .mean = {0.0, 0.5, 0.25},
                                           .std = {1.0 / 255, 0.5, 2.0}};

const vitc_model pixels_model = {.size = sizeof(vitc_model),
                                 .abi_version = VITC_ABI_VERSION,
                                 .name = "pixels",
                                 .compiler = "by hand",
                                 .build = "{}",
                                 .inputs = inputs,
                                 .outputs = outputs,
                                 .levels = &level,
                                 .labels = labels,
                                 .preprocess = &preprocess,
                                 .weights = &weights,
                                 .macs = 2000000,
                                 .input_count = 1,
                                 .output_count = 2,
                                 .level_count = 1,
                                 .label_count = 16};

int pixels_run(const void *weights_data, const void *const *input_data,
               void *const *output_data, void *arena, int64_t images) {
  (void)weights_data, (void)arena;
  for (uint32_t i = 0; i < 2; ++i) {
    void *const operands[] = {(void *)(uintptr_t)input_data[0], output_data[i]};
    steps[i].kernel(operands, 0, images, 0, 1);
  }
  return 0;
}
