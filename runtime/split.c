/*===- split.c - Cut a step's grid into tasks -----------------------------===*\
|*
|* Rows are cut first, in units of the step's grain, since a part of the rows
|* repeats nothing but the reading of the weights. Where there are too few units
|* to keep the workers busy, as for the single row of a class token, columns
|* are cut too. The cut decides only who computes an element, never how.
|*
\*===----------------------------------------------------------------------===*/

#include "internal.h"

/* A step with less work than this, in multiply-adds, is done by one worker:
 * about what a core does in the time that handing out tasks takes. */
static const uint64_t SERIAL_WORK = 100000;

static int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/* Multiply-adds, and bytes at the rate at which they pass from a cache. */
static uint64_t step_work(const vitc_step *step, uint64_t images) {
  const uint64_t bytes_per_mac = 4;
  return images * (step->macs + step->image_bytes / bytes_per_mac) +
         step->weight_bytes / bytes_per_mac;
}

vitc_split vitc_split_step(const vitc_step *step, int64_t images,
                           int64_t workers) {
  vitc_split split = {step->rows * images, step->grain, step->columns, 1, 1};
  if (workers < 2 || step_work(step, (uint64_t)images) < SERIAL_WORK)
    return split;

  /* Try numbers of column parts with one and two rounds of row parts, and keep
   * the one whose busiest worker has least to do. More parts must earn their
   * repeated reading with an eighth of the time. */
  int64_t units = ceil_div(split.rows, split.grain);
  int64_t most_columns = split.columns < workers ? split.columns : workers;
  double best = (double)units * (double)split.columns;
  for (int64_t columns = 1; columns <= most_columns; ++columns) {
    int64_t column_size = ceil_div(split.columns, columns);
    for (int64_t round = 1; round <= 2; ++round) {
      int64_t rows = ceil_div(round * workers, columns);
      rows = rows < units ? rows : units;
      int64_t turns = ceil_div(rows * columns, workers);
      double busiest =
          (double)turns * (double)ceil_div(units, rows) * (double)column_size;
      if (busiest * 1.125 <= best) {
        best = busiest;
        split.row_parts = rows;
        split.column_parts = columns;
      }
    }
  }
  return split;
}

/* First element of part `part` of `parts` nearly equal ones of `count`. */
static int64_t part_begin(int64_t count, int64_t parts, int64_t part) {
  int64_t size = count / parts, longer = count % parts;
  return part * size + (part < longer ? part : longer);
}

vitc_range vitc_split_range(const vitc_split *split, int64_t task) {
  int64_t units = ceil_div(split->rows, split->grain);
  int64_t row = task / split->column_parts, column = task % split->column_parts;
  vitc_range range;
  range.row_begin = part_begin(units, split->row_parts, row) * split->grain;
  range.row_end = part_begin(units, split->row_parts, row + 1) * split->grain;
  if (range.row_end > split->rows)
    range.row_end = split->rows;
  range.column_begin = part_begin(split->columns, split->column_parts, column);
  range.column_end =
      part_begin(split->columns, split->column_parts, column + 1);
  return range;
}
