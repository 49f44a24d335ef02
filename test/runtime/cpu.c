// The level is the best that the CPU can run, lowered by the argument or by
// VITC_CPU and never raised; an unknown name is an error with a suggestion.
//
// RUN: %cc %cflags %s %fake %runtime %sanitize -o %t
// RUN: %t | FileCheck %s
// CHECK: all checks passed

#define _GNU_SOURCE
#include "check.h"
#include "fake_model.h"
#include "internal.h"

#include <stdlib.h>

static vitc_message message;

/* Name of the level chosen. */
static const char *selected(const char *highest) {
  const vitc_level *level = NULL;
  CHECK_OK(vitc_select_level(&fake_model, highest, &level, &message));
  return level ? level->name : "";
}

/* The best of the fake model's levels for `features`. */
static const char *best(uint64_t features) {
  for (int i = 0; i < FAKE_LEVELS; ++i)
    if (!(fake_model.levels[i].features & ~features))
      return fake_model.levels[i].name;
  return "";
}

int main(void) {
  const vitc_level *level = NULL;
  uint64_t host = vitc_host_features();
  unsetenv("VITC_CPU");
  CHECK(!strcmp(selected(NULL), best(host)));
  CHECK(!strcmp(selected("x86-64-v4"), best(host)));
  CHECK(!strcmp(selected("x86-64-v3"), best(host & 0xff)));
  CHECK(!strcmp(selected("plain"), "plain"));

  setenv("VITC_CPU", "x86-64-v3", 1);
  CHECK(!strcmp(selected(NULL), best(host & 0xff)));
  CHECK(!strcmp(selected("x86-64-v4"), best(host & 0xff)));
  CHECK(!strcmp(selected("plain"), "plain"));
  setenv("VITC_CPU", "plain", 1);
  CHECK(!strcmp(selected("x86-64-v4"), "plain"));

  /* Read again at every call. */
  setenv("VITC_CPU", "x86-64-v33", 1);
  CHECK_STATUS(vitc_select_level(&fake_model, NULL, &level, &message),
               VITC_UNKNOWN_LEVEL,
               "expected a CPU level (x86-64-v3, x86-64-v4) in VITC_CPU, found "
               "'x86-64-v33'; did you mean 'x86-64-v3'?");
  setenv("VITC_CPU", "", 1);
  CHECK_STATUS(vitc_select_level(&fake_model, NULL, &level, &message),
               VITC_UNKNOWN_LEVEL, "in VITC_CPU, found ''");
  unsetenv("VITC_CPU");
  CHECK_STATUS(vitc_select_level(&fake_model, "haswell", &level, &message),
               VITC_UNKNOWN_LEVEL, "in the argument, found 'haswell'");

  /* An object with one level that this CPU lacks, or may not use. */
  vitc_level beyond = fake_model.levels[0];
  vitc_model model = fake_model;
  model.levels = &beyond;
  model.level_count = 1;
  beyond.name = "later";
  beyond.features = (uint64_t)1 << 40;
  CHECK_STATUS(vitc_select_level(&model, NULL, &level, &message),
               VITC_CPU_UNSUPPORTED,
               "expected a CPU for level later of model 'fake', found one that "
               "lacks features this runtime does not know");
  vitc_session_config config = fake_config();
  vitc_session *session = NULL;
  config.model = &model;
  config.level = &beyond;
  CHECK_STATUS(vitc_session_create(&config, &session, &message),
               VITC_CPU_UNSUPPORTED,
               "expected a CPU for level later, found one that lacks features");
  beyond.features = (uint64_t)VITC_CPU_AVX512F | (uint64_t)VITC_CPU_AVX512BW;
  setenv("VITC_CPU", "x86-64-v3", 1);
  CHECK_STATUS(vitc_select_level(&model, NULL, &level, &message),
               VITC_CPU_UNSUPPORTED, "that lacks or may not use avx512f");
  CHECK_STATUS(
      (config.level = NULL, vitc_session_create(&config, &session, &message)),
      VITC_CPU_UNSUPPORTED, "that lacks or may not use avx512f");
  model.level_count = 0;
  CHECK_STATUS(vitc_select_level(&model, NULL, &level, &message),
               VITC_ABI_MISMATCH,
               "expected a model with a CPU level, found none in 'fake'");
  CHECK(level == NULL && session == NULL);
  return check_result();
}
