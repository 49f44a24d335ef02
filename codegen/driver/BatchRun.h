//===- BatchRun.h - Run any number of images --------------------*- C++ -*-===//

#ifndef VITC_CODEGEN_DRIVER_BATCHRUN_H
#define VITC_CODEGEN_DRIVER_BATCHRUN_H

#include "vitc/runtime.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <algorithm>
#include <vector>

namespace vitc {

/// Bytes with the alignment of a float.
struct TensorBuffer {
  explicit TensorBuffer(uint64_t bytes = 0) { resize(bytes); }
  void resize(uint64_t bytes) { storage.resize((bytes + 3) / 4); }
  char *data() { return reinterpret_cast<char *>(storage.data()); }
  std::vector<float> storage;
};

/// The images that a session must be made for, to run `count` in batches.
inline uint64_t sessionImages(uint64_t count) {
  return std::min<uint64_t>(8, count);
}

/// Runs `count` images, sessionImages(count) at a time. `inputs` has the images
/// of every input of the model, one after another; the result has the same for
/// every output.
llvm::Expected<std::vector<TensorBuffer>>
runBatch(vitc_session *session, const vitc_model &model,
         llvm::ArrayRef<const char *> inputs, uint64_t count);

/// The shape of one image's tensor, and the word for its element type,
/// "float32".
llvm::ArrayRef<int64_t> shapeOf(const vitc_tensor &tensor);
const char *typeText(const vitc_tensor &tensor);

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_BATCHRUN_H
