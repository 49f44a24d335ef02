// The resize gives, with and without AVX2, the bytes of its definition: for
// every size of image, result and window, and without reading a byte outside
// the image.
//
// RUN: %cc %cflags %s %runtime %sanitize -o %t
// RUN: %t | FileCheck %s
// CHECK: all checks passed

#include "resize.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>

static uint32_t state = 1;

/* A number from 0 to count - 1. */
static int64_t draw(int64_t count) {
  state = state * 1664525u + 1013904223u;
  return (int64_t)((state >> 8) % (uint64_t)count);
}

/* The filters of Pillow's documentation: a tent, and a cubic with a = -1/2. */
static double filter_at(vitc_filter filter, double x) {
  x = fabs(x);
  if (filter == VITC_FILTER_BILINEAR)
    return x < 1 ? 1 - x : 0;
  return x < 1   ? (1.5 * x - 2.5) * x * x + 1
         : x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5
                 : 0;
}

/* One pixel of a line of `in` bytes, `step` apart, that becomes `out` long. */
static uint8_t resample(vitc_filter filter, const uint8_t *line, int64_t step,
                        int64_t in, int64_t out, int64_t pixel) {
  double scale = (double)in / (double)out, widened = scale < 1 ? 1 : scale;
  double support = (filter == VITC_FILTER_BICUBIC ? 2 : 1) * widened;
  double center = ((double)pixel + 0.5) * scale, total = 0;
  int64_t begin = (int64_t)(center - support + 0.5);
  int64_t end = (int64_t)(center + support + 0.5);
  begin = begin < 0 ? 0 : begin;
  end = end > in ? in : end;
  double inverse = 1 / widened;
  for (int64_t i = begin; i < end; ++i)
    total += filter_at(filter, ((double)i - center + 0.5) * inverse);
  int64_t sum = 1 << 21;
  for (int64_t i = begin; i < end; ++i) {
    double weight =
        filter_at(filter, ((double)i - center + 0.5) * inverse) / total;
    sum += line[i * step] * llround(weight * (1 << 22));
  }
  sum >>= 22;
  return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

/* All of the result, a row of the image after the other along x, then along y.
 * A direction that keeps its size is left alone. */
static uint8_t *reference(const vitc_resize_plan *plan, const uint8_t *pixels,
                          int64_t stride) {
  const vitc_axis *x = &plan->x, *y = &plan->y;
  int64_t channels = plan->channels, width = x->out * channels;
  uint8_t *between = malloc((size_t)(y->in * width));
  uint8_t *result = malloc((size_t)(y->out * width));
  for (int64_t row = 0; row < y->in; ++row)
    for (int64_t i = 0; i < width; ++i) {
      const uint8_t *line = pixels + row * stride + i % channels;
      between[row * width + i] = x->in == x->out
                                     ? line[i / channels * channels]
                                     : resample(plan->filter, line, channels,
                                                x->in, x->out, i / channels);
    }
  for (int64_t row = 0; row < y->out; ++row)
    for (int64_t i = 0; i < width; ++i)
      result[row * width + i] =
          y->in == y->out
              ? between[row * width + i]
              : resample(plan->filter, between + i, width, y->in, y->out, row);
  free(between);
  return result;
}

static void check_plan(vitc_resize_plan plan, int64_t gap) {
  int64_t channels = plan.channels, stride = plan.x.in * channels + gap;
  size_t bytes = (size_t)(plan.y.in * stride - gap);
  uint8_t *pixels = malloc(bytes);
  for (size_t i = 0; i < bytes; ++i)
    pixels[i] = (uint8_t)(draw(3) ? draw(256) : draw(2) * 255);
  uint8_t *expected = reference(&plan, pixels, stride);
  uint64_t workspace_bytes = vitc_resize_bytes(&plan);
  CHECK(workspace_bytes % VITC_ALIGNMENT == 0);
  void *workspace = aligned_alloc(VITC_ALIGNMENT, workspace_bytes);
  const uint64_t choices[] = {0, vitc_host_features()};
  for (size_t choice = 0; choice < 2; ++choice) {
    memset(workspace, 0xa5, workspace_bytes);
    vitc_rows source = {pixels, stride};
    vitc_rows found =
        vitc_resize_rows(&plan, source, workspace, choices[choice]);
    bool same = true;
    for (int64_t row = 0; row < plan.y.count; ++row)
      same &= !memcmp(found.pixels + row * found.stride,
                      expected +
                          ((plan.y.begin + row) * plan.x.out + plan.x.begin) *
                              channels,
                      (size_t)(plan.x.count * channels));
    CHECK(same);
    if (!same)
      printf("  x %d to %d, y %d to %d, filter %d, choice %d\n", (int)plan.x.in,
             (int)plan.x.out, (int)plan.y.in, (int)plan.y.out, (int)plan.filter,
             (int)choice);
  }
  free(workspace);
  free(expected);
  free(pixels);
}

/* Half of the axes are short, and a few keep their size. */
static vitc_axis draw_axis(void) {
  vitc_axis axis;
  axis.in = 1 + draw(draw(2) ? 9 : 150);
  axis.out = draw(8) ? 1 + draw(draw(2) ? 9 : 70) : axis.in;
  axis.begin = draw(axis.out);
  axis.count = 1 + draw(axis.out - axis.begin);
  return axis;
}

int main(void) {
  for (int i = 0; i < 400; ++i) {
    vitc_resize_plan plan;
    plan.x = draw_axis();
    plan.y = draw_axis();
    plan.filter = draw(2) ? VITC_FILTER_BICUBIC : VITC_FILTER_BILINEAR;
    plan.channels = draw(2) ? 3 : 1;
    check_plan(plan, draw(4));
  }
  /* A line of pixels, and more taps than a row of the result has bytes. */
  const vitc_resize_plan wide = {
      {20000, 40, 3, 30}, {1, 1, 0, 1}, VITC_FILTER_BICUBIC, 3};
  const vitc_resize_plan tall = {
      {2, 5, 0, 5}, {9000, 3, 1, 2}, VITC_FILTER_BICUBIC, 1};
  check_plan(wide, 0);
  check_plan(tall, 1);
  return check_result();
}
