// Weights files: mapped or in memory, checked field by field, and no damaged
// file is read beyond its end or passes the full check.
//
// RUN: %cc %cflags %s %fake %runtime %sanitize -o %t
// RUN: rm -rf %t.d && mkdir %t.d && cd %t.d && %t | FileCheck %s
// CHECK: all checks passed

#define _GNU_SOURCE
#include "check.h"
#include "fake_model.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static vitc_message message;

/* The file of the fake model, in memory of exactly its size. */
static unsigned char *make_file(void) {
  unsigned char *file = aligned_alloc(64, FAKE_WEIGHTS_BYTES);
  fake_weights(file);
  return file;
}

static void write_file(const char *path, const void *data, size_t bytes) {
  FILE *file = fopen(path, "wb");
  CHECK(file && fwrite(data, 1, bytes, file) == bytes);
  if (file)
    fclose(file);
}

static void check_files(void) {
  unsigned char *file = make_file();
  vitc_weights weights = {NULL, 0};
  write_file("good", file, FAKE_WEIGHTS_BYTES);
  CHECK_OK(vitc_weights_open("good", &weights, &message));
  CHECK(weights.bytes == FAKE_WEIGHTS_BYTES);
  CHECK(!memcmp(weights.data, file, FAKE_WEIGHTS_BYTES));
  CHECK_OK(vitc_weights_check(&weights, &message));
  CHECK_OK(vitc_weights_check_contents(&weights, &message));

  vitc_session *session = NULL;
  vitc_session_config config = fake_config();
  config.weights = weights;
  CHECK_OK(vitc_session_create(&config, &session, &message));
  vitc_session_destroy(session);
  vitc_weights_close(&weights);
  CHECK(!weights.data && !weights.bytes);
  vitc_weights_close(&weights);
  vitc_weights_close(NULL);

  CHECK_STATUS(vitc_weights_open(NULL, &weights, &message),
               VITC_INVALID_ARGUMENT, "expected a path and a place");
  CHECK_STATUS(vitc_weights_open("good", NULL, &message), VITC_INVALID_ARGUMENT,
               "expected a path and a place");
  CHECK_STATUS(vitc_weights_open("absent", &weights, &message), VITC_IO_ERROR,
               "expected a weights file at 'absent', found: No such file");
  CHECK_STATUS(vitc_weights_open(".", &weights, &message), VITC_IO_ERROR,
               "expected a regular file, found '.' to be none");
  CHECK(!mkfifo("pipe", 0600));
  CHECK_STATUS(vitc_weights_open("pipe", &weights, &message), VITC_IO_ERROR,
               "expected a regular file");
  write_file("empty", "", 0);
  CHECK_STATUS(vitc_weights_open("empty", &weights, &message),
               VITC_WEIGHTS_INVALID,
               "expected a weights file of at least 112 bytes, found 0 in "
               "'empty'");
  write_file("short", file, FAKE_WEIGHTS_BYTES - 64);
  CHECK_STATUS(vitc_weights_open("short", &weights, &message),
               VITC_WEIGHTS_INVALID,
               "expected a weights file of 448 bytes, as its header says, and "
               "a multiple of 64, found 384");
  CHECK(!weights.data);
  free(file);
}

/* Stores `value` at `offset` of a good file and expects an error. */
static void damage(uint64_t offset, uint64_t value, const char *words) {
  unsigned char *file = make_file();
  memcpy(file + offset, &value, sizeof value);
  vitc_weights weights = {file, FAKE_WEIGHTS_BYTES};
  CHECK_STATUS(vitc_weights_check(&weights, &message), VITC_WEIGHTS_INVALID,
               words);
  free(file);
}

static void check_fields(void) {
  const uint64_t entries = sizeof(vitc_weights_header);
  damage(0, 0, "found no 'VITCWTS1' at its beginning");
  damage(offsetof(vitc_weights_header, file_bytes), 64,
         "expected a weights file of 64 bytes");
  damage(offsetof(vitc_weights_header, reserved), 5,
         "expected zero in the weights header's reserved field, found 5");
  damage(offsetof(vitc_weights_header, data_offset), 96, "found offset 96");
  damage(offsetof(vitc_weights_header, data_offset), 64, "found offset 64");
  damage(offsetof(vitc_weights_header, data_offset), 512,
         "expected weights data at a multiple of 64 from 112 to 448, found "
         "offset 512");
  damage(offsetof(vitc_weights_header, entry_count), 4,
         "expected at most 3 entries before the weights data, found 4");
  damage(offsetof(vitc_weights_header, entry_count), UINT64_MAX, "at most 3");
  damage(entries, 128,
         "expected weights entry 0 aligned to 64 and between bytes 192 and "
         "448, found 192 bytes at 128");
  damage(entries, 200, "found 192 bytes at 200");
  damage(entries, 0xffffffffffffffc0,
         "found 192 bytes at 18446744073709551552");
  damage(entries + 8, 257, "found 257 bytes at 192");
  damage(entries + 8, UINT64_MAX, "weights entry 0");
  damage(entries + 24, 320,
         "expected weights entry 1 aligned to 64 and between bytes 384");
  damage(entries + 16, 0,
         "expected the name of weights entry 0 to end between bytes 160 and "
         "192, found it at 0");
  damage(entries + 40, 192, "weights entry 1 to end between bytes 160 and 192");
  damage(entries + 40, UINT64_MAX, "weights entry 1");

  unsigned char *file = make_file();
  memset(file + 160, 'x', 32);
  vitc_weights weights = {file, FAKE_WEIGHTS_BYTES};
  CHECK_STATUS(vitc_weights_check(&weights, &message), VITC_WEIGHTS_INVALID,
               "expected the name of weights entry 0 to end");
  free(file);
}

