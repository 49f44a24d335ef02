//===- Describe.h - Sizes and costs of an imported graph --------*- C++ -*-===//

#ifndef VITC_MODELS_DESCRIBE_H
#define VITC_MODELS_DESCRIBE_H

#include "models/ModelDescription.h"
#include "models/Parameters.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace vitc {

/// Evaluates the preprocessing for an input of the given size.
Preprocessing describePreprocessing(const PreprocessSpec &fields,
                                    DocumentEnvironment &document,
                                    int64_t channels, int64_t height,
                                    int64_t width);

/// The parameters with their values.
std::vector<Setting> describeSettings(const Spec &spec,
                                      DocumentEnvironment &document);

/// Fills in the layers, parameters and multiply-adds of `function`. The latter
/// count products only: norms, sums and activations are left out, as is custom.
void describeLayers(mlir::func::FuncOp function, ModelDescription &description);

/// The tensors that `function` resamples, and how.
std::vector<ResampledTensor> describeResampling(mlir::func::FuncOp function);

/// One line about it, such as "pos_embed from 14x14 to 24x24 (bicubic)".
std::string printResampled(const ResampledTensor &tensor);

} // namespace vitc

#endif // VITC_MODELS_DESCRIBE_H
