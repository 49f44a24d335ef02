/*===- fake_model.c - A model in C for the runtime's tests ----------------===*/

#include "fake_model.h"

#include <stdint.h>
#include <string.h>

enum { W_OFFSET = 192, B_OFFSET = 384, ROW_BYTES = FAKE_OUT * 4 };

static void linear(void *const *operands, int64_t row_begin, int64_t row_end,
                   int64_t column_begin, int64_t column_end) {
  const float *x = operands[0], *w = operands[1], *b = operands[2];
  float *y = operands[3];
  for (int64_t r = row_begin; r < row_end; ++r)
    for (int64_t c = column_begin; c < column_end; ++c) {
      float sum = b[c];
      for (int64_t k = 0; k < FAKE_IN; ++k)
        sum += x[r * FAKE_IN + k] * w[k * FAKE_OUT + c];
      y[r * FAKE_OUT + c] = sum;
    }
}

static void centre(void *const *operands, int64_t row_begin, int64_t row_end,
                   int64_t column_begin, int64_t column_end) {
  (void)column_begin, (void)column_end;
  const float *x = operands[0];
  float *scratch = operands[1], *y = operands[2];
  for (int64_t r = row_begin; r < row_end; ++r) {
    memcpy(scratch, x + r * FAKE_OUT, ROW_BYTES);
    float mean = 0;
    for (int64_t c = 0; c < FAKE_OUT; ++c)
      mean += scratch[c] / FAKE_OUT;
    for (int64_t c = 0; c < FAKE_OUT; ++c)
      y[r * FAKE_OUT + c] = scratch[c] - mean;
  }
}

static void pool(void *const *operands, int64_t row_begin, int64_t row_end,
                 int64_t column_begin, int64_t column_end) {
  const float *x = operands[0];
  float *y = operands[1];
  for (int64_t r = row_begin; r < row_end; ++r)
    for (int64_t c = column_begin; c < column_end; ++c) {
      float sum = 0;
      for (int64_t t = 0; t < FAKE_TOKENS; ++t)
        sum += x[(r * FAKE_TOKENS + t) * FAKE_OUT + c] / FAKE_TOKENS;
      y[r * FAKE_OUT + c] = sum;
    }
}

static void copy(void *const *operands, int64_t row_begin, int64_t row_end,
                 int64_t column_begin, int64_t column_end) {
  (void)column_begin, (void)column_end;
  memcpy((char *)operands[1] + row_begin * ROW_BYTES,
         (const char *)operands[0] + row_begin * ROW_BYTES,
         (size_t)(row_end - row_begin) * ROW_BYTES);
}

static const vitc_operand linear_operands[] = {
    {VITC_SPACE_INPUT, 0, 0, 0},
    {VITC_SPACE_WEIGHTS, 0, W_OFFSET, 0},
    {VITC_SPACE_WEIGHTS, 0, B_OFFSET, 0},
    {VITC_SPACE_ARENA, 0, 0, 0}};
static const vitc_operand centre_operands[] = {{VITC_SPACE_ARENA, 0, 0, 0},
                                               {VITC_SPACE_SCRATCH, 0, 64, 0},
                                               {VITC_SPACE_ARENA, 0, 0, 128}};
static const vitc_operand pool_operands[] = {{VITC_SPACE_ARENA, 0, 0, 128},
                                             {VITC_SPACE_OUTPUT, 0, 0, 0}};
static const vitc_operand copy_operands[] = {{VITC_SPACE_ARENA, 0, 0, 128},
                                             {VITC_SPACE_OUTPUT, 1, 0, 0}};

#define WORK 1000000u
static const vitc_step steps[] = {
    {linear, "embed", "linear_8_6", linear_operands, 4, VITC_KERNEL_LINEAR,
     FAKE_TOKENS, 2, FAKE_OUT, WORK, 216, 280},
    {centre, "centre", "centre_6", centre_operands, 3, VITC_KERNEL_ROWS,
     FAKE_TOKENS, 1, 1, WORK, 0, 240},
    {pool, "pool", "pool_6", pool_operands, 2, VITC_KERNEL_POOL, 1, 1, FAKE_OUT,
     WORK, 0, 144},
    {copy, "copy", "copy_6", copy_operands, 2, VITC_KERNEL_ROWS, FAKE_TOKENS, 1,
     1, WORK, 0, 240}};

#define LAYOUT_HASH {0xfa, 0xce, 0x0f, 0xf5}
#define LEVEL(name, features)                                                  \
  {name, features, steps, 4, 256, 128, 1024, FAKE_WEIGHTS_BYTES, LAYOUT_HASH}
static const vitc_level levels[FAKE_LEVELS] = {
    LEVEL("x86-64-v4", 0x1fff), LEVEL("x86-64-v3", 0xff), LEVEL("plain", 0)};

