/*===- resize.c - Antialiased resizing of 8-bit pixels --------------------===*\
|*
|* Both passes multiply many pixels at once by one weight: the pass along x the
|* same bytes of several rows, which it first puts side by side, the pass along
|* y all of a row. Only integers are added up, so every instruction set gives
|* the same bytes. The passes are compiled for any CPU and for AVX2, without
|* which no model runs.
|*
\*===----------------------------------------------------------------------===*/

#include "resize.h"

#include <math.h>
#include <string.h>

/* Bits of a weight behind the binary point: 32 less 8 for the pixel and 2 for
 * sums beyond the range. */
enum { PRECISION_BITS = 32 - 8 - 2 };

/* Weights of one axis: for every wanted pixel of the result the first pixel of
 * the image's span that counts, how many do, and `taps` places for their
 * weights. */
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

/* Pixels of the image, from `begin` up to `end`. */
typedef struct span {
  int64_t begin, end;
} span;

/* Centre of the wanted pixel `i` in the image. */
static double pixel_center(const vitc_axis *axis, int64_t i) {
  double scale = (double)axis->in / (double)axis->out;
  return ((double)(axis->begin + i) + 0.5) * scale;
}

/* What the wanted pixel `i` is computed from. */
static span pixel_span(const vitc_axis *axis, vitc_filter filter, int64_t i) {
  double center = pixel_center(axis, i);
  double support = filter_support(filter) * filter_scale(axis);
  span pixels = {(int64_t)(center - support + 0.5),
                 (int64_t)(center + support + 0.5)};
  pixels.begin = pixels.begin < 0 ? 0 : pixels.begin;
  pixels.end = pixels.end > axis->in ? axis->in : pixels.end;
  return pixels;
}

/* What all wanted pixels are computed from. */
static span axis_span(const vitc_axis *axis, vitc_filter filter) {
  span all = {axis->begin, axis->begin + axis->count};
  if (axis->in != axis->out) {
    all.begin = pixel_span(axis, filter, 0).begin;
    all.end = pixel_span(axis, filter, axis->count - 1).end;
  }
  return all;
}

