/*===- visit.c - One visit to vitc ----------------------------------------===*\
|*
|* visit WEIGHTS INPUT LOGITS IMAGES THREADS STARTED SECONDS
|*       WARM_RUNS BURST_SECONDS MIN_BURSTS
|*
|* The program that an application would be: the compiled model (its header is
|* model.h), the runtime and the C library. It does what visit.py does for the
|* peers, and prints the same line of JSON. STARTED is the monotonic clock in
|* nanoseconds when the process was started; settings.py explains the rest.
|*
\*===----------------------------------------------------------------------===*/

#include "model.h"
#include "peak.h"

#include "vitc/runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_SAMPLES = 1 << 20 };

typedef struct samples {
  double *values;
  size_t count;
} samples;

/* The model with its input and output, ready to run. */
typedef struct program {
  vitc_weights weights;
  vitc_pool *pool;
  vitc_session *session;
  void *pixels, *logits;
  uint64_t images, logits_bytes;
} program;

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static void check(vitc_status status, const vitc_message *message) {
  if (status == VITC_OK)
    return;
  fprintf(stderr, "%s: %s\n", vitc_status_name(status), message->text);
  exit(1);
}

static void require(int condition, const char *text) {
  if (condition)
    return;
  fprintf(stderr, "visit: %s\n", text);
  exit(1);
}

/* The process's peak resident memory up to now, in KiB. */
static long resident_kib(void) {
  char line[256];
  long result = 0;
  FILE *file = fopen("/proc/self/status", "r");
  if (!file)
    return 0;
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "VmHWM: %ld", &result) == 1)
      break;
  fclose(file);
  return result;
}

static void load(program *p, const char *weights, uint64_t threads) {
  vitc_message message;
  check(vitc_weights_open(weights, &p->weights, &message), &message);
  vitc_session_config config = {
      .model = &model_model, .weights = p->weights, .images = p->images};
  if (threads > 1) {
    check(vitc_pool_create(threads, &p->pool, &message), &message);
    config.parallel = vitc_pool_parallel(p->pool);
  }
  check(vitc_session_create(&config, &p->session, &message), &message);
}

static void read_input(program *p, const char *path) {
  uint64_t bytes = p->images * model_model.inputs[0].image_bytes;
  p->logits_bytes = p->images * model_model.outputs[0].image_bytes;
  p->pixels = malloc(bytes);
  p->logits = malloc(p->logits_bytes);
  require(p->pixels && p->logits, "no memory");
  FILE *file = fopen(path, "rb");
  require(file != 0, "cannot read the input");
  require(fread(p->pixels, 1, bytes, file) == bytes, "the input is too short");
  fclose(file);
}

static void write_logits(const program *p, const char *path) {
  FILE *file = fopen(path, "wb");
  require(file &&
              fwrite(p->logits, 1, p->logits_bytes, file) == p->logits_bytes,
          "cannot write the logits");
  require(fclose(file) == 0, "cannot write the logits");
}

static double run(program *p) {
  vitc_message message;
  const void *inputs[] = {p->pixels};
  void *outputs[] = {p->logits};
  double begin = milliseconds();
  check(vitc_session_run(p->session, inputs, outputs, p->images, &message),
        &message);
  return milliseconds() - begin;
}

static void add(samples *s, double value) {
  if (s->count < MAX_SAMPLES)
    s->values[s->count++] = value;
}

static void print_samples(const char *name, const samples *s) {
  printf(", \"%s\": [", name);
  for (size_t i = 0; i < s->count; ++i)
    printf("%s%.6f", i ? ", " : "", s->values[i]);
  printf("]");
}

int main(int argc, char **argv) {
  require(argc == 11, "expected ten arguments");
  program p = {.images = strtoull(argv[4], 0, 10)};
  int threads = atoi(argv[5]);
  double started = strtod(argv[6], 0) * 1e-6, entered = milliseconds();
  double seconds = strtod(argv[7], 0), burst_seconds = strtod(argv[9], 0);
  int warm_runs = atoi(argv[8]);
  size_t min_bursts = strtoull(argv[10], 0, 10);

  load(&p, argv[1], (uint64_t)threads);
  double loaded = milliseconds();
  read_input(&p, argv[2]);
  run(&p);
  double first = milliseconds();
  long memory = resident_kib();

  double last = 1;
  for (int i = 0; i < warm_runs; ++i)
    last = run(&p);
  size_t burst = (size_t)(1e3 * burst_seconds / last + 0.5);
  if (burst < 1)
    burst = 1;
  samples times = {malloc(MAX_SAMPLES * sizeof(double)), 0};
  samples peaks = {malloc(MAX_SAMPLES * sizeof(double)), 0};
  require(times.values && peaks.values, "no memory");
  double begin = milliseconds();
  while (peaks.count < min_bursts || milliseconds() - begin < 1e3 * seconds) {
    add(&peaks, vitc_peak_gflops(threads));
    if (burst > 1)
      run(&p);
    for (size_t i = 0; i < burst; ++i)
      add(&times, run(&p));
  }
  write_logits(&p, argv[3]);

  printf("{\"start_ms\": %.6f, \"load_ms\": %.6f, \"first_ms\": %.6f, "
         "\"first_resident_kib\": %ld, \"resident_kib\": %ld",
         entered - started, loaded - entered, first - started, memory,
         resident_kib());
  print_samples("times_ms", &times);
  print_samples("peaks_gflops", &peaks);
  printf("}\n");
  vitc_session_destroy(p.session);
  vitc_pool_destroy(p.pool);
  vitc_weights_close(&p.weights);
  return 0;
}
