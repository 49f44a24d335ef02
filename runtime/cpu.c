/*===- cpu.c - What this CPU can run, and which level to choose -----------===*\
|*
|* Decides by feature bits and by the state that the operating system saves,
|* never by a model name.
|*
\*===----------------------------------------------------------------------===*/

#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* Levels that a choice can be limited to, whether or not a model has them. */
static const struct known_level {
  char name[16];
  uint64_t features;
} known_levels[] = {
    {"x86-64-v3", VITC_CPU_LEVEL_V3},
    {"x86-64-v4", VITC_CPU_LEVEL_V4},
};
enum { KNOWN_LEVEL_COUNT = sizeof known_levels / sizeof known_levels[0] };

static const char feature_names[][9] = {
    "avx",   "avx2",    "bmi1",     "bmi2",     "f16c",     "fma",     "lzcnt",
    "movbe", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"};
enum { FEATURE_COUNT = sizeof feature_names / sizeof feature_names[0] };

#if defined(__x86_64__)

/* Register state that the operating system saves; zero when it can't say. */
static uint64_t enabled_state(uint32_t leaf1_ecx) {
  if (!(leaf1_ecx & bit_OSXSAVE))
    return 0;
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

static uint64_t when(bool present, vitc_cpu_feature feature) {
  return present ? (uint64_t)feature : 0;
}

uint64_t vitc_host_features(void) {
  uint32_t eax, ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx))
    return 0;
  const uint64_t vector_256 = 0x6, vector_512 = 0xe6;
  uint64_t state = enabled_state(ecx);
  bool keeps_256 = (state & vector_256) == vector_256;
  bool keeps_512 = (state & vector_512) == vector_512;

  uint64_t features = when((ecx & bit_MOVBE) != 0, VITC_CPU_MOVBE);
  if (keeps_256)
    features |= when((ecx & bit_AVX) != 0, VITC_CPU_AVX) |
                when((ecx & bit_F16C) != 0, VITC_CPU_F16C) |
                when((ecx & bit_FMA) != 0, VITC_CPU_FMA);
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) {
    features |= when((ebx & bit_BMI) != 0, VITC_CPU_BMI1) |
                when((ebx & bit_BMI2) != 0, VITC_CPU_BMI2);
    if (keeps_256)
      features |= when((ebx & bit_AVX2) != 0, VITC_CPU_AVX2);
    if (keeps_512)
      features |= when((ebx & bit_AVX512F) != 0, VITC_CPU_AVX512F) |
                  when((ebx & bit_AVX512BW) != 0, VITC_CPU_AVX512BW) |
                  when((ebx & bit_AVX512CD) != 0, VITC_CPU_AVX512CD) |
                  when((ebx & bit_AVX512DQ) != 0, VITC_CPU_AVX512DQ) |
                  when((ebx & bit_AVX512VL) != 0, VITC_CPU_AVX512VL);
  }
  if (__get_cpuid(0x80000001u, &eax, &ebx, &ecx, &edx))
    features |= when((ecx & bit_LZCNT) != 0, VITC_CPU_LZCNT);
  return features;
}

#else

uint64_t vitc_host_features(void) { return 0; }

#endif

/* Appends to the text of a fixed size; what does not fit is left out. */
static void append(char *text, size_t bytes, const char *first,
                   const char *second) {
  size_t used = strlen(text);
  snprintf(text + used, bytes - used, "%s%.64s", first, second);
}

/* The names of the features in `features`, " avx512f avx512bw". */
static void list_features(uint64_t features, char *text, size_t bytes) {
  text[0] = '\0';
  for (uint32_t i = 0; i < FEATURE_COUNT; ++i)
    if (features >> i & 1)
      append(text, bytes, " ", feature_names[i]);
  if (features >> FEATURE_COUNT)
    append(text, bytes, " ", "features this runtime does not know");
}

/* Finds the features of a level that a choice is limited to. */
static vitc_status limit_features(const vitc_model *model, const char *name,
                                  const char *origin, uint64_t *features,
                                  vitc_message *message) {
  vitc_nearest nearest = vitc_nearest_begin(name);
  for (uint32_t i = 0; i < model->level_count; ++i) {
    if (!strcmp(model->levels[i].name, name)) {
      *features &= model->levels[i].features;
      return VITC_OK;
    }
    vitc_nearest_offer(&nearest, model->levels[i].name);
  }
  char names[96] = "";
  for (uint32_t i = 0; i < KNOWN_LEVEL_COUNT; ++i) {
    if (!strcmp(known_levels[i].name, name)) {
      *features &= known_levels[i].features;
      return VITC_OK;
    }
    vitc_nearest_offer(&nearest, known_levels[i].name);
    append(names, sizeof names, i ? ", " : "", known_levels[i].name);
  }
  char suggestion[96];
  vitc_nearest_text(&nearest, suggestion, sizeof suggestion);
  return vitc_fail(message, VITC_UNKNOWN_LEVEL,
                   "expected a CPU level (%s) in %s, found '%.40s'%s", names,
                   origin, name, suggestion);
}

vitc_status vitc_select_level(const vitc_model *model, const char *highest,
                              const vitc_level **level, vitc_message *message) {
  vitc_status status = vitc_check_model(model, message);
  if (status != VITC_OK)
    return status;
  if (!level)
    return vitc_fail(message, VITC_INVALID_ARGUMENT,
                     "expected a place for the level, found a null pointer");

  uint64_t features = vitc_host_features();
  if (highest) {
    status = limit_features(model, highest, "the argument", &features, message);
    if (status != VITC_OK)
      return status;
  }
  const char *environment = getenv("VITC_CPU");
  if (environment) {
    status = limit_features(model, environment, "VITC_CPU", &features, message);
    if (status != VITC_OK)
      return status;
  }

  for (uint32_t i = 0; i < model->level_count; ++i)
    if (!(model->levels[i].features & ~features)) {
      *level = &model->levels[i];
      return VITC_OK;
    }

  if (!model->level_count)
    return vitc_fail(message, VITC_ABI_MISMATCH,
                     "expected a model with a CPU level, found none in '%.64s'",
                     model->name);
  const vitc_level *last = &model->levels[model->level_count - 1];
  char missing[160];
  list_features(last->features & ~features, missing, sizeof missing);
  return vitc_fail(message, VITC_CPU_UNSUPPORTED,
                   "expected a CPU for level %.32s of model '%.64s', found one "
                   "%s%s",
                   last->name, model->name,
                   highest || environment ? "that lacks or may not use"
                                          : "that lacks",
                   missing);
}

vitc_status vitc_check_cpu(const vitc_level *level, vitc_message *message) {
  uint64_t lacking = level->features & ~vitc_host_features();
  if (!lacking)
    return VITC_OK;
  char missing[160];
  list_features(lacking, missing, sizeof missing);
  return vitc_fail(message, VITC_CPU_UNSUPPORTED,
                   "expected a CPU for level %.32s, found one that lacks%s",
                   level->name, missing);
}
