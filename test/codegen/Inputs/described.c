/*===- described.c - A model that describes itself and does nothing -------===*/

#include "vitc/model.h"

#ifndef VERSION
#define VERSION VITC_ABI_VERSION
#endif
#ifndef LEVELS
#define LEVELS 2
#endif
#ifndef BUILD
#define BUILD "{}"
#endif

static const vitc_level levels[] = {
    {.name = "x86-64-v4", .weights_bytes = 4096, .weights_hash = {1, 2, 3}},
    {.name = "x86-64-v3", .weights_bytes = 8192, .weights_hash = {4, 5, 6}}};

const vitc_model tiny_model = {
    .size = sizeof(vitc_model),
    .abi_version = VERSION,
    .name = "tiny",
    .compiler = "vitc 0.1.0",
    .build = BUILD,
    /* SHA-256 of "{}" */
    .spec_hash = {0x44, 0x13, 0x6f, 0xa3, 0x55, 0xb3, 0x67, 0x8a,
                  0x11, 0x46, 0xad, 0x16, 0xf7, 0xe8, 0x64, 0x9e,
                  0x94, 0xfb, 0x4f, 0xc2, 0x1f, 0xe7, 0x7e, 0x83,
                  0x10, 0xc0, 0x60, 0xf6, 0x1c, 0xaa, 0xff, 0x8a},
    .levels = levels,
    .level_count = LEVELS};

#ifndef NO_RUN
int tiny_run(void) { return 0; }
#endif
