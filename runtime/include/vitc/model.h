/*===- vitc/model.h - What a compiled model's object holds ----------------===*\
|*
|* The binary interface between the object that vitc emits and whatever runs
|* it. An application calls vitc/runtime.h, or the functions that the model's
|* own header declares; from here it needs at most the fields of vitc_model that
|* it reads, such as the inputs, outputs and labels.
|*
|* The object defines one constant `vitc_model`. All pointers in it point into
|* the object; everything is immutable.
|*
|* A run is a list of steps. A step calls one kernel over a grid of rows and
|* columns; any rectangle of that grid is a task, tasks of one step may run at
|* the same time, and a step starts when the one before it is complete. How the
|* grid is cut changes no bit of the result.
|*
|* The compiler includes this header too, so that both sides agree.
|*
\*===----------------------------------------------------------------------===*/

#ifndef VITC_MODEL_H
#define VITC_MODEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of this layout; an object records the one it was compiled for. */
#define VITC_ABI_VERSION 2u

/** Alignment in bytes of weights and arena, and of what lies in them. */
#define VITC_ALIGNMENT 64u

/** Element types of inputs and outputs. */
typedef enum vitc_element_type { VITC_F32 = 0, VITC_U8 = 1 } vitc_element_type;

/** Precision of the products; statistics and sums are always f32. */
typedef enum vitc_precision { VITC_PRECISION_F32 = 0 } vitc_precision;

/** CPU features a level can ask for, one bit each. For VITC_CPU_AVX the
 * operating system must keep the 256-bit state (XCR0 bits 1 and 2), for
 * VITC_CPU_AVX512F also the mask and 512-bit state (bits 5, 6 and 7). */
typedef enum vitc_cpu_feature {
  VITC_CPU_AVX = 1 << 0,
  VITC_CPU_AVX2 = 1 << 1,
  VITC_CPU_BMI1 = 1 << 2,
  VITC_CPU_BMI2 = 1 << 3,
  VITC_CPU_F16C = 1 << 4,
  VITC_CPU_FMA = 1 << 5,
  VITC_CPU_LZCNT = 1 << 6,
  VITC_CPU_MOVBE = 1 << 7,
  VITC_CPU_AVX512F = 1 << 8,
  VITC_CPU_AVX512BW = 1 << 9,
  VITC_CPU_AVX512CD = 1 << 10,
  VITC_CPU_AVX512DQ = 1 << 11,
  VITC_CPU_AVX512VL = 1 << 12,

  /** All that the levels x86-64-v3 and x86-64-v4 ask for. */
  VITC_CPU_LEVEL_V3 = VITC_CPU_AVX | VITC_CPU_AVX2 | VITC_CPU_BMI1 |
                      VITC_CPU_BMI2 | VITC_CPU_F16C | VITC_CPU_FMA |
                      VITC_CPU_LZCNT | VITC_CPU_MOVBE,
  VITC_CPU_LEVEL_V4 = VITC_CPU_LEVEL_V3 | VITC_CPU_AVX512F |
                      VITC_CPU_AVX512BW | VITC_CPU_AVX512CD |
                      VITC_CPU_AVX512DQ | VITC_CPU_AVX512VL
} vitc_cpu_feature;

/** What a kernel does, for profiles and reports. */
typedef enum vitc_kernel_kind {
  VITC_KERNEL_LINEAR = 0,
  VITC_KERNEL_ATTENTION = 1,
  VITC_KERNEL_ROWS = 2,
  VITC_KERNEL_POOL = 3,
  VITC_KERNEL_LANES = 4,
  VITC_KERNEL_TRANSPOSE = 5
} vitc_kernel_kind;

/** The base that an operand's address is relative to. */
typedef enum vitc_space {
  VITC_SPACE_WEIGHTS = 0, /**< first byte of the weights file */
  VITC_SPACE_ARENA = 1,   /**< first byte of the arena */
  VITC_SPACE_SCRATCH = 2, /**< first byte of the worker's own scratch */
  VITC_SPACE_INPUT = 3,   /**< first byte of inputs[index] */
  VITC_SPACE_OUTPUT = 4   /**< first byte of outputs[index] */
} vitc_space;

