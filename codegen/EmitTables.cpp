//===- EmitTables.cpp - The constant that describes a model ---------------===//
//
// The layouts below are those of vitc/model.h, field by field.
//
//===----------------------------------------------------------------------===//

#include "codegen/EmitTables.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;
using namespace vitc;

namespace {

/// Builds constants; every global it adds is local and begins with the prefix.
class TableBuilder {
public:
  TableBuilder(Module &module, StringRef prefix)
      : module(module), prefix(prefix), context(module.getContext()) {}

  Constant *i32(uint64_t v) {
    return ConstantInt::get(Type::getInt32Ty(context), v);
  }
  Constant *i64(uint64_t v) {
    return ConstantInt::get(Type::getInt64Ty(context), v);
  }
  Constant *null() {
    return ConstantPointerNull::get(PointerType::getUnqual(context));
  }
  Constant *bytes(ArrayRef<uint8_t> data) {
    return ConstantDataArray::get(context, data);
  }
  Constant *record(ArrayRef<Constant *> fields) {
    return ConstantStruct::getAnon(context, fields);
  }
  Constant *text(StringRef value, StringRef name) {
    return global(ConstantDataArray::getString(context, value), name);
  }
  Constant *array(ArrayRef<Constant *> elements, StringRef name) {
    if (elements.empty())
      return null();
    return global(
        ConstantArray::get(
            ArrayType::get(elements[0]->getType(), elements.size()), elements),
        name);
  }
  Constant *doubles(ArrayRef<double> values) {
    SmallVector<double, 4> four(4, 0.0);
    llvm::copy(values.take_front(4), four.begin());
    return ConstantDataArray::get(context, ArrayRef<double>(four));
  }
  GlobalVariable *global(Constant *value, StringRef name) {
    return new GlobalVariable(module, value->getType(), /*isConstant=*/true,
                              GlobalValue::InternalLinkage, value,
                              prefix + "_" + name);
  }

private:
  Module &module;
  StringRef prefix;
  LLVMContext &context;
};

Constant *emitSteps(TableBuilder &b, Module &module, StringRef prefix,
                    const LevelTable &level) {
  SmallVector<Constant *> steps;
  for (const StepTable &step : level.steps) {
    SmallVector<Constant *> operands;
    for (const vitc_operand &o : step.operands)
      operands.push_back(b.record({b.i32(o.space), b.i32(o.index),
                                   b.i64(o.offset), b.i64(o.image_offset)}));
    Function *kernel = module.getFunction((prefix + "_" + step.kernel).str());
    steps.push_back(b.record(
        {kernel, b.text(step.name, "step_name"),
         b.text(step.kernel, "kernel_name"), b.array(operands, "operands"),
         b.i32(step.operands.size()), b.i32(step.kind), b.i64(step.rows),
         b.i64(step.grain), b.i64(step.columns), b.i64(step.macs),
         b.i64(step.weightBytes), b.i64(step.imageBytes)}));
  }
  return b.array(steps, "steps");
}

Constant *emitTensors(TableBuilder &b, ArrayRef<TensorDescription> tensors,
                      StringRef name) {
  SmallVector<Constant *> entries;
  for (const TensorDescription &tensor : tensors) {
    SmallVector<Constant *> shape;
    uint64_t elements = 1;
    for (int64_t size : tensor.shape) {
      shape.push_back(b.i64(size));
      elements *= size;
    }
    entries.push_back(b.record(
        {b.text(tensor.name, "tensor_name"),
         b.text(tensor.meaning, "tensor_meaning"), b.array(shape, "shape"),
         b.i32(tensor.shape.size()), b.i32(tensor.bytes ? VITC_U8 : VITC_F32),
         b.i64(elements * (tensor.bytes ? 1 : 4))}));
  }
  return b.array(entries, name);
}

Constant *emitPreprocess(TableBuilder &b, const Preprocessing &p) {
  return b.global(
      b.record({b.i32(static_cast<uint32_t>(p.resize)),
                b.i32(static_cast<uint32_t>(p.filter)), b.i64(p.resizeHeight),
                b.i64(p.resizeWidth), b.i64(p.cropHeight), b.i64(p.cropWidth),
                b.i64(p.pad), b.i32(p.padValue), b.i32(p.channels),
                b.i32(static_cast<uint32_t>(p.cropRounding)),
                b.i32(static_cast<uint32_t>(p.channelOrder)), b.doubles(p.mean),
                b.doubles(p.std)}),
      "preprocess");
}

} // namespace

GlobalVariable *vitc::emitModelTable(Module &module, StringRef prefix,
                                     const ModelDescription &d,
                                     StringRef compiler,
                                     const LevelTable &level,
                                     Constant *weights) {
  TableBuilder b(module, prefix);
  Constant *levelRecord = b.record(
      {b.text(level.level.name, "level_name"), b.i64(level.level.features),
       emitSteps(b, module, prefix, level), b.i64(level.steps.size()),
       b.i64(level.arenaImageBytes), b.i64(level.arenaWorkerBytes),
       b.i64(kStackBytes), b.i64(level.weightsBytes),
       b.bytes(level.weightsHash)});
  SmallVector<Constant *> labels;
  for (const std::string &label : d.labels)
    labels.push_back(b.text(label, "label"));
  std::array<uint8_t, 32> specHash = SHA256::hash(ArrayRef(
      reinterpret_cast<const uint8_t *>(d.build.data()), d.build.size()));
  Constant *record = b.record(
      {b.i64(sizeof(vitc_model)), b.i32(VITC_ABI_VERSION),
       b.i32(VITC_PRECISION_F32), b.text(d.name, "name"),
       b.text(compiler, "compiler"), b.text(d.build, "build"),
       b.bytes(specHash), emitTensors(b, d.inputs, "inputs"),
       emitTensors(b, d.outputs, "outputs"), b.array({levelRecord}, "levels"),
       b.array(labels, "labels"), emitPreprocess(b, d.preprocessing),
       weights ? weights : b.null(), b.i64(d.macs), b.i64(d.parameters),
       b.i32(d.inputs.size()), b.i32(d.outputs.size()), b.i32(1),
       b.i32(d.labels.size())});
  GlobalVariable *model = b.global(record, "model");
  model->setLinkage(GlobalValue::ExternalLinkage);
  return model;
}

