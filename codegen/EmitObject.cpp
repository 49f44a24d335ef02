//===- EmitObject.cpp - From the LLVM dialect to an object ----------------===//

#include "codegen/EmitObject.h"
#include "codegen/EmitRun.h"
#include "codegen/EmitTables.h"
#include "codegen/NameSymbols.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;
using namespace vitc;

/// Keeps the first of LLVM's errors, and of kernels that need more stack than
/// the model states.
static void onDiagnostic(const DiagnosticInfo *info, void *problem) {
  auto &text = *static_cast<std::string *>(problem);
  if (!text.empty())
    return;
  raw_string_ostream os(text);
  if (auto *stack = dyn_cast<DiagnosticInfoStackSize>(info)) {
    os << "kernel '" << stack->getFunction().getName() << "' needs more than "
       << kStackBytes << " bytes of stack";
  } else if (info->getSeverity() == DS_Error) {
    DiagnosticPrinterRawOStream printer(os);
    info->print(printer);
  }
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

/// `text` for a string of the assembler.
static std::string escape(StringRef text) {
  std::string result;
  for (unsigned char c : text)
    result += isAlnum(c) || c == '/' || c == '.'
                  ? std::string(1, static_cast<char>(c))
                  : formatv("\\{0}{1}{2}", c >> 6, c >> 3 & 7, c & 7).str();
  return result;
}

/// Puts the bytes of a weights file into a section of their own. The assembler
/// reads them, so that they never are constants of the IR.
static Constant *embedWeights(Module &module, StringRef prefix, StringRef path,
                              uint64_t bytes) {
  std::string name = (prefix + "_weights").str();
  module.appendModuleInlineAsm(
      formatv("\t.section .rodata.{0},\"a\",@progbits\n\t.balign {1}\n"
              "\t.type {0},@object\n{0}:\n\t.incbin \"{2}\"\n"
              "\t.size {0}, .-{0}\n",
              name, VITC_ALIGNMENT, escape(path))
          .str());
  return new GlobalVariable(
      module, ArrayType::get(Type::getInt8Ty(module.getContext()), bytes),
      /*isConstant=*/true, GlobalValue::ExternalLinkage, nullptr, name);
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
  std::string problem;
  context.setDiagnosticHandlerCallBack(onDiagnostic, &problem);
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
  Constant *weights = nullptr;
  if (!contents.weightsFile.empty())
    weights = embedWeights(*ir, contents.prefix, contents.weightsFile,
                           contents.level->weightsBytes);
  emitModelTable(*ir, contents.prefix, *contents.description, contents.compiler,
                 *contents.level, weights);
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
  if (!problem.empty())
    return createStringError(problem);
  if (!assembly)
    return nameSymbols(MemoryBufferRef(stream.str(), contents.prefix),
                       contents.prefix, os);
  os << stream.str();
  return Error::success();
}
