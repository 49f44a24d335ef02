/*===- fashion.c - Two networks against PyTorch on the test images --------===*\
|*
|* fashion IMAGES WEIGHTS_DIR GOLDEN_DIR
|*
|* For every image the class must be the recorded one and the largest difference
|* of a logit at most 2e-5 of the largest magnitude. Runs have an odd number of
|* images, the last one a single image.
|*
\*===----------------------------------------------------------------------===*/

#include "fashion_tnt.h"
#include "fashion_vit.h"
#include "idx.h"

#include "vitc/preprocess.h"
#include "vitc/runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 33, CLASSES = 10, WORKERS = 2 };

_Static_assert(FASHION_VIT_LOGITS_COUNT == CLASSES, "ten kinds of clothes");
_Static_assert(FASHION_TNT_LOGITS_COUNT == CLASSES, "ten kinds of clothes");

/* What was recorded, and what was found. */
typedef struct comparison {
  double *logits; /* [count][CLASSES] */
  uint8_t *classes;
  unsigned other_class, too_far;
  double worst;
} comparison;

static void require(vitc_status status, const vitc_message *message) {
  if (status == VITC_OK)
    return;
  printf("%s: %s\n", vitc_status_name(status), message->text);
  exit(1);
}

/* Reads the `bytes` bytes of a .npy file's data. */
static void *read_npy(const char *directory, const char *model,
                      const char *ending, size_t bytes) {
  char path[512];
  unsigned char head[10];
  snprintf(path, sizeof path, "%s/%s.%s.npy", directory, model, ending);
  FILE *file = fopen(path, "rb");
  void *data = malloc(bytes);
  if (!file || fread(head, 1, 10, file) != 10 ||
      fseek(file, 10 + head[8] + 256 * head[9], SEEK_SET) ||
      fread(data, 1, bytes, file) != bytes || fgetc(file) != EOF) {
    printf("%s: expected an array of %zu bytes\n", path, bytes);
    exit(1);
  }
  fclose(file);
  return data;
}

static void compare(comparison *c, uint32_t image, const float *logits) {
  const double *expected = c->logits + image * CLASSES;
  double difference = 0, largest = 0;
  int best = 0;
  for (int i = 0; i < CLASSES; ++i) {
    difference = fmax(difference, fabs(logits[i] - expected[i]));
    largest = fmax(largest, fabs(expected[i]));
    if (isnan(logits[i]))
      difference = INFINITY;
    if (logits[i] > logits[best])
      best = i;
  }
  double error = difference / largest;
  c->other_class += best != c->classes[image];
  c->too_far += error > 2e-5;
  c->worst = fmax(c->worst, error);
}

/* Pixels of image `index` to an input tensor. */
static void prepare(const vitc_model *model, const idx_file *set,
                    uint32_t index, char *tensor) {
  vitc_message message;
  size_t pixels = (size_t)set->height * set->width;
  vitc_image image = {set->bytes + index * pixels, set->height, set->width,
                      set->width, 1};
  uint64_t bytes;
  require(vitc_preprocess_size(model, &image, &bytes, &message), &message);
  void *workspace = aligned_alloc(VITC_ALIGNMENT, bytes);
  require(vitc_preprocess_image(model, &image, workspace, bytes, tensor,
                                model->inputs[0].image_bytes, &message),
          &message);
  free(workspace);
}

static void run_all(vitc_session *session, const vitc_model *model,
                    const idx_file *set, comparison *c) {
  vitc_message message;
  uint64_t image_bytes = model->inputs[0].image_bytes;
  char *tensors = malloc(BATCH * image_bytes);
  float logits[BATCH][CLASSES];
  for (uint32_t first = 0; first < set->count; first += BATCH) {
    uint32_t left = set->count - first, count = left < BATCH ? left : BATCH;
    for (uint32_t i = 0; i < count; ++i)
      prepare(model, set, first + i, tensors + i * image_bytes);
    const void *inputs[] = {tensors};
    void *outputs[] = {logits};
    require(vitc_session_run(session, inputs, outputs, count, &message),
            &message);
    for (uint32_t i = 0; i < count; ++i)
      compare(c, first + i, logits[i]);
  }
  free(tensors);
}

static int check_model(const vitc_model *model, const idx_file *set,
                       char **folders, vitc_pool *pool) {
  char path[512];
  vitc_message message;
  vitc_session *session;
  vitc_session_config config = {
      .model = model, .parallel = vitc_pool_parallel(pool), .images = BATCH};
  snprintf(path, sizeof path, "%s/%s.weights", folders[0], model->name);
  require(vitc_weights_open(path, &config.weights, &message), &message);
  require(vitc_session_create(&config, &session, &message), &message);
  comparison c = {.logits = read_npy(folders[1], model->name, "logits",
                                     set->count * CLASSES * sizeof(double)),
                  .classes =
                      read_npy(folders[1], model->name, "classes", set->count)};
  run_all(session, model, set, &c);
  printf("%s: %u images, %u of another class, %u too far off, largest error "
         "%.1e\n",
         model->name, (unsigned)set->count, c.other_class, c.too_far, c.worst);
  vitc_session_destroy(session);
  vitc_weights_close(&config.weights);
  free(c.logits);
  free(c.classes);
  return c.other_class || c.too_far;
}

int main(int argc, char **argv) {
  idx_file set;
  if (argc != 4 || !idx_read(argv[1], &set))
    return 1;
  vitc_message message;
  vitc_pool *pool;
  require(vitc_pool_create(WORKERS, &pool, &message), &message);
  int wrong = check_model(&fashion_vit_model, &set, argv + 2, pool);
  wrong |= check_model(&fashion_tnt_model, &set, argv + 2, pool);
  vitc_pool_destroy(pool);
  free(set.bytes);
  return wrong;
}
