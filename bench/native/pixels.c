/*===- pixels.c - How long a photograph takes to become a tensor ----------===*\
|*
|* pixels [WIDTH HEIGHT]
|*
|* Times vitc_preprocess_image for a colour photograph, 1920 x 1080 by default,
|* as timm's DeiT wants it: the shorter side to 248 with the bicubic filter, a
|* crop of 224 x 224, normalised. Half a second, one thread; prints the median.
|*
\*===----------------------------------------------------------------------===*/

#include "vitc/preprocess.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CROP = 224, CHANNELS = 3, MOST_RUNS = 1000 };
static const double SECONDS = 0.5;

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  int64_t width = argc == 3 ? atoll(argv[1]) : 1920;
  int64_t height = argc == 3 ? atoll(argv[2]) : 1080;
  if ((argc != 1 && argc != 3) || width < 1 || height < 1) {
    fprintf(stderr, "usage: pixels [WIDTH HEIGHT]\n");
    return 1;
  }
  const vitc_preprocess preprocess = {.resize = VITC_RESIZE_SHORTER,
                                      .filter = VITC_FILTER_BICUBIC,
                                      .resize_height = 248,
                                      .resize_width = 248,
                                      .crop_height = CROP,
                                      .crop_width = CROP,
                                      .channels = CHANNELS,
                                      .mean = {0.485, 0.456, 0.406},
                                      .std = {0.229, 0.224, 0.225}};
  const int64_t shape[] = {CHANNELS, CROP, CROP};
  static float tensor[CHANNELS * CROP * CROP];
  const vitc_tensor input = {.name = "image",
                             .shape = shape,
                             .rank = 3,
                             .element_type = VITC_F32,
                             .image_bytes = sizeof tensor};
  const vitc_model model = {.size = sizeof model,
                            .abi_version = VITC_ABI_VERSION,
                            .name = "pixels",
                            .inputs = &input,
                            .input_count = 1,
                            .preprocess = &preprocess};

  vitc_image image = {NULL, height, width, width * CHANNELS, CHANNELS};
  vitc_message message;
  uint64_t bytes = 0;
  vitc_status status = vitc_preprocess_size(&model, &image, &bytes, &message);
  uint8_t *pixels = malloc((size_t)(height * width * CHANNELS));
  void *workspace = aligned_alloc(VITC_ALIGNMENT, bytes);
  for (int64_t i = 0; status == VITC_OK && i < height * width * CHANNELS; ++i)
    pixels[i] = (uint8_t)(i * 7 + i / 1000 * 31);
  image.pixels = pixels;

  static double times[MOST_RUNS];
  int runs = 0;
  double begin = milliseconds();
  while (status == VITC_OK && runs < MOST_RUNS &&
         (runs < 3 || milliseconds() - begin < SECONDS * 1e3)) {
    double before = milliseconds();
    status = vitc_preprocess_image(&model, &image, workspace, bytes, tensor,
                                   sizeof tensor, &message);
    times[runs++] = milliseconds() - before;
  }
  if (status != VITC_OK) {
    fprintf(stderr, "%s: %s\n", vitc_status_name(status), message.text);
    return 1;
  }
  qsort(times, (size_t)runs, sizeof *times, compare);
  printf("%lld x %lld: %.2f ms, median of %d\n", (long long)width,
         (long long)height, times[runs / 2], runs);
  free(workspace);
  free(pixels);
  return 0;
}
