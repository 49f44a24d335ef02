//===- Remarks.h - What passes say about their decisions -------*- C++ -*-===//
//
// Every decision is a remark under the name of its pass: `vitc compile
// --report` collects them, tests match them.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_REMARKS_H
#define VITC_PASSES_REMARKS_H

#include "mlir/IR/Remarks.h"

#define VITC_REMARK(kind, loc, remarkName)                                     \
  ::mlir::remark::kind(                                                        \
      loc, ::mlir::remark::RemarkOpts::name(remarkName).category(DEBUG_TYPE))

#endif // VITC_PASSES_REMARKS_H