/** Where an operand of a step lies:
 * base(space, index) + offset + images * image_offset. */
typedef struct vitc_operand {
  uint32_t space;        /**< vitc_space */
  uint32_t index;        /**< of the input or output; else zero */
  uint64_t offset;       /**< bytes */
  uint64_t image_offset; /**< bytes for every image of the run */
} vitc_operand;

/** Computes the rectangle of rows [row_begin, row_end) and columns
 * [column_begin, column_end). `operands` holds the address of every operand of
 * the step, in its order. Rows run over all images of the run. */
typedef void (*vitc_kernel)(void *const *operands, int64_t row_begin,
                            int64_t row_end, int64_t column_begin,
                            int64_t column_end);

/** Most operands a step can have. */
#define VITC_MAX_OPERANDS 24u

/** One call of a kernel. */
typedef struct vitc_step {
  vitc_kernel kernel;
  const char *name;        /**< of the node, "blocks.3.attn.qkv" */
  const char *kernel_name; /**< of the kernel, for reports */
  const vitc_operand *operands;
  uint32_t operand_count; /**< at most VITC_MAX_OPERANDS */
  uint32_t kind;          /**< vitc_kernel_kind */
  int64_t rows;           /**< grid rows of one image */
  int64_t grain;          /**< rows of a tile: fewer take as long */
  int64_t columns;        /**< grid columns, however many images there are */
  uint64_t macs;          /**< executed multiply-adds for one image */
  uint64_t weight_bytes;  /**< read from the weights */
  uint64_t image_bytes;   /**< read and written for one image */
} vitc_step;

/** An input or output. */
typedef struct vitc_tensor {
  const char *name;
  const char *meaning;  /**< one sentence */
  const int64_t *shape; /**< of one image, outermost first */
  uint32_t rank;
  uint32_t element_type; /**< vitc_element_type */
  uint64_t image_bytes;  /**< of one image */
} vitc_tensor;

/** How an image is resized before it is cropped. */
typedef enum vitc_resize {
  VITC_RESIZE_NONE = 0,    /**< not at all: it must have the crop's size */
  VITC_RESIZE_EXACT = 1,   /**< to resize_*, whatever the aspect */
  VITC_RESIZE_SHORTER = 2, /**< shorter side to resize_height; keeps the aspect,
                              the longer side is rounded down */
  VITC_RESIZE_COVER = 3 /**< to the least size that covers resize_*; keeps the
                           aspect, sides are rounded, halves to even */
} vitc_resize;

/** Interpolation, antialiased as PIL does it. */
typedef enum vitc_filter {
  VITC_FILTER_BILINEAR = 0,
  VITC_FILTER_BICUBIC = 1
} vitc_filter;

/** Where a centre crop begins when the pixels to leave out are odd in number.
 */
typedef enum vitc_crop_rounding {
  VITC_CROP_EVEN = 0, /**< half of them, rounded to even (torchvision) */
  VITC_CROP_DOWN = 1  /**< half of them, rounded down (transformers) */
} vitc_crop_rounding;

/** Order of the tensor's channels; images are always red, green, blue. */
typedef enum vitc_channel_order {
  VITC_ORDER_RGB = 0,
  VITC_ORDER_BGR = 1
} vitc_channel_order;

/** How 8-bit pixels become the input tensor, in this order: resize, centre
 * crop to crop_*, order the channels, pad with pad_value on every side, divide
 * by 255, subtract mean, divide by std, interleaved to planar. For a VITC_U8
 * input it ends after the padding: the arithmetic is in the weights. */
