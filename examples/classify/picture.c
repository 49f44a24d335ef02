/*===- picture.c - Grey images in a terminal ------------------------------===*/

#define _POSIX_C_SOURCE 200809L /* isatty */

#include "picture.h"

#include <stdio.h>
#include <unistd.h>

/* Index of the nearest grey of the palette: 232 (almost black) to 255. */
static int grey(uint8_t pixel) { return 232 + pixel * 23 / 255; }

/* Two pixels, one above the other, as one character. */
static void print_pair(uint8_t upper, uint8_t lower, int colours) {
  static const char ramp[] = " .:-=+*#%@";
  if (colours) /* an upper half block: its colour above, the background below */
    printf("\x1b[38;5;%d;48;5;%dm\xe2\x96\x80", grey(upper), grey(lower));
  else /* a file or a pipe: dense characters stand for bright pixels */
    putchar(ramp[(upper + lower) * 9 / 510]);
}

void picture_print(const uint8_t *const *images, int count, int height,
                   int width) {
  int colours = isatty(STDOUT_FILENO);
  for (int y = 0; y < height; y += 2) {
    for (int i = 0; i < count; ++i) {
      const uint8_t *upper = images[i] + y * width;
      const uint8_t *lower = y + 1 < height ? upper + width : upper;
      for (int x = 0; x < width; ++x)
        print_pair(upper[x], lower[x], colours);
      printf(colours ? "\x1b[0m  " : "  ");
    }
    printf("\n");
  }
}
