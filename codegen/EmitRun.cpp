//===- EmitRun.cpp - The function that runs a model -----------------------===//

#include "codegen/EmitRun.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;
using namespace vitc;

namespace {

/// PREFIX_run(weights, inputs, outputs, arena, images): a loop over the steps,
/// which fills a table with the addresses of a step's operands, in a loop of
/// its own, and calls the kernel.
class RunFunction {
public:
  RunFunction(Module &module, StringRef prefix, const LevelTable &level)
      : b(module.getContext()), level(level),
        steps(module.getNamedGlobal((prefix + "_steps").str())) {
    function = Function::Create(
        FunctionType::get(i32, {pointer, pointer, pointer, pointer, i64},
                          /*isVarArg=*/false),
        GlobalValue::ExternalLinkage, prefix + "_run", module);
  }

  void emit() {
    BasicBlock *entry = block("entry"), *step = block("steps");
    BasicBlock *operands = block("operands"), *call = block("call");
    BasicBlock *done = block("done");
    b.SetInsertPoint(entry);
    emitEntry();
    b.CreateBr(step);
    b.SetInsertPoint(step);
    PHINode *index = startLoop(entry);
    current = b.CreateGEP(stepType, steps, index);
    Value *list = field(3), *count = b.CreateZExt(field(4), i64);
    b.CreateBr(operands);
    b.SetInsertPoint(operands);
    PHINode *operand = startLoop(step);
    emitOperand(list, operand);
    endLoop(operand, count, call);
    b.SetInsertPoint(call);
    b.CreateCall(kernelType, field(0),
                 {table, b.getInt64(0), b.CreateMul(field(6), images()),
                  b.getInt64(0), field(8)});
    endLoop(index, b.getInt64(level.steps.size()), done);
    b.SetInsertPoint(done);
    b.CreateIntrinsic(Intrinsic::x86_sse_ldmxcsr, {control});
    b.CreateRet(b.getInt32(0));
  }

private:
  BasicBlock *block(const char *name) {
    return BasicBlock::Create(b.getContext(), name, function);
  }
  Value *images() { return function->getArg(4); }

  /// A field of the current step.
  Value *field(unsigned index) {
    return b.CreateLoad(stepType->getElementType(index),
                        b.CreateStructGEP(stepType, current, index));
  }

  /// The counter of a loop that begins here, behind the block `before`.
  PHINode *startLoop(BasicBlock *before) {
    PHINode *index = b.CreatePHI(i64, 2);
    index->addIncoming(b.getInt64(0), before);
    return index;
  }

  /// Goes on with the next `index` below `count`, or else with `after`.
  void endLoop(PHINode *index, Value *count, BasicBlock *after) {
    Value *next = b.CreateAdd(index, b.getInt64(1));
    index->addIncoming(next, b.GetInsertBlock());
    b.CreateCondBr(b.CreateICmpULT(next, count), index->getParent(), after);
  }

  /// The bases of the spaces, and the state of the floating-point unit.
  void emitEntry() {
    table = b.CreateAlloca(ArrayType::get(pointer, VITC_MAX_OPERANDS));
    // In the order of vitc_space; inputs and outputs by their lists.
    bases = b.CreateAlloca(ArrayType::get(pointer, 5));
    control = b.CreateAlloca(ArrayType::get(i32, 2));
    Value *weights = function->getArg(0), *inputs = function->getArg(1);
    Value *outputs = function->getArg(2), *arena = function->getArg(3);
    Value *scratch = b.CreateGEP(
        i8, arena, b.CreateMul(images(), b.getInt64(level.arenaImageBytes)));
    Value *ordered[] = {weights, arena, scratch, inputs, outputs};
    for (auto [space, base] : enumerate(ordered))
      b.CreateStore(base, b.CreateConstGEP1_64(pointer, bases, space));
    Value *runControl = b.CreateConstGEP1_64(i32, control, 1);
    b.CreateIntrinsic(Intrinsic::x86_sse_stmxcsr, {control});
    // Round to nearest, denormals kept, every exception masked.
    b.CreateStore(b.getInt32(0x1F80), runControl);
    b.CreateIntrinsic(Intrinsic::x86_sse_ldmxcsr, {runControl});
  }

  /// Puts the address of operand `index` of `list` into the table.
  void emitOperand(Value *list, Value *index) {
    Value *operand = b.CreateGEP(operandType, list, index);
    auto part = [&](unsigned i) {
      return b.CreateLoad(operandType->getElementType(i),
                          b.CreateStructGEP(operandType, operand, i));
    };
    Value *space = b.CreateZExt(part(0), i64);
    Value *ownBase = b.CreateGEP(pointer, bases, space);
    Value *base = b.CreateLoad(pointer, ownBase);
    // The base of an input or output stands in the caller's list.
    Value *listed = b.CreateICmpUGE(space, b.getInt64(VITC_SPACE_INPUT));
    Value *entryOfList = b.CreateGEP(pointer, base, b.CreateZExt(part(1), i64));
    Value *address =
        b.CreateLoad(pointer, b.CreateSelect(listed, entryOfList, ownBase));
    Value *distance = b.CreateAdd(part(2), b.CreateMul(part(3), images()));
    b.CreateStore(b.CreateGEP(i8, address, distance),
                  b.CreateGEP(pointer, table, index));
  }

  IRBuilder<> b;
  const LevelTable &level;
  GlobalVariable *steps;
  PointerType *pointer = PointerType::getUnqual(b.getContext());
  Type *i8 = b.getInt8Ty(), *i32 = b.getInt32Ty(), *i64 = b.getInt64Ty();
  StructType *operandType = StructType::get(i32, i32, i64, i64);
  StructType *stepType =
      StructType::get(pointer, pointer, pointer, pointer, i32, i32, i64, i64,
                      i64, i64, i64, i64);
  FunctionType *kernelType = FunctionType::get(
      b.getVoidTy(), {pointer, i64, i64, i64, i64}, /*isVarArg=*/false);
  Function *function;
  Value *table, *bases, *control, *current;
};

} // namespace

void vitc::emitRunFunction(Module &module, StringRef prefix,
                           const LevelTable &level) {
  RunFunction(module, prefix, level).emit();
}
