//===- Checkpoint.h - A checkpoint as people have it ------------*- C++ -*-===//
//
// A folder as timm and Hugging Face save it, or a lone file of tensors: which
// files it has, and what is in them but the numbers.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_FAMILIES_CHECKPOINT_H
#define VITC_MODELS_FAMILIES_CHECKPOINT_H

#include "models/Json.h"
#include "models/TensorFile.h"

#include <map>

namespace vitc {

class Checkpoint {
public:
  /// Opens the folder or file at `path`; false after an error.
  bool open(llvm::StringRef path, Diagnostics &errors);

  /// The values of config.json, and of processor_config.json's image_processor
  /// or else preprocessor_config.json; null without them.
  const JsonValue *config() const { return configFile.tree.get(); }
  const JsonValue *preprocessor() const { return preprocessorAt; }

  std::string path;        ///< of the folder or file
  std::string weightsPath; ///< of the tensors' file or the index of several
  std::unique_ptr<WeightSource> weights;
  std::map<std::string, const StoredTensor *> tensors;

private:
  struct Document {
    std::unique_ptr<Source> source;
    std::unique_ptr<JsonValue> tree;
  };
  bool openFolder(Diagnostics &errors);
  bool openPreprocessor(Diagnostics &errors);
  bool openWeightsFile(Diagnostics &errors);
  bool read(llvm::StringRef name, Document &document, Diagnostics &errors);

  Document configFile, preprocessorFile, processorFile;
  const JsonValue *preprocessorAt = nullptr;
};

/// The value at an RFC 6901 pointer without escapes, "/image_size/0"; null if
/// there is none, or a null in its place.
const JsonValue *findAt(const JsonValue *json, llvm::StringRef pointer);

} // namespace vitc

#endif // VITC_MODELS_FAMILIES_CHECKPOINT_H
