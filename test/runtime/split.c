// The tasks of a step cover its grid exactly once and give every worker as much
// as the others where there is enough; small steps stay whole.
//
// RUN: %cc %cflags %s %runtime %sanitize -o %t
// RUN: %t | FileCheck %s
// CHECK: all checks passed

#include "check.h"
#include "internal.h"

#include <stdlib.h>

static vitc_step make_step(int64_t rows, int64_t grain, int64_t columns,
                           uint64_t macs) {
  vitc_step step = {
      .rows = rows, .grain = grain, .columns = columns, .macs = macs};
  return step;
}

/* Counts how often every cell of the grid is covered. */
static void check_cover(const vitc_step *step, int64_t images,
                        int64_t workers) {
  vitc_split split = vitc_split_step(step, images, workers);
  int64_t rows = step->rows * images, tasks;
  CHECK(split.row_parts >= 1 && split.column_parts >= 1);
  CHECK(split.column_parts <= step->columns);
  tasks = split.row_parts * split.column_parts;
  CHECK(tasks <= 4 * workers);
  unsigned char *cells = calloc((size_t)(rows * step->columns), 1);
  for (int64_t t = 0; t < tasks; ++t) {
    vitc_range range = vitc_split_range(&split, t);
    CHECK(range.row_begin < range.row_end && range.row_end <= rows);
    CHECK(range.column_begin < range.column_end &&
          range.column_end <= step->columns);
    for (int64_t r = range.row_begin; r < range.row_end; ++r)
      for (int64_t c = range.column_begin; c < range.column_end; ++c)
        ++cells[r * step->columns + c];
  }
  for (int64_t i = 0; i < rows * step->columns; ++i)
    CHECK(cells[i] == 1);
  free(cells);
}

static void check_parts(vitc_step step, int64_t images, int64_t workers,
                        int64_t row_parts, int64_t column_parts) {
  vitc_split split = vitc_split_step(&step, images, workers);
  CHECK(split.row_parts == row_parts);
  CHECK(split.column_parts == column_parts);
}

int main(void) {
  static const int64_t rows[] = {1, 2, 5, 16, 197};
  static const int64_t grains[] = {1, 6, 64};
  static const int64_t columns[] = {1, 3, 24};
  for (size_t r = 0; r < 5; ++r)
    for (size_t g = 0; g < 3; ++g)
      for (size_t c = 0; c < 3; ++c)
        for (int64_t workers = 1; workers <= 64;
             workers += workers < 9 ? 1 : 55)
          for (int64_t images = 1; images <= 4; images += 3) {
            vitc_step step = make_step(rows[r], grains[g], columns[c], 1000000);
            check_cover(&step, images, workers);
          }

  const uint64_t much = 100000000;
  check_parts(make_step(197, 6, 24, much), 1, 1, 1, 1);
  check_parts(make_step(197, 6, 24, 1000), 1, 2, 1, 1); /* too small */
  check_parts(make_step(197, 6, 24, much), 1, 2, 2, 1);
  check_parts(make_step(1, 1, 24, much), 1, 2, 1, 2); /* one row */
  check_parts(make_step(1, 1, 24, much), 4, 2, 1, 2); /* of every image */
  check_parts(make_step(1, 1, 1, much), 1, 8, 1, 1);  /* nothing to cut */
  check_parts(make_step(2, 1, 24, much), 1, 8, 1, 8);
  /* Rows of a tile or more each, then columns. */
  check_parts(make_step(197, 6, 24, much), 1, 64, 16, 4);
  /* Whole heads where they can be dealt out evenly. */
  vitc_step attention = make_step(197, 6, 6, much);
  attention.kind = VITC_KERNEL_ATTENTION;
  check_parts(attention, 1, 2, 1, 2);
  attention.columns = 3;
  check_parts(attention, 1, 2, 2, 1);

  /* No part is more than a row longer than another. */
  vitc_step step = make_step(197, 6, 24, much);
  vitc_split split = vitc_split_step(&step, 1, 2);
  CHECK(vitc_split_range(&split, 0).row_end == 99);
  CHECK(vitc_split_range(&split, 1).row_begin == 99);
  return check_result();
}
