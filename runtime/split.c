/*===- split.c - Cut a step's grid into tasks -----------------------------===*\
|*
|* A cut costs what its parts repeat: parts of the rows repeat what a kernel
|* does once for its columns, and the other way round. The cut that leaves the
|* busiest worker the least to do is taken. It decides only who computes an
|* element, never how.
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

/* Time that one worker takes for a part of the grid, in the time of one row and
 * column. */
static double part_time(const vitc_step *step, int64_t rows, int64_t columns) {
  /* A tile of fewer rows than this waits for its own sums. */
  const int64_t fewest = step->grain < 4 ? 1 : 4;
  int64_t least = fewest * ceil_div(rows, step->grain);
  double row_time = (double)(rows < least ? least : rows);
  /* An attention turns the keys of each head, a product reads the weights of
   * each column and prepares each row. */
  if (step->kind == VITC_KERNEL_ATTENTION)
    return (row_time + 8) * (double)columns;
  return (row_time + 1) * ((double)columns + 1);
}

vitc_split vitc_split_step(const vitc_step *step, int64_t images,
                           int64_t workers) {
  vitc_split split = {step->rows * images, step->columns, 1, 1};
  if (workers < 2 || step_work(step, (uint64_t)images) < SERIAL_WORK)
    return split;

  /* Numbers of column parts, with one and two rounds of row parts. */
  int64_t most_columns = split.columns < workers ? split.columns : workers;
  double best = part_time(step, split.rows, split.columns);
  for (int64_t columns = 1; columns <= most_columns; ++columns) {
    int64_t column_size = ceil_div(split.columns, columns);
    for (int64_t round = 1; round <= 2; ++round) {
      int64_t rows = ceil_div(round * workers, columns);
      rows = rows < split.rows ? rows : split.rows;
      double turns = (double)ceil_div(rows * columns, workers);
      double busiest =
          turns * part_time(step, ceil_div(split.rows, rows), column_size);
      if (busiest < best) {
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
  int64_t row = task / split->column_parts, column = task % split->column_parts;
  vitc_range range;
  range.row_begin = part_begin(split->rows, split->row_parts, row);
  range.row_end = part_begin(split->rows, split->row_parts, row + 1);
  range.column_begin = part_begin(split->columns, split->column_parts, column);
  range.column_end =
      part_begin(split->columns, split->column_parts, column + 1);
  return range;
}
