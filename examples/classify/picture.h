/*===- picture.h - Grey images in a terminal ------------------------------===*/

#ifndef PICTURE_H
#define PICTURE_H

#include <stdint.h>

/** Prints `count` images of height x width grey pixels beside each other, two
 * pixels a character: in the 24 greys of a 256-colour terminal, in plain
 * characters where the output is a file. */
void picture_print(const uint8_t *const *images, int count, int height,
                   int width);

#endif /* PICTURE_H */