void vitc::emitRunFunction(Module &module, StringRef prefix,
                           const LevelTable &level) {
  LLVMContext &context = module.getContext();
  IRBuilder<> b(context);
  auto *pointer = PointerType::getUnqual(context);
  auto *i8 = b.getInt8Ty();
  auto *i32 = b.getInt32Ty();
  auto *i64 = b.getInt64Ty();
  auto *operandType = StructType::get(i32, i32, i64, i64);
  auto *stepType = StructType::get(pointer, pointer, pointer, pointer, i32, i32,
                                   i64, i64, i64, i64, i64, i64);
  auto *kernelType = FunctionType::get(
      b.getVoidTy(), {pointer, i64, i64, i64, i64}, /*isVarArg=*/false);
  auto *run = Function::Create(
      FunctionType::get(i32, {pointer, pointer, pointer, pointer, i64}, false),
      GlobalValue::ExternalLinkage, prefix + "_run", module);
  Value *weights = run->getArg(0), *inputs = run->getArg(1);
  Value *outputs = run->getArg(2), *arena = run->getArg(3);
  Value *images = run->getArg(4);

  auto block = [&](const char *name) {
    return BasicBlock::Create(context, name, run);
  };
  BasicBlock *entry = block("entry"), *steps = block("steps");
  BasicBlock *operands = block("operands"), *call = block("call");
  BasicBlock *done = block("done");

  b.SetInsertPoint(entry);
  Value *table = b.CreateAlloca(ArrayType::get(pointer, VITC_MAX_OPERANDS));
  // The bases in the order of vitc_space; inputs and outputs by their lists.
  Value *bases = b.CreateAlloca(ArrayType::get(pointer, 5));
  Value *control = b.CreateAlloca(ArrayType::get(i32, 2));
  Value *scratch = b.CreateGEP(
      i8, arena, b.CreateMul(images, b.getInt64(level.arenaImageBytes)));
  Value *ordered[] = {weights, arena, scratch, inputs, outputs};
  for (auto [space, base] : enumerate(ordered))
    b.CreateStore(base, b.CreateConstGEP1_64(pointer, bases, space));
  Value *runControl = b.CreateConstGEP1_64(i32, control, 1);
  b.CreateIntrinsic(Intrinsic::x86_sse_stmxcsr, {control});
  // Round to nearest, denormals kept, every exception masked.
  b.CreateStore(b.getInt32(0x1F80), runControl);
  b.CreateIntrinsic(Intrinsic::x86_sse_ldmxcsr, {runControl});
  b.CreateBr(steps);

  b.SetInsertPoint(steps);
  PHINode *stepIndex = b.CreatePHI(i64, 2);
  stepIndex->addIncoming(b.getInt64(0), entry);
  Value *step = b.CreateGEP(
      stepType, module.getNamedGlobal((prefix + "_steps").str()), stepIndex);
  auto field = [&](unsigned index) {
    return b.CreateLoad(stepType->getElementType(index),
                        b.CreateStructGEP(stepType, step, index));
  };
  Value *list = field(3), *count = b.CreateZExt(field(4), i64);
  b.CreateBr(operands);

  b.SetInsertPoint(operands);
  PHINode *index = b.CreatePHI(i64, 2);
  index->addIncoming(b.getInt64(0), steps);
  Value *operand = b.CreateGEP(operandType, list, index);
  auto part = [&](unsigned i) {
    return b.CreateLoad(operandType->getElementType(i),
                        b.CreateStructGEP(operandType, operand, i));
  };
  Value *space = b.CreateZExt(part(0), i64);
  Value *base = b.CreateLoad(pointer, b.CreateGEP(pointer, bases, space));
  // The base of an input or output stands in the caller's list.
  Value *listed = b.CreateICmpUGE(space, b.getInt64(VITC_SPACE_INPUT));
  Value *entryOfList = b.CreateGEP(pointer, base, b.CreateZExt(part(1), i64));
  Value *ownBase = b.CreateGEP(pointer, bases, space);
  Value *address =
      b.CreateLoad(pointer, b.CreateSelect(listed, entryOfList, ownBase));
  Value *distance = b.CreateAdd(part(2), b.CreateMul(part(3), images));
  b.CreateStore(b.CreateGEP(i8, address, distance),
                b.CreateGEP(pointer, table, index));
  Value *nextOperand = b.CreateAdd(index, b.getInt64(1));
  index->addIncoming(nextOperand, operands);
  b.CreateCondBr(b.CreateICmpULT(nextOperand, count), operands, call);

  b.SetInsertPoint(call);
  b.CreateCall(kernelType, field(0),
               {table, b.getInt64(0), b.CreateMul(field(6), images),
                b.getInt64(0), field(8)});
  Value *nextStep = b.CreateAdd(stepIndex, b.getInt64(1));
  stepIndex->addIncoming(nextStep, call);
  b.CreateCondBr(b.CreateICmpULT(nextStep, b.getInt64(level.steps.size())),
                 steps, done);

  b.SetInsertPoint(done);
  b.CreateIntrinsic(Intrinsic::x86_sse_ldmxcsr, {control});
  b.CreateRet(b.getInt32(0));
}
