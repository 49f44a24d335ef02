/*===- resize.c - Antialiased resizing of 8-bit pixels --------------------===*/

#include "resize.h"

#include <math.h>
#include <string.h>

/* Bits of a weight behind the binary point: 32 less 8 for the pixel and 2 for
 * sums beyond the range. */
enum { PRECISION_BITS = 32 - 8 - 2 };

/* Weights of one axis: for every wanted pixel of the result the first pixel of
 * the image that counts, how many do, and `taps` places for their weights. */
typedef struct axis_weights {
  int32_t *first;
  int32_t *number;
  int32_t *weights;
  int64_t taps;
} axis_weights;

static double filter_support(vitc_filter filter) {
  return filter == VITC_FILTER_BICUBIC ? 2.0 : 1.0;
}

static double filter_value(vitc_filter filter, double x) {
  if (x < 0.0)
    x = -x;
  if (filter == VITC_FILTER_BILINEAR)
    return x < 1.0 ? 1.0 - x : 0.0;
  const double a = -0.5;
  if (x < 1.0)
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0)
    return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

/* Widens the filter when the image shrinks: that is the antialiasing. */
static double filter_scale(const vitc_axis *axis) {
  double scale = (double)axis->in / (double)axis->out;
  return scale < 1.0 ? 1.0 : scale;
}

static int64_t axis_taps(const vitc_axis *axis, vitc_filter filter) {
  return (int64_t)ceil(filter_support(filter) * filter_scale(axis)) * 2 + 1;
}

static void compute_weights(const vitc_axis *axis, vitc_filter filter,
                            double *exact, axis_weights *result) {
  double scale = (double)axis->in / (double)axis->out;
  double widened = filter_scale(axis);
  double support = filter_support(filter) * widened;
  double inverse = 1.0 / widened;
  for (int64_t i = 0; i < axis->count; ++i) {
    double center = ((double)(axis->begin + i) + 0.5) * scale;
    int64_t begin = (int64_t)(center - support + 0.5);
    int64_t end = (int64_t)(center + support + 0.5);
    begin = begin < 0 ? 0 : begin;
    end = end > axis->in ? axis->in : end;
    double sum = 0.0;
    for (int64_t k = 0; k < end - begin; ++k) {
      exact[k] =
          filter_value(filter, ((double)(k + begin) - center + 0.5) * inverse);
      sum += exact[k];
    }
    int32_t *weights = result->weights + i * result->taps;
    for (int64_t k = 0; k < end - begin; ++k) {
      double weight = sum != 0.0 ? exact[k] / sum : exact[k];
      weight *= 1 << PRECISION_BITS;
      weights[k] = (int32_t)(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    result->first[i] = (int32_t)begin;
    result->number[i] = (int32_t)(end - begin);
  }
}

/* The pixel for a fixed-point sum that includes the rounding half. */
static uint8_t clip(int32_t sum) {
  int32_t pixel = sum >> PRECISION_BITS;
  return (uint8_t)(pixel < 0 ? 0 : pixel > 255 ? 255 : pixel);
}

static const int32_t HALF = 1 << (PRECISION_BITS - 1);

/* Resizes `row_count` rows along x. */
static void resize_x(const axis_weights *axis, int64_t count, uint32_t channels,
                     vitc_rows source, int64_t row_count, uint8_t *result) {
  for (int64_t row = 0; row < row_count; ++row) {
    const uint8_t *from = source.pixels + row * source.stride;
    uint8_t *to = result + row * count * channels;
    for (int64_t i = 0; i < count; ++i) {
      const int32_t *weights = axis->weights + i * axis->taps;
      const uint8_t *pixels = from + (int64_t)axis->first[i] * channels;
      for (uint32_t c = 0; c < channels; ++c) {
        int32_t sum = HALF;
        for (int32_t k = 0; k < axis->number[i]; ++k)
          sum += pixels[(uint32_t)k * channels + c] * weights[k];
        to[i * channels + c] = clip(sum);
      }
    }
  }
}

/* Resizes rows of `width` bytes along y; row 0 of the source is the image's
 * row `first`. */
static void resize_y(const axis_weights *axis, int64_t count, int64_t width,
                     vitc_rows source, int64_t first, uint8_t *result) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t *weights = axis->weights + i * axis->taps;
    const uint8_t *from =
        source.pixels + (axis->first[i] - first) * source.stride;
    for (int64_t x = 0; x < width; ++x) {
      int32_t sum = HALF;
      for (int32_t k = 0; k < axis->number[i]; ++k)
        sum += from[k * source.stride + x] * weights[k];
      result[i * width + x] = clip(sum);
    }
  }
}

