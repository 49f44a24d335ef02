//===- ModelFiles.h - Find compiled models in a directory -------*- C++ -*-===//
//
// What `vitc compile -o DIR` wrote is named DIR by `vitc run`, `vitc bench` and
// `vitc verify` when it holds one model, DIR/NAME when there are several.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_DRIVER_MODELFILES_H
#define VITC_CODEGEN_DRIVER_MODELFILES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace vitc {

/// The files of one compiled model; the weights may be absent.
struct ModelFiles {
  std::string name, object, weights;
};

/// Finds the model that `path` and `name` mean: DIR, DIR/NAME, DIR/NAME.o, or
/// DIR with a name. Where DIR holds several and none was named, the error lists
/// them.
llvm::Expected<ModelFiles> findModelFiles(llvm::StringRef path,
                                          llvm::StringRef name);

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_MODELFILES_H