typedef struct vitc_preprocess {
  uint32_t resize;        /**< vitc_resize */
  uint32_t filter;        /**< vitc_filter */
  int64_t resize_height;  /**< pixels; zero with RESIZE_NONE */
  int64_t resize_width;   /**< pixels; the same with RESIZE_SHORTER */
  int64_t crop_height;    /**< pixels */
  int64_t crop_width;     /**< pixels */
  int64_t pad;            /**< pixels added on every side after the crop */
  uint32_t pad_value;     /**< 0 to 255 */
  uint32_t channels;      /**< 1 (grey) or 3 (RGB) */
  uint32_t crop_rounding; /**< vitc_crop_rounding */
  uint32_t channel_order; /**< vitc_channel_order */
  double mean[4];         /**< a channel of the tensor, of values from 0 to 1 */
  double std[4];
} vitc_preprocess;

/** The model for one CPU level. */
typedef struct vitc_level {
  const char *name;  /**< "x86-64-v4" */
  uint64_t features; /**< vitc_cpu_feature bits it needs */
  const vitc_step *steps;
  uint64_t step_count;
  uint64_t arena_image_bytes;  /**< arena for every image of a run */
  uint64_t arena_worker_bytes; /**< scratch for every worker */
  uint64_t stack_bytes;        /**< bound on the stack of any kernel */
  uint64_t weights_bytes;      /**< size of the weights file */
  uint8_t weights_hash[32];    /**< of the layout that the steps expect */
} vitc_level;

/** A compiled model. */
typedef struct vitc_model {
  uint64_t size;        /**< sizeof(vitc_model) when it was compiled */
  uint32_t abi_version; /**< VITC_ABI_VERSION when it was compiled */
  uint32_t precision;   /**< vitc_precision */
  const char *name;
  const char *compiler;  /**< "vitc 0.1.0" */
  const char *build;     /**< spec and options as JSON, for vitc pack */
  uint8_t spec_hash[32]; /**< SHA-256 of `build` */
  const vitc_tensor *inputs;
  const vitc_tensor *outputs;
  const vitc_level *levels;          /**< best first */
  const char *const *labels;         /**< class names, or null */
  const vitc_preprocess *preprocess; /**< of inputs[0], or null */
  const void *weights;               /**< embedded weights, or null */
  uint64_t macs;                     /**< nominal multiply-adds of one image */
  uint64_t parameters;
  uint32_t input_count;
  uint32_t output_count;
  uint32_t level_count;
  uint32_t label_count;
} vitc_model;

/*===----------------------------------------------------------------------===*\
|* The weights file
|*
|* Header, directory, then the packed tensors; little-endian throughout. Operand
|* offsets count from the header's first byte. Every tensor begins at a multiple
|* of VITC_ALIGNMENT, and the file ends at one; the bytes between are zero.
|*
|* The content checksum is the 64-bit FNV-1a hash, taken over 64-bit words where
|* FNV-1a has bytes, in four lanes: word i (from data_offset on) goes to lane
|* i mod 4, each lane starts at the offset basis 0xcbf29ce484222325, and mixing
|* a word in is lane = (lane ^ word) * 0x100000001b3. The four lanes, in order,
|* are then mixed as words into one more hash, which is the checksum.
\*===----------------------------------------------------------------------===*/

#define VITC_WEIGHTS_MAGIC "VITCWTS1"

typedef struct vitc_weights_header {
  char magic[8]; /**< VITC_WEIGHTS_MAGIC, no nul */
  uint64_t file_bytes;
  uint64_t entry_count;      /**< directory entries, right behind the header */
  uint64_t data_offset;      /**< multiple of VITC_ALIGNMENT */
  uint64_t content_checksum; /**< from data_offset to the end */
  uint64_t reserved;         /**< zero */
  uint8_t layout_hash[32];   /**< equals vitc_level.weights_hash */
  uint8_t source_hash[32];   /**< SHA-256 of the checkpoint's tensors */
} vitc_weights_header;

typedef struct vitc_weights_entry {
  uint64_t offset; /**< from the header's first byte, ascending */
  uint64_t bytes;
  uint64_t name_offset; /**< of the nul-terminated name, before data_offset */
} vitc_weights_entry;

#ifdef __cplusplus
}
#endif

#endif /* VITC_MODEL_H */
