//===- Outputs.h - The outputs of a spec, and those asked for ---*- C++ -*-===//

#ifndef VITC_MODELS_OUTPUTS_H
#define VITC_MODELS_OUTPUTS_H

#include "models/ModelDescription.h"
#include "models/Parameters.h"

namespace vitc {

/// An output that a model with these parameters can have.
struct PresentOutput {
  const OutputSpec *spec;
  int64_t count = 0;            ///< numbers from 0 to count - 1, if indexed
  std::vector<int64_t> indices; ///< those of them that there are
  bool isDefault = false;

  /// "logits" or "tokens@K".
  std::string name() const;
};

/// An output that the model is to have.
struct ChosenOutput {
  const OutputSpec *spec;
  std::optional<int64_t> index;

  /// "logits" or "tokens@3".
  std::string name() const;
};

/// The outputs whose `when` holds, in the order of the spec.
std::vector<PresentOutput> findOutputs(const Spec &spec,
                                       DocumentEnvironment &document);

/// The outputs called `asked`, or the default ones if that is empty. A number
/// below zero counts from the last; one alone goes on with the output before
/// it ("tokens@3", "5").
std::vector<ChosenOutput> chooseOutputs(llvm::ArrayRef<PresentOutput> present,
                                        llvm::ArrayRef<std::string> asked,
                                        Diagnostics &errors);

/// The meaning of an output, `number` in the place of its index.
std::string describeOutput(const OutputSpec &output, llvm::StringRef number);

/// "0 to 11", or "0, 2, 5" where there are gaps.
std::string printIndices(llvm::ArrayRef<int64_t> indices);

} // namespace vitc

#endif // VITC_MODELS_OUTPUTS_H
