/*===- top5.c - What does the photograph show? ----------------------------===*\
|*
|* top5 WEIGHTS PHOTO.jpg
|*
|* Prints the five likeliest classes of a photograph. The network is one that
|* `vitc compile FOLDER --prefix model` made of a checkpoint with the names of
|* its classes. Decoding is libjpeg's; all else is in the object and the
|* runtime.
|*
\*===----------------------------------------------------------------------===*/

#include "model.h"

#include "vitc/preprocess.h"
#include "vitc/runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h> /* needs stdio.h before it */

static float tensor[MODEL_IMAGE_COUNT];
static float logits[MODEL_LOGITS_COUNT];

/* Reads a photograph, three bytes a pixel. On a bad file libjpeg itself says
 * what is wrong and ends the program. */
static vitc_image read_jpeg(FILE *file) {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&jpeg);
  jpeg_stdio_src(&jpeg, file);
  jpeg_read_header(&jpeg, TRUE);
  jpeg.out_color_space = JCS_RGB;
  jpeg_start_decompress(&jpeg);
  size_t stride = (size_t)jpeg.output_width * 3;
  uint8_t *pixels = malloc(jpeg.output_height * stride);
  while (pixels && jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = pixels + jpeg.output_scanline * stride;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  vitc_image image = {pixels, jpeg.output_height, jpeg.output_width,
                      (int64_t)stride, 3};
  jpeg_destroy_decompress(&jpeg);
  return image;
}

/* Fills `tensor`: resizes, crops and normalises as the model's object says. */
static vitc_status preprocess(const vitc_image *image, vitc_message *message) {
  uint64_t bytes = 0;
  vitc_status status =
      vitc_preprocess_size(&model_model, image, &bytes, message);
  if (status != VITC_OK)
    return status;
  void *workspace = aligned_alloc(VITC_ALIGNMENT, bytes);
  status = vitc_preprocess_image(&model_model, image, workspace, bytes, tensor,
                                 sizeof tensor, message);
  free(workspace);
  return status;
}

/* Fills `logits`. A program with many photographs keeps the session. */
static vitc_status run(const char *path, vitc_message *message) {
  vitc_session_config config = {.model = &model_model};
  vitc_session *session = NULL;
  const void *inputs[] = {tensor};
  void *outputs[] = {logits};
  vitc_status status = vitc_weights_open(path, &config.weights, message);
  if (status == VITC_OK)
    status = vitc_session_create(&config, &session, message);
  if (status == VITC_OK)
    status = vitc_session_run(session, inputs, outputs, 1, message);
  vitc_session_destroy(session);
  vitc_weights_close(&config.weights);
  return status;
}

static int by_logit(const void *a, const void *b) {
  float x = logits[*(const size_t *)a], y = logits[*(const size_t *)b];
  return (x < y) - (x > y);
}

static void print_best(void) {
  static size_t order[MODEL_LOGITS_COUNT];
  for (size_t i = 0; i < MODEL_LOGITS_COUNT; ++i)
    order[i] = i;
  qsort(order, MODEL_LOGITS_COUNT, sizeof *order, by_logit);
  double sum = 0, largest = logits[order[0]];
  for (size_t i = 0; i < MODEL_LOGITS_COUNT; ++i)
    sum += exp(logits[i] - largest);
  for (size_t i = 0; i < 5 && i < MODEL_LOGITS_COUNT; ++i) {
    printf("  %6.2f %%  ", 100 * exp(logits[order[i]] - largest) / sum);
    if (order[i] < model_model.label_count)
      puts(model_model.labels[order[i]]);
    else
      printf("class %zu\n", order[i]);
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: top5 WEIGHTS PHOTO.jpg\n");
    return 1;
  }
  FILE *file = fopen(argv[2], "rb");
  if (!file) {
    perror(argv[2]);
    return 1;
  }
  vitc_image image = read_jpeg(file);
  fclose(file);
  vitc_message message;
  vitc_status status = preprocess(&image, &message);
  if (status == VITC_OK)
    status = run(argv[1], &message);
  free((void *)image.pixels);
  if (status != VITC_OK) {
    fprintf(stderr, "%s: %s\n", vitc_status_name(status), message.text);
    return 1;
  }
  print_best();
  return 0;
}
