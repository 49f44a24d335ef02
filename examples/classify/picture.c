/*===- picture.c - Grey images in a terminal ------------------------------===*/

#include "picture.h"

#include <stdio.h>

/* Index of the nearest grey of the palette: 232 (almost black) to 255. */
static int grey(uint8_t pixel) { return 232 + pixel * 23 / 255; }

void picture_print(const uint8_t *const *images, int count, int height,
                   int width) {
  for (int y = 0; y < height; y += 2) {
    for (int i = 0; i < count; ++i) {
      const uint8_t *upper = images[i] + y * width;
      const uint8_t *lower = y + 1 < height ? upper + width : upper;
      /* An upper half block: its colour above, the background below. */
      for (int x = 0; x < width; ++x)
        printf("\x1b[38;5;%d;48;5;%dm\xe2\x96\x80", grey(upper[x]),
               grey(lower[x]));
      printf("\x1b[0m  ");
    }
    printf("\n");
  }
}
