//===- ModelDescription.h - What is known of an imported model -*- C++ -*-===//
//
// Everything about a model that is not its graph: names, shapes, preprocessing,
// sizes. Plain data, so that the parts that write headers, objects and tables
// need neither JSON nor MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_MODELDESCRIPTION_H
#define VITC_MODELS_MODELDESCRIPTION_H

#include "models/Preprocessing.h"

#include "llvm/ADT/StringRef.h"

namespace vitc {

/// An input or output of one image.
struct TensorDescription {
  std::string name;
  std::string meaning;        ///< one sentence
  std::vector<int64_t> shape; ///< as users see it: a leading 1 is dropped
  bool bytes = false;         ///< unsigned 8-bit elements instead of f32
};

/// An output that the model could have.
struct OutputOffer {
  std::string name;             ///< "logits", "tokens@K"
  std::string index;            ///< "K", or empty
  std::string meaning;          ///< in which K stands for the number
  std::vector<int64_t> shape;   ///< for the last number
  std::vector<int64_t> indices; ///< what K may be; empty without one
};

/// One node of the unrolled graph.
struct LayerSummary {
  std::string name, op;
  std::vector<int64_t> shape; ///< of the result
  uint64_t parameters = 0;    ///< checkpoint numbers first used here
  uint64_t macs = 0;          ///< multiply-adds of products, for one image
};

/// A table or kernel of the checkpoint that is resampled when it is packed.
struct ResampledTensor {
  std::string name;              ///< in the checkpoint
  int64_t fromRows, fromColumns; ///< positions, or pixels of a patch
  int64_t toRows, toColumns;
  std::string filter;
  double offset = 0; ///< added to the new sides for the source's step
};

/// A parameter of the spec and the value it has here.
struct Setting {
  std::string name, type, value, meaning;
};

struct ModelDescription {
  std::string name, title;
  std::vector<Setting> settings;
  std::vector<TensorDescription> inputs, outputs;
  std::vector<OutputOffer> offers; ///< outputs that there are, chosen or not
  std::optional<Preprocessing> preprocessing; ///< of inputs[0], if it has one
  std::vector<std::string> labels;            ///< class names, or empty
  std::string checkpoint; ///< path that the spec names, or empty
  uint64_t parameters = 0, macs = 0;
  std::vector<LayerSummary> layers;
  std::vector<ResampledTensor> resampled;
  /// Compact JSON with the spec's text, the parameters set and the outputs
  /// asked for: enough to import the very same graph again.
  std::string build;
};

/// A name as a variable's in C: "tokens_3" of "tokens@3".
std::string variableName(llvm::StringRef name);

/// A name, or the prefix of an artefact, as a part of a C macro's: "TOKENS_3"
/// of "tokens@3".
std::string macroName(llvm::StringRef name);

} // namespace vitc

#endif // VITC_MODELS_MODELDESCRIPTION_H
