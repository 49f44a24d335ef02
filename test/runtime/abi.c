// The layout that compiled objects depend on, in C11 and in C++17, with every
// warning, and both headers by themselves.
//
// RUN: %cc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror -I%include -fsyntax-only %s
// RUN: %cxx -x c++ -std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Werror -I%include -fsyntax-only %s
// RUN: %cc -std=c11 -Wpedantic -Werror -I%include -fsyntax-only -x c %include/vitc/model.h
// RUN: %cxx -std=c++17 -Wpedantic -Werror -I%include -fsyntax-only -x c++ %include/vitc/model.h

#include "vitc/preprocess.h"
#include "vitc/runtime.h"

#include <stddef.h>

#ifdef __cplusplus
#define ASSERT(condition) static_assert(condition, #condition)
#else
#define ASSERT(condition) _Static_assert(condition, #condition)
#endif
#define AT(type, field, offset) ASSERT(offsetof(type, field) == offset)

ASSERT(VITC_ABI_VERSION == 2);
ASSERT(VITC_ALIGNMENT == 64);
ASSERT(VITC_MAX_OPERANDS == 24);

ASSERT(sizeof(vitc_operand) == 24);
AT(vitc_operand, index, 4);
AT(vitc_operand, offset, 8);
AT(vitc_operand, image_offset, 16);

ASSERT(sizeof(vitc_step) == 88);
AT(vitc_step, name, 8);
AT(vitc_step, kernel_name, 16);
AT(vitc_step, operands, 24);
AT(vitc_step, operand_count, 32);
AT(vitc_step, kind, 36);
AT(vitc_step, rows, 40);
AT(vitc_step, grain, 48);
AT(vitc_step, columns, 56);
AT(vitc_step, macs, 64);
AT(vitc_step, weight_bytes, 72);
AT(vitc_step, image_bytes, 80);

ASSERT(sizeof(vitc_tensor) == 40);
AT(vitc_tensor, shape, 16);
AT(vitc_tensor, rank, 24);
AT(vitc_tensor, element_type, 28);
AT(vitc_tensor, image_bytes, 32);

ASSERT(sizeof(vitc_preprocess) == 128);
AT(vitc_preprocess, resize_height, 8);
AT(vitc_preprocess, pad_value, 48);
AT(vitc_preprocess, channel_order, 60);
AT(vitc_preprocess, mean, 64);
AT(vitc_preprocess, std, 96);

ASSERT(sizeof(vitc_level) == 96);
AT(vitc_level, features, 8);
AT(vitc_level, steps, 16);
AT(vitc_level, arena_image_bytes, 32);
AT(vitc_level, weights_bytes, 56);
AT(vitc_level, weights_hash, 64);

ASSERT(sizeof(vitc_model) == 152);
AT(vitc_model, abi_version, 8);
AT(vitc_model, name, 16);
AT(vitc_model, spec_hash, 40);
AT(vitc_model, inputs, 72);
AT(vitc_model, levels, 88);
AT(vitc_model, preprocess, 104);
AT(vitc_model, weights, 112);
AT(vitc_model, macs, 120);
AT(vitc_model, input_count, 136);
AT(vitc_model, label_count, 148);

ASSERT(sizeof(vitc_weights_header) == 112);
AT(vitc_weights_header, content_checksum, 32);
AT(vitc_weights_header, layout_hash, 48);
ASSERT(sizeof(vitc_weights_entry) == 24);

ASSERT(sizeof(vitc_message) == 256);
ASSERT(VITC_SESSION_BYTES % VITC_ALIGNMENT == 0);