static const int64_t input_shape[] = {FAKE_TOKENS, FAKE_IN};
static const int64_t logits_shape[] = {FAKE_OUT};
static const int64_t tokens_shape[] = {FAKE_TOKENS, FAKE_OUT};
static const vitc_tensor inputs[] = {
    {"image", "tokens of the image", input_shape, 2, VITC_F32, 160}};
static const vitc_tensor outputs[] = {
    {"logits", "mean of the tokens", logits_shape, 1, VITC_F32, 24},
    {"tokens", "centred tokens", tokens_shape, 2, VITC_F32, 120}};

const vitc_model fake_model = {.size = sizeof(vitc_model),
                               .abi_version = VITC_ABI_VERSION,
                               .precision = VITC_PRECISION_F32,
                               .name = "fake",
                               .compiler = "by hand",
                               .build = "{}",
                               .inputs = inputs,
                               .outputs = outputs,
                               .levels = levels,
                               .macs = 4 * WORK,
                               .parameters = 54,
                               .input_count = 1,
                               .output_count = 2,
                               .level_count = FAKE_LEVELS};

static float weight(int i) { return (float)((i * 37) % 19 - 9) / 8.0f; }

void fake_weights(unsigned char file[FAKE_WEIGHTS_BYTES]) {
  memset(file, 0, FAKE_WEIGHTS_BYTES);
  vitc_weights_header header = {
      .magic = {'V', 'I', 'T', 'C', 'W', 'T', 'S', '1'},
      .file_bytes = FAKE_WEIGHTS_BYTES,
      .entry_count = 2,
      .data_offset = W_OFFSET,
      .layout_hash = LAYOUT_HASH};
  const vitc_weights_entry entries[2] = {{W_OFFSET, FAKE_IN * ROW_BYTES, 160},
                                         {B_OFFSET, ROW_BYTES, 162}};
  memcpy(file, &header, sizeof header);
  memcpy(file + sizeof header, entries, sizeof entries);
  memcpy(file + 160, "w\0b", 4);
  for (int i = 0; i < FAKE_IN * FAKE_OUT + FAKE_OUT; ++i) {
    float value = weight(i);
    memcpy(file + W_OFFSET + 4 * i, &value, 4);
  }
  fake_seal(file);
}

void fake_seal(unsigned char *file) {
  vitc_weights_header header;
  memcpy(&header, file, sizeof header);
  const uint64_t prime = 0x100000001b3u;
  uint64_t lanes[5];
  for (int i = 0; i < 5; ++i)
    lanes[i] = 0xcbf29ce484222325u;
  uint64_t words = (header.file_bytes - header.data_offset + 31) / 32 * 4;
  for (uint64_t i = 0; i < words; ++i) {
    uint64_t word = 0, at = header.data_offset + 8 * i;
    for (uint64_t byte = 0; byte < 8 && at + byte < header.file_bytes; ++byte)
      word |= (uint64_t)file[at + byte] << 8 * byte;
    lanes[i % 4] = (lanes[i % 4] ^ word) * prime;
  }
  for (int i = 0; i < 4; ++i)
    lanes[4] = (lanes[4] ^ lanes[i]) * prime;
  header.content_checksum = lanes[4];
  memcpy(file, &header, sizeof header);
}

void fake_input(float input[FAKE_TOKENS * FAKE_IN], int image) {
  for (int i = 0; i < FAKE_TOKENS * FAKE_IN; ++i)
    input[i] = (float)((i * 7 + image * 13) % 23) / 3.0f - 3.0f;
}

void fake_reference(const float input[FAKE_TOKENS * FAKE_IN],
                    float logits[FAKE_OUT],
                    float tokens[FAKE_TOKENS * FAKE_OUT]) {
  float rows[FAKE_TOKENS * FAKE_OUT], w[FAKE_IN * FAKE_OUT + FAKE_OUT];
  for (int i = 0; i < FAKE_IN * FAKE_OUT + FAKE_OUT; ++i)
    w[i] = weight(i);
  void *const embed[] = {(void *)(uintptr_t)input, w, w + FAKE_IN * FAKE_OUT,
                         rows};
  linear(embed, 0, FAKE_TOKENS, 0, FAKE_OUT);
  float scratch[FAKE_OUT];
  void *const centred[] = {rows, scratch, tokens};
  centre(centred, 0, FAKE_TOKENS, 0, 1);
  void *const pooled[] = {tokens, logits};
  pool(pooled, 0, 1, 0, FAKE_OUT);
}

vitc_session_config fake_config(void) {
  static _Alignas(64) unsigned char file[FAKE_WEIGHTS_BYTES];
  fake_weights(file);
  vitc_session_config config = {.model = &fake_model,
                                .level = &fake_model.levels[FAKE_LEVELS - 1],
                                .weights = {file, FAKE_WEIGHTS_BYTES}};
  return config;
}
