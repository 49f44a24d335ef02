//===- KernelKinds.h - What kinds of kernels are called ---------*- C++ -*-===//

#ifndef VITC_CODEGEN_DRIVER_KERNELKINDS_H
#define VITC_CODEGEN_DRIVER_KERNELKINDS_H

#include "vitc/model.h"

namespace vitc {

/// "linear" for VITC_KERNEL_LINEAR; "other" for an unknown kind.
inline const char *kernelKindName(uint32_t kind) {
  switch (kind) {
  case VITC_KERNEL_LINEAR:
    return "linear";
  case VITC_KERNEL_ATTENTION:
    return "attention";
  case VITC_KERNEL_ROWS:
    return "rows";
  case VITC_KERNEL_POOL:
    return "pool";
  case VITC_KERNEL_LANES:
    return "lanes";
  case VITC_KERNEL_TRANSPOSE:
    return "transpose";
  }
  return "other";
}

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_KERNELKINDS_H
