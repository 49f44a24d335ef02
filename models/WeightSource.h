//===- WeightSource.h - Where a model's weights come from ------*- C++ -*-===//
//
// Named tensors, read in pieces: a checkpoint, or numbers from a formula where
// a test wants a full-size model without a file.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_WEIGHTSOURCE_H
#define VITC_MODELS_WEIGHTSOURCE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vitc {

/// A SHA-256.
using Digest = std::array<uint8_t, 32>;

/// Immutable; may be read by several threads.
class WeightSource {
public:
  virtual ~WeightSource() = default;

  /// What messages call it, for instance "'deit.safetensors'".
  virtual std::string describe() const = 0;

  /// Success if the source can give tensor `name` of `shape` as f32; else an
  /// error that says what is there instead.
  virtual llvm::Error check(llvm::StringRef name,
                            llvm::ArrayRef<int64_t> shape) const = 0;

  /// The names of all tensors; empty if the source has any tensor at all.
  virtual std::vector<std::string> names() const = 0;

  /// Elements [begin, begin + out.size()) in row-major order of a tensor that
  /// `check` accepted with this `shape`, rounded to f32.
  virtual void read(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                    int64_t begin, llvm::MutableArrayRef<float> out) const = 0;

  /// Of all tensors: their names, types, shapes and bytes, whatever their order
  /// in a file.
  virtual Digest digest() const = 0;
};

/// The names of the files in `folder` that end with `ending`, sorted.
std::vector<std::string> filesIn(llvm::StringRef folder,
                                 llvm::StringRef ending);

/// The path of model.safetensors in `folder`, or else of the index of several,
/// or of the one safetensors file under another name; or nothing.
std::string findWeights(llvm::StringRef folder);

/// Opens `weights`: a safetensors or .npz file, the index of several of the
/// former (`*.index.json`), a folder with one of them, or the name of a formula
/// (`closed-form`, `closed-form:random`).
llvm::Expected<std::unique_ptr<WeightSource>>
openWeights(llvm::StringRef weights);

} // namespace vitc

#endif // VITC_MODELS_WEIGHTSOURCE_H
