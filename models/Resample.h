//===- Resample.h - Interpolate a grid onto another grid --------*- C++ -*-===//
//
// What loaders of checkpoints do to position tables when the image size
// changes, in float64. Each filter follows the convention of the program whose
// checkpoints it is for, to the last tap.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_RESAMPLE_H
#define VITC_MODELS_RESAMPLE_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace vitc {

/// In the order of vit's `filter` attribute.
enum class ResampleFilter {
  Bilinear,          ///< two taps; indices clamped to the border
  Bicubic,           ///< four taps, a = -0.75; indices clamped to the border
  BilinearAntialias, ///< as wide as the source step; taps divided by their sum
  BicubicAntialias,  ///< the same with the cubic of a = -0.5
  BilinearCorners    ///< first and last samples of both grids coincide
};

/// One target position: weights of consecutive source positions from `begin`.
struct ResampleTaps {
  int64_t begin = 0;
  std::vector<double> weights;
};

/// The taps that take `in` positions to `out`. The source step is
/// in / (out + offset), for BilinearCorners (in - 1) / (out + offset - 1).
/// `in` and `out` are positive, `offset` is greater than -1.
std::vector<ResampleTaps> resampleTaps(int64_t in, int64_t out,
                                       ResampleFilter filter, double offset);

/// Resamples `input` of [rows, columns, channels] to
/// [outRows, outColumns, channels], first along the columns, then the rows.
std::vector<double> resample(llvm::ArrayRef<double> input, int64_t rows,
                             int64_t columns, int64_t channels, int64_t outRows,
                             int64_t outColumns, ResampleFilter filter,
                             double offset);

/// Resamples kernels of patches: `input` is `kernels` of [rows, columns], and
/// each becomes [outRows, outColumns] by the transposed Moore-Penrose inverse
/// of the matrix that resamples a patch (arXiv 2212.08013, section 3.4). Rows
/// and columns are resampled apart, so the inverses of both are.
std::vector<double> resampleKernels(llvm::ArrayRef<double> input,
                                    int64_t kernels, int64_t rows,
                                    int64_t columns, int64_t outRows,
                                    int64_t outColumns, ResampleFilter filter);

} // namespace vitc

#endif // VITC_MODELS_RESAMPLE_H