/* Hands out pieces of the workspace; with a null base it only counts. */
typedef struct bump {
  char *base;
  uint64_t used;
} bump;

static void *take(bump *memory, int64_t count, size_t element_size) {
  void *piece = memory->base ? memory->base + memory->used : NULL;
  uint64_t bytes = (uint64_t)count * element_size;
  memory->used +=
      (bytes + VITC_ALIGNMENT - 1) / VITC_ALIGNMENT * VITC_ALIGNMENT;
  return piece;
}

/* The workspace of a plan. */
typedef struct layout {
  axis_weights x, y;
  double *exact;
  uint8_t *between; /* result of the pass along x */
  uint8_t *result;  /* of the pass along y */
} layout;

static axis_weights take_weights(bump *memory, const vitc_axis *axis,
                                 vitc_filter filter) {
  axis_weights weights;
  weights.taps = axis_taps(axis, filter);
  weights.first = (int32_t *)take(memory, axis->count, sizeof(int32_t));
  weights.number = (int32_t *)take(memory, axis->count, sizeof(int32_t));
  weights.weights =
      (int32_t *)take(memory, axis->count * weights.taps, sizeof(int32_t));
  return weights;
}

static uint64_t lay_out(const vitc_resize_plan *plan, void *workspace,
                        layout *pieces) {
  bump memory = {(char *)workspace, 0};
  pieces->x = take_weights(&memory, &plan->x, plan->filter);
  pieces->y = take_weights(&memory, &plan->y, plan->filter);
  int64_t taps =
      pieces->x.taps > pieces->y.taps ? pieces->x.taps : pieces->y.taps;
  pieces->exact = (double *)take(&memory, taps, sizeof(double));
  int64_t width = plan->x.count * (int64_t)plan->channels;
  pieces->between = (uint8_t *)take(&memory, plan->y.in * width, 1);
  pieces->result = (uint8_t *)take(&memory, plan->y.count * width, 1);
  return memory.used;
}

uint64_t vitc_resize_bytes(const vitc_resize_plan *plan) {
  layout pieces;
  return lay_out(plan, NULL, &pieces);
}

vitc_rows vitc_resize_rows(const vitc_resize_plan *plan, vitc_rows source,
                           void *workspace) {
  layout pieces;
  lay_out(plan, workspace, &pieces);
  const vitc_axis *x = &plan->x, *y = &plan->y;
  bool along_x = x->in != x->out, along_y = y->in != y->out;
  int64_t channels = plan->channels;

  /* Rows of the image that the result needs. */
  int64_t first = y->begin, row_count = y->count;
  if (along_y) {
    compute_weights(y, plan->filter, pieces.exact, &pieces.y);
    int64_t last = y->count - 1;
    first = pieces.y.first[0];
    row_count = pieces.y.first[last] + pieces.y.number[last] - first;
  }
  source.pixels += first * source.stride;
  if (along_x) {
    compute_weights(x, plan->filter, pieces.exact, &pieces.x);
    resize_x(&pieces.x, x->count, plan->channels, source, row_count,
             pieces.between);
    source.pixels = pieces.between;
    source.stride = x->count * channels;
  } else {
    source.pixels += x->begin * channels;
  }
  if (along_y) {
    resize_y(&pieces.y, y->count, x->count * channels, source, first,
             pieces.result);
    source.pixels = pieces.result;
    source.stride = x->count * channels;
  }
  return source;
}
