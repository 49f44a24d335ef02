//===- EmitObject.cpp - From the LLVM dialect to an object ----------------===//

#include "codegen/EmitObject.h"
#include "codegen/NameSymbols.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;
using namespace vitc;

/// Turns a kernel that needs more stack than the model states into an error.
static void onDiagnostic(const DiagnosticInfo *info, void *tooDeep) {
  if (auto *stack = dyn_cast<DiagnosticInfoStackSize>(info))
    *static_cast<std::string *>(tooDeep) = stack->getFunction().getName().str();
}

static void describeFunctions(Module &module, StringRef prefix,
                              const CpuLevel &level) {
  for (Function &function : module) {
    if (function.isDeclaration())
      continue;
    bool exported = function.getName() == (prefix + "_run").str();
    if (!exported)
      function.setLinkage(GlobalValue::InternalLinkage);
    function.addFnAttr("target-cpu", level.name);
    std::string bits = std::to_string(level.vectorBits);
    function.addFnAttr("prefer-vector-width", bits);
    function.addFnAttr("min-legal-vector-width", bits);
    function.addFnAttr("warn-stack-size", std::to_string(kStackBytes));
    function.addFnAttr(Attribute::NoUnwind);
  }
}

/// The passes have vectorised, tiled and unrolled with the registers in view;
/// what LLVM would add to that costs compile time and spills.
static void optimize(Module &module, TargetMachine &machine) {
  PipelineTuningOptions tuning;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  tuning.LoopUnrolling = false;
  PassBuilder builder(&machine, tuning);
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O2)
      .run(module, modules);
}

Error vitc::emitObject(mlir::ModuleOp module, const ObjectContents &contents,
                       StringRef triple, ObjectFormat format,
                       raw_pwrite_stream &os) {
  auto machine = createTargetMachine(contents.level->level, triple);
  if (!machine)
    return machine.takeError();
  mlir::registerBuiltinDialectTranslation(*module->getContext());
  mlir::registerLLVMDialectTranslation(*module->getContext());
  LLVMContext context;
  std::string tooDeep;
  context.setDiagnosticHandlerCallBack(onDiagnostic, &tooDeep);
  std::unique_ptr<Module> ir = mlir::translateModuleToLLVMIR(module, context);
  if (!ir)
    return createStringError("the kernels could not be translated to LLVM IR");
  ir->setModuleIdentifier(contents.description->name);
  ir->setSourceFileName(contents.prefix);
  ir->setTargetTriple((*machine)->getTargetTriple());
  ir->setDataLayout((*machine)->createDataLayout());
  for (Function &function : *ir)
    if (!function.isDeclaration())
      function.setName(contents.prefix + "_" + function.getName());
  emitModelTable(*ir, contents.prefix, *contents.description,
                 contents.compiler, *contents.level);
  emitRunFunction(*ir, contents.prefix, *contents.level);
  describeFunctions(*ir, contents.prefix, contents.level->level);
  if (format == ObjectFormat::LlvmIr) {
    ir->print(os, nullptr);
    return Error::success();
  }
  optimize(*ir, **machine);
  legacy::PassManager passes;
  SmallVector<char, 0> output;
  raw_svector_ostream stream(output);
  bool assembly = format == ObjectFormat::Assembly;
  if ((*machine)->addPassesToEmitFile(passes, stream, nullptr,
                                      assembly ? CodeGenFileType::AssemblyFile
                                               : CodeGenFileType::ObjectFile))
    return createStringError("this target cannot write an object file");
  passes.run(*ir);
  if (!tooDeep.empty())
    return createStringError("kernel '" + tooDeep + "' needs more than " +
                             Twine(kStackBytes) + " bytes of stack");
  if (!assembly)
    return nameSymbols(MemoryBufferRef(stream.str(), contents.prefix),
                       contents.prefix, os);
  os << stream.str();
  return Error::success();
}