static void compute_weights(const vitc_axis *axis, vitc_filter filter,
                            double *exact, axis_weights *result) {
  int64_t first = axis_span(axis, filter).begin;
  double inverse = 1.0 / filter_scale(axis);
  for (int64_t i = 0; i < axis->count; ++i) {
    span pixels = pixel_span(axis, filter, i);
    double center = pixel_center(axis, i);
    int64_t number = pixels.end - pixels.begin;
    double sum = 0.0;
    for (int64_t k = 0; k < number; ++k) {
      exact[k] = filter_value(
          filter, ((double)(k + pixels.begin) - center + 0.5) * inverse);
      sum += exact[k];
    }
    int32_t *weights = result->weights + i * result->taps;
    for (int64_t k = 0; k < number; ++k) {
      double weight = sum != 0.0 ? exact[k] / sum : exact[k];
      weight *= 1 << PRECISION_BITS;
      weights[k] = (int32_t)(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    result->first[i] = (int32_t)(pixels.begin - first);
    result->number[i] = (int32_t)number;
  }
}

/*===----------------------------------------------------------------------===*\
|* The passes
\*===----------------------------------------------------------------------===*/

#define VITC_INLINE static inline __attribute__((always_inline))

/* Rows that the pass along x takes together. */
enum { LANES = 16, SQUARE = LANES * LANES };

/* One byte of every row, and the sums of half of the rows. */
typedef uint8_t lanes __attribute__((vector_size(LANES)));
typedef int32_t half_sums
    __attribute__((vector_size(LANES / 2 * sizeof(int32_t)), may_alias));

static const int32_t HALF = 1 << (PRECISION_BITS - 1);

/* The pixel for a fixed-point sum that includes the rounding half. */
VITC_INLINE uint8_t clip(int32_t sum) {
  int32_t pixel = sum >> PRECISION_BITS;
  return (uint8_t)(pixel < 0 ? 0 : pixel > 255 ? 255 : pixel);
}

/* Transposes a square of bytes by four perfect shuffles of its rows. */
__attribute__((noinline)) static void transpose(lanes *square) {
  for (int round = 0; round < 4; ++round) {
    lanes shuffled[LANES];
    for (int i = 0; i < LANES / 2; ++i) {
      lanes a = square[i], b = square[i + LANES / 2];
      shuffled[2 * i] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3,
                                                19, 4, 20, 5, 21, 6, 22, 7, 23);
      shuffled[2 * i + 1] = __builtin_shufflevector(
          a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    memcpy(square, shuffled, sizeof shuffled);
  }
}

/* Fewer bytes than a vector has. */
__attribute__((noinline)) static void load_part(const uint8_t *from,
                                                int64_t count, lanes *to) {
  memset(to, 0, sizeof *to);
  memcpy(to, from, (size_t)count);
}

/* Puts the bytes at `i` of all rows at to + i * LANES, as integers; there is
 * room for whole squares. */
__attribute__((noinline)) static void interleave(const uint8_t *const *rows,
                                                 int64_t count, int32_t *to) {
  for (int64_t i = 0; i < count; i += LANES) {
    lanes square[LANES];
    for (int row = 0; row < LANES; ++row)
      if (count - i >= LANES)
        memcpy(&square[row], rows[row] + i, LANES);
      else
        load_part(rows[row] + i, count - i, &square[row]);
    transpose(square);
    uint8_t pixels[SQUARE];
    memcpy(pixels, square, sizeof pixels);
    for (int j = 0; j < SQUARE; ++j)
      to[i * LANES + j] = pixels[j];
  }
}

/* What a pass works on. */
typedef struct pass {
  const axis_weights *axis;
  int64_t count; /* of the wanted pixels along the axis */
  int64_t span;  /* of the image's pixels along the axis */
  int64_t other; /* rows for the pass along x, bytes of a row along y */
  int64_t channels;
  vitc_rows source;
  int32_t *scratch; /* interleaved rows along x, a row of sums along y */
  uint8_t *result;  /* along x room for a multiple of LANES rows */
  int64_t stride;   /* of the result in bytes, a multiple of LANES */
} pass;

VITC_INLINE void resize_x(const pass *p) {
  int64_t width = p->count * p->channels;
  for (int64_t row = 0; row < p->other; row += LANES) {
    /* The last row stands in for those beyond it. */
    const uint8_t *rows[LANES];
    for (int64_t i = 0; i < LANES; ++i) {
      int64_t present = row + i < p->other ? row + i : p->other - 1;
      rows[i] = p->source.pixels + present * p->source.stride;
    }
    interleave(rows, p->span * p->channels, p->scratch);
    int64_t x = 0, channel = 0;
    for (int64_t i = 0; i < width; i += LANES) {
      int32_t sums[SQUARE] = {0};
      for (int64_t j = 0; j < LANES && i + j < width; ++j) {
        const int32_t *weights = p->axis->weights + x * p->axis->taps;
        const int32_t *pixels =
            p->scratch + (p->axis->first[x] * p->channels + channel) * LANES;
        half_sums low = {0};
        low += HALF;
        half_sums high = low;
        for (int32_t k = 0; k < p->axis->number[x]; ++k) {
          const half_sums *halves = (const half_sums *)pixels;
          low += halves[0] * weights[k];
          high += halves[1] * weights[k];
          pixels += p->channels * LANES;
        }
        memcpy(sums + j * LANES, &low, sizeof low);
        memcpy(sums + j * LANES + LANES / 2, &high, sizeof high);
        if (++channel == p->channels) {
          channel = 0;
          ++x;
        }
      }
      uint8_t clipped[SQUARE];
      for (int j = 0; j < SQUARE; ++j)
        clipped[j] = clip(sums[j]);
      lanes square[LANES];
      memcpy(square, clipped, sizeof square);
      transpose(square);
      for (int64_t j = 0; j < LANES; ++j)
        memcpy(p->result + (row + j) * p->stride + i, &square[j], LANES);
    }
  }
}

VITC_INLINE void resize_y(const pass *p) {
  int32_t *__restrict sums = p->scratch;
  for (int64_t i = 0; i < p->count; ++i) {
    for (int64_t x = 0; x < p->other; ++x)
      sums[x] = HALF;
    for (int64_t k = 0; k < p->axis->number[i]; ++k) {
      int32_t weight = p->axis->weights[i * p->axis->taps + k];
      const uint8_t *__restrict from =
          p->source.pixels + (p->axis->first[i] + k) * p->source.stride;
      for (int64_t x = 0; x < p->other; ++x)
        sums[x] += from[x] * weight;
    }
    uint8_t *__restrict to = p->result + i * p->stride;
    for (int64_t x = 0; x < p->other; ++x)
      to[x] = clip(sums[x]);
  }
}

static void resize_x_any(const pass *p) { resize_x(p); }
static void resize_y_any(const pass *p) { resize_y(p); }

#if defined(__x86_64__)
#define VITC_AVX2 __attribute__((target("avx2")))
VITC_AVX2 static void resize_x_avx2(const pass *p) { resize_x(p); }
VITC_AVX2 static void resize_y_avx2(const pass *p) { resize_y(p); }
#else
#define resize_x_avx2 resize_x_any
#define resize_y_avx2 resize_y_any
#endif

/*===----------------------------------------------------------------------===*\
|* The whole
\*===----------------------------------------------------------------------===*/

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
  int32_t *interleaved;
  int32_t *sums;
  uint8_t *between; /* result of the pass along x */
  uint8_t *result;  /* of the pass along y */
  int64_t stride;   /* of both */
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

static int64_t round_to_lanes(int64_t count) {
  return (count + LANES - 1) / LANES * LANES;
}

static uint64_t lay_out(const vitc_resize_plan *plan, span columns, span rows,
                        void *workspace, layout *pieces) {
  bump memory = {(char *)workspace, 0};
  pieces->x = take_weights(&memory, &plan->x, plan->filter);
  pieces->y = take_weights(&memory, &plan->y, plan->filter);
  int64_t taps =
      pieces->x.taps > pieces->y.taps ? pieces->x.taps : pieces->y.taps;
  pieces->exact = (double *)take(&memory, taps, sizeof(double));
  int64_t channels = plan->channels;
  int64_t row_bytes = round_to_lanes((columns.end - columns.begin) * channels);
  pieces->stride = round_to_lanes(plan->x.count * channels);
  pieces->interleaved =
      (int32_t *)take(&memory, row_bytes * LANES, sizeof(int32_t));
  pieces->sums = (int32_t *)take(&memory, pieces->stride, sizeof(int32_t));
  pieces->between = (uint8_t *)take(
      &memory, round_to_lanes(rows.end - rows.begin) * pieces->stride, 1);
  pieces->result = (uint8_t *)take(&memory, plan->y.count * pieces->stride, 1);
  return memory.used;
}

uint64_t vitc_resize_bytes(const vitc_resize_plan *plan) {
  layout pieces;
  return lay_out(plan, axis_span(&plan->x, plan->filter),
                 axis_span(&plan->y, plan->filter), NULL, &pieces);
}

vitc_rows vitc_resize_rows(const vitc_resize_plan *plan, vitc_rows source,
                           void *workspace, uint64_t features) {
  const vitc_axis *x = &plan->x, *y = &plan->y;
  span columns = axis_span(x, plan->filter), rows = axis_span(y, plan->filter);
  int64_t width = columns.end - columns.begin, height = rows.end - rows.begin;
  layout pieces;
  lay_out(plan, columns, rows, workspace, &pieces);
  int64_t channels = plan->channels;
  bool avx2 = (features & VITC_CPU_AVX2) != 0;

  source.pixels += rows.begin * source.stride + columns.begin * channels;
  if (x->in != x->out) {
    compute_weights(x, plan->filter, pieces.exact, &pieces.x);
    pass along = {
        &pieces.x, x->count,           width,          height,       channels,
        source,    pieces.interleaved, pieces.between, pieces.stride};
    (avx2 ? resize_x_avx2 : resize_x_any)(&along);
    source.pixels = pieces.between;
    source.stride = pieces.stride;
  }
  if (y->in != y->out) {
    compute_weights(y, plan->filter, pieces.exact, &pieces.y);
    pass along = {&pieces.y,           y->count,      height,
                  x->count * channels, channels,      source,
                  pieces.sums,         pieces.result, pieces.stride};
    (avx2 ? resize_y_avx2 : resize_y_any)(&along);
    source.pixels = pieces.result;
    source.stride = pieces.stride;
  }
  return source;
}
