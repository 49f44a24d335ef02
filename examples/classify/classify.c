/*===- classify.c - Two compiled models on the Fashion-MNIST test set -----===*\
|*
|* classify DIR [RUNTIME_BYTES]
|*
|* DIR holds the test set (uncompressed) and the models' weights files. The
|* models themselves are linked into this program: two objects that vitc wrote
|* and the runtime, and nothing else but the C library. The table shows
|* RUNTIME_BYTES, the size of the runtime's code.
|*
\*===----------------------------------------------------------------------===*/

#include "fashion_tnt.h"
#include "fashion_vit.h"
#include "idx.h"
#include "picture.h"

#include "vitc/preprocess.h"
#include "vitc/runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { BATCH = 50, CLASSES = 10, SHOWN = 5 };

/* Both models have the same classes. */
_Static_assert(FASHION_VIT_LOGITS_COUNT == CLASSES, "ten kinds of clothes");
_Static_assert(FASHION_TNT_LOGITS_COUNT == CLASSES, "ten kinds of clothes");

typedef struct test_set {
  idx_file images, labels;
} test_set;

/* What is known of a model after it has classified the test set. */
typedef struct score {
  const vitc_model *model;
  uint8_t *classes; /* of every image */
  double accuracy, images_per_second;
  uint64_t arena_bytes;
} score;

