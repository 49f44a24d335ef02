//===- ImportCheckpoint.h - From a checkpoint to a spec ---------*- C++ -*-===//
//
// Finds the family of a checkpoint and writes down what the family says of it:
// a document that builds on one of vitc's specs, with the values of parameters,
// the preprocessing, the names of classes and rules for the tensors' names. The
// checkpoint itself stays as it is.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_FAMILIES_IMPORTCHECKPOINT_H
#define VITC_MODELS_FAMILIES_IMPORTCHECKPOINT_H

#include "models/Source.h"

#include <optional>

namespace vitc {

struct CheckpointOptions {
  std::string architecture; ///< timm's name, where the checkpoint has none
  std::string family;       ///< a family's file, before the built-in ones
};

struct ImportNote {
  std::string text;
  /// A parameter that `text` guesses, or "labels"; otherwise empty.
  std::string about;
};

struct CheckpointImport {
  std::string name;     ///< of the model, a word
  std::string family;   ///< its name
  std::string title;    ///< what it is
  std::string evidence; ///< what it was recognised by
  std::string weights;  ///< path of the tensors' file or index
  /// Tensors left out, and why.
  std::vector<std::pair<std::string, std::string>> ignored;
  /// What else a user should know.
  std::vector<ImportNote> notes;

  /// The document, which names `checkpoint` as the place of its weights, gives
  /// the parameters in `set`, name and text, these values, and the classes the
  /// names in `labels` unless that is empty.
  std::string document(llvm::StringRef checkpoint,
                       llvm::ArrayRef<std::pair<std::string, std::string>> set,
                       llvm::ArrayRef<std::string> labels) const;

  /// Members of the document as JSON, and those of its "set".
  std::vector<std::pair<std::string, std::string>> members, settings;
};

/// True if `path` is of a kind that importCheckpoint reads: a folder, a
/// .safetensors file, the .safetensors.index.json of several, or a .npz file.
bool isCheckpoint(llvm::StringRef path);

/// Nothing after an error.
std::optional<CheckpointImport>
importCheckpoint(llvm::StringRef path, const CheckpointOptions &options,
                 Diagnostics &errors);

} // namespace vitc

#endif // VITC_MODELS_FAMILIES_IMPORTCHECKPOINT_H
