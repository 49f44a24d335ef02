//===- Target.cpp - CPU levels as code generation sees them ---------------===//

#include "codegen/Target.h"
#include "models/NearestName.h"
#include "vitc/model.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;
using namespace vitc;

static const std::pair<const char *, uint64_t> featureNames[] = {
    {"avx", VITC_CPU_AVX},           {"avx2", VITC_CPU_AVX2},
    {"bmi", VITC_CPU_BMI1},          {"bmi2", VITC_CPU_BMI2},
    {"f16c", VITC_CPU_F16C},         {"fma", VITC_CPU_FMA},
    {"lzcnt", VITC_CPU_LZCNT},       {"movbe", VITC_CPU_MOVBE},
    {"avx512f", VITC_CPU_AVX512F},   {"avx512bw", VITC_CPU_AVX512BW},
    {"avx512cd", VITC_CPU_AVX512CD}, {"avx512dq", VITC_CPU_AVX512DQ},
    {"avx512vl", VITC_CPU_AVX512VL}};

ArrayRef<CpuLevel> vitc::cpuLevels() {
  static const CpuLevel levels[] = {{"x86-64-v4", VITC_CPU_LEVEL_V4, 512},
                                    {"x86-64-v3", VITC_CPU_LEVEL_V3, 256}};
  return levels;
}

/// Feature bits of the host; LLVM reads CPUID and XCR0.
static uint64_t hostFeatures() {
  uint64_t bits = 0;
  StringMap<bool> host = sys::getHostCPUFeatures();
  for (auto [name, bit] : featureNames)
    if (host.lookup(name))
      bits |= bit;
  return bits;
}

Expected<CpuLevel> vitc::lookupLevel(StringRef name) {
  std::vector<std::string> names{"native"};
  for (const CpuLevel &level : cpuLevels()) {
    bool runsHere = (level.features & ~hostFeatures()) == 0;
    if (name == level.name || (name == "native" && runsHere))
      return level;
    names.push_back(level.name);
  }
  if (name == "native")
    return createStringError(inconvertibleErrorCode(),
                             "this CPU supports no level; name one with --cpu");
  return createStringError(
      inconvertibleErrorCode(),
      "--cpu expects native, x86-64-v3 or x86-64-v4, found '%s'%s",
      name.str().c_str(), suggestNearest(name, names).c_str());
}

Expected<std::unique_ptr<TargetMachine>>
vitc::createTargetMachine(const CpuLevel &level, StringRef tripleText) {
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmPrinters();
  InitializeAllAsmParsers(); // for embedded weights
  Triple triple(tripleText.empty() ? sys::getDefaultTargetTriple()
                                   : tripleText.str());
  std::string error;
  const llvm::Target *target = TargetRegistry::lookupTarget(triple, error);
  if (!target || triple.getArch() != Triple::x86_64 ||
      !triple.isOSBinFormatELF())
    return createStringError(
        inconvertibleErrorCode(),
        "--target expects an x86_64 triple with ELF objects, found '%s'",
        triple.str().c_str());
  // Where a product's inner loop begins in its cache line would otherwise hang
  // on the code before it, and with it up to 5 % of the product's time.
  TargetOptions options;
  options.LoopAlignment = 64;
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(triple, level.name, "", options, Reloc::PIC_,
                                  std::nullopt, CodeGenOptLevel::Aggressive));
}
