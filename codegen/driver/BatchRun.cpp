//===- BatchRun.cpp - Run any number of images ----------------------------===//

#include "codegen/driver/BatchRun.h"
#include "codegen/driver/LoadedModel.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace vitc;

Expected<std::vector<TensorBuffer>>
vitc::runBatch(vitc_session *session, const vitc_model &model,
               ArrayRef<const char *> inputs, uint64_t count) {
  std::vector<TensorBuffer> outputs;
  for (uint32_t i = 0; i < model.output_count; ++i)
    outputs.emplace_back(count * model.outputs[i].image_bytes);
  uint64_t step = sessionImages(count);
  for (uint64_t begin = 0; begin < count; begin += step) {
    std::vector<const void *> images;
    for (auto [i, input] : enumerate(inputs))
      images.push_back(input + begin * model.inputs[i].image_bytes);
    std::vector<void *> results;
    for (auto [i, output] : enumerate(outputs))
      results.push_back(output.data() + begin * model.outputs[i].image_bytes);
    vitc_message message;
    if (Error error =
            toError(vitc_session_run(session, images.data(), results.data(),
                                     std::min(step, count - begin), &message),
                    message))
      return error;
  }
  return outputs;
}

ArrayRef<int64_t> vitc::shapeOf(const vitc_tensor &tensor) {
  return {tensor.shape, tensor.rank};
}

const char *vitc::typeText(const vitc_tensor &tensor) {
  return tensor.element_type == VITC_U8 ? "uint8" : "float32";
}