static double seconds(void) {
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Size of DIR/NAME with an ending, zero where there is no such file. */
static long file_size(const char *directory, const char *name,
                      const char *ending) {
  char path[512];
  struct stat info;
  snprintf(path, sizeof path, "%s/%s%s", directory, name, ending);
  return stat(path, &info) == 0 ? (long)info.st_size : 0;
}

static uint8_t largest(const float *logits) {
  uint8_t best = 0;
  for (uint8_t i = 1; i < CLASSES; ++i)
    if (logits[i] > logits[best])
      best = i;
  return best;
}

/* Classifies all images with one session. */
static vitc_status classify(const test_set *set, vitc_session *session,
                            score *result, vitc_message *message) {
  const vitc_model *model = result->model;
  uint64_t image_bytes = model->inputs[0].image_bytes, workspace_bytes;
  vitc_image image = {set->images.bytes, set->images.height, set->images.width,
                      set->images.width, 1};
  vitc_status status =
      vitc_preprocess_size(model, &image, &workspace_bytes, message);
  if (status != VITC_OK)
    return status;
  void *workspace = aligned_alloc(VITC_ALIGNMENT, workspace_bytes);
  char *pixels = malloc(BATCH * image_bytes);
  float logits[BATCH][CLASSES];
  uint32_t right = 0;
  double begin = seconds();
  for (uint32_t first = 0; first < set->images.count && status == VITC_OK;
       first += BATCH) {
    uint32_t left = set->images.count - first;
    uint32_t count = left < BATCH ? left : BATCH;
    for (uint32_t i = 0; i < count && status == VITC_OK; ++i) {
      image.pixels = set->images.bytes +
                     (size_t)(first + i) * (size_t)(image.height * image.width);
      status =
          vitc_preprocess_image(model, &image, workspace, workspace_bytes,
                                pixels + i * image_bytes, image_bytes, message);
    }
    const void *inputs[] = {pixels};
    void *outputs[] = {logits};
    if (status == VITC_OK)
      status = vitc_session_run(session, inputs, outputs, count, message);
    for (uint32_t i = 0; i < count && status == VITC_OK; ++i) {
      result->classes[first + i] = largest(logits[i]);
      right += result->classes[first + i] == set->labels.bytes[first + i];
    }
  }
  result->images_per_second = set->images.count / (seconds() - begin);
  result->accuracy = 100.0 * right / set->images.count;
  free(pixels);
  free(workspace);
  return status;
}

/* Opens a model's weights, makes a session and classifies all images. */
static int run_model(const char *directory, const test_set *set,
                     score *result) {
  char path[512];
  vitc_message message;
  vitc_weights weights = {NULL, 0};
  vitc_session *session = NULL;
  snprintf(path, sizeof path, "%s/%s.weights", directory, result->model->name);
  vitc_status status = vitc_weights_open(path, &weights, &message);
  if (status == VITC_OK) {
    vitc_session_config config = {
        .model = result->model, .weights = weights, .images = BATCH};
    status = vitc_session_create(&config, &session, &message);
  }
  if (status == VITC_OK)
    status = vitc_arena_size(result->model, vitc_session_level(session), BATCH,
                             1, &result->arena_bytes, &message);
  if (status == VITC_OK)
    status = classify(set, session, result, &message);
  vitc_session_destroy(session);
  vitc_weights_close(&weights);
  if (status != VITC_OK)
    fprintf(stderr, "%s: %s (%s)\n", result->model->name, message.text,
            vitc_status_name(status));
  return status == VITC_OK;
}

/* Milliseconds that a compilation took, as tools/demo leaves them. */
static long compile_milliseconds(const char *directory, const char *name) {
  char path[512];
  long time = -1;
  snprintf(path, sizeof path, "%s/%s.milliseconds", directory, name);
  FILE *file = fopen(path, "r");
  if (file) {
    if (fscanf(file, "%ld", &time) != 1)
      time = -1;
    fclose(file);
  }
  return time;
}

static void print_table(const char *directory, const char *runtime,
                        const test_set *set, const score scores[2]) {
  printf("%u test images, %d in a run, one thread\n\n", set->images.count,
         BATCH);
  printf("%-12s  %8s  %8s  %9s  %10s  %9s  %9s\n", "model", "accuracy",
         "images/s", "object kB", "weights kB", "arena kB", "compile s");
  for (int i = 0; i < 2; ++i) {
    const char *name = scores[i].model->name;
    long compiled = compile_milliseconds(directory, name);
    printf("%-12s  %6.2f %%  %8.0f  %9.1f  %10.1f  %9.1f", name,
           scores[i].accuracy, scores[i].images_per_second,
           (double)file_size(directory, name, ".o") * 1e-3,
           (double)file_size(directory, name, ".weights") * 1e-3,
           (double)scores[i].arena_bytes * 1e-3);
    if (compiled >= 0)
      printf("  %9.2f", (double)compiled * 1e-3);
    printf("\n");
  }
  if (runtime)
    printf("%-12s  %8s  %8s  %9.1f\n", "runtime", "", "", atof(runtime) * 1e-3);
}

/* The first images, and what the models took them for. */
static void print_pictures(const test_set *set, const score scores[2]) {
  const char *const *names = scores[0].model->labels;
  int width = (int)set->images.width, height = (int)set->images.height;
  const uint8_t *images[SHOWN];
  for (int i = 0; i < SHOWN; ++i)
    images[i] = set->images.bytes + i * height * width;
  printf("\n");
  picture_print(images, SHOWN, height, width);
  for (int row = 0; row < 3; ++row) {
    for (int i = 0; i < SHOWN; ++i) {
      uint8_t class = row ? scores[row - 1].classes[i] : set->labels.bytes[i];
      char text[64];
      snprintf(text, sizeof text, "%s: %s",
               row ? scores[row - 1].model->name : "label",
               class < CLASSES ? names[class] : "?");
      printf("%-*.*s  ", width, width, text);
    }
    printf("\n");
  }
}

static int read_test_set(const char *directory, test_set *set) {
  char path[512];
  snprintf(path, sizeof path, "%s/t10k-images-idx3-ubyte", directory);
  if (!idx_read(path, &set->images))
    return 0;
  snprintf(path, sizeof path, "%s/t10k-labels-idx1-ubyte", directory);
  if (!idx_read(path, &set->labels))
    return 0;
  if (set->labels.count != set->images.count || set->images.count < SHOWN) {
    fprintf(stderr, "expected as many labels as images, found %u and %u\n",
            set->labels.count, set->images.count);
    return 0;
  }
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: classify DIR [RUNTIME_BYTES]\n");
    return 1;
  }
  test_set set = {{0, 0, 0, NULL}, {0, 0, 0, NULL}};
  score scores[2] = {{.model = &fashion_vit_model},
                     {.model = &fashion_tnt_model}};
  int good = read_test_set(argv[1], &set);
  for (int i = 0; i < 2 && good; ++i) {
    scores[i].classes = malloc(set.images.count);
    good = scores[i].classes && run_model(argv[1], &set, &scores[i]);
  }
  if (good) {
    print_table(argv[1], argc > 2 ? argv[2] : NULL, &set, scores);
    print_pictures(&set, scores);
  }
  for (int i = 0; i < 2; ++i)
    free(scores[i].classes);
  free(set.images.bytes);
  free(set.labels.bytes);
  return !good;
}