static void check_memory(void) {
  unsigned char *file = aligned_alloc(64, FAKE_WEIGHTS_BYTES + 64);
  fake_weights(file + 4);
  vitc_weights weights = {file + 4, FAKE_WEIGHTS_BYTES};
  CHECK_STATUS(vitc_weights_check(NULL, &message), VITC_INVALID_ARGUMENT,
               "expected weights, found a null pointer");
  CHECK_STATUS(vitc_weights_check(&weights, &message), VITC_INVALID_ARGUMENT,
               "expected weights aligned to 64 bytes, found an address that is "
               "4 past it");
  fake_weights(file);
  weights = (vitc_weights){file, 111};
  CHECK_STATUS(vitc_weights_check(&weights, &message), VITC_WEIGHTS_INVALID,
               "expected a weights file of at least 112 bytes, found 111");
  weights.bytes = FAKE_WEIGHTS_BYTES + 64;
  CHECK_STATUS(vitc_weights_check(&weights, &message), VITC_WEIGHTS_INVALID,
               "found 512");

  /* Weights of other models. */
  vitc_session *session = NULL;
  vitc_session_config config = fake_config();
  vitc_level level = *config.level;
  vitc_model model = fake_model;
  model.levels = &level;
  model.level_count = 1;
  config.model = &model;
  config.level = &level;
  level.weights_hash[3] ^= 1;
  CHECK_STATUS(vitc_session_create(&config, &session, &message),
               VITC_WEIGHTS_MISMATCH,
               "expected weights with layout face0ff4 for model 'fake', found "
               "face0ff5; pack them again for this object");
  level.weights_bytes = 512;
  CHECK_STATUS(
      vitc_session_create(&config, &session, &message), VITC_WEIGHTS_MISMATCH,
      "expected weights of 512 bytes for model 'fake', found 448 bytes "
      "packed for another model");

  /* Embedded weights serve where none are given. */
  level = *fake_config().level;
  model.weights = config.weights.data;
  config.weights = (vitc_weights){NULL, 0};
  CHECK_OK(vitc_session_create(&config, &session, &message));
  vitc_session_destroy(session);
  free(file);
}

static uint64_t random_state = 1;

static uint64_t next_random(void) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return random_state >> 33;
}

/* Damages that a stranger, a disk or a broken download would make. */
static void mutate(void) {
  static const uint64_t values[] = {
      0,   1,          63,         64,         447,
      448, 1ull << 32, 1ull << 63, UINT64_MAX, UINT64_MAX - 63};
  int refused = 0, header_passed = 0;
  for (int round = 0; round < 2000; ++round) {
    unsigned char *good = make_file();
    size_t bytes = FAKE_WEIGHTS_BYTES;
    if (round % 3 == 0)
      bytes = 64 * (next_random() % 7);
    unsigned char *file = aligned_alloc(64, bytes + (bytes == 0) * 64);
    memcpy(file, good, bytes);
    for (uint64_t i = 0; bytes && i <= next_random() % 3; ++i)
      if (next_random() % 2 && bytes >= 168)
        memcpy(file + 8 * (next_random() % 21), &values[next_random() % 10], 8);
      else
        file[next_random() % bytes] ^= (unsigned char)(1u << next_random() % 8);
    vitc_weights weights = {file, bytes};
    bool same = bytes == FAKE_WEIGHTS_BYTES && !memcmp(file, good, bytes);
    vitc_status status = vitc_weights_check(&weights, NULL);
    CHECK(status == VITC_OK || status == VITC_WEIGHTS_INVALID);
    header_passed += status == VITC_OK;
    status = vitc_weights_check_contents(&weights, NULL);
    /* Names, hashes and harmless directory changes are not in the checksum. */
    bool data_same = bytes == FAKE_WEIGHTS_BYTES &&
                     !memcmp(file + 192, good + 192, bytes - 192);
    CHECK(status == VITC_OK ? data_same : status == VITC_WEIGHTS_INVALID);
    CHECK(!same || status == VITC_OK);
    refused += status != VITC_OK;
    free(good);
    free(file);
  }
  CHECK(refused > 1000 && header_passed > 100);

  /* Any single bit of the contents is noticed. */
  unsigned char *file = make_file();
  vitc_weights weights = {file, FAKE_WEIGHTS_BYTES};
  for (int bit = 192 * 8; bit < FAKE_WEIGHTS_BYTES * 8; ++bit) {
    file[bit / 8] ^= (unsigned char)(1u << bit % 8);
    CHECK_STATUS(vitc_weights_check_contents(&weights, &message),
                 VITC_WEIGHTS_INVALID, "; the file is damaged");
    file[bit / 8] ^= (unsigned char)(1u << bit % 8);
  }
  CHECK_OK(vitc_weights_check_contents(&weights, &message));
  free(file);
}

int main(void) {
  check_files();
  check_fields();
  check_memory();
  mutate();
  return check_result();
}
