//===- EmitTables.cpp - The constant that describes a model ---------------===//
//
// The layouts below are those of vitc/model.h, field by field.
//
//===----------------------------------------------------------------------===//

#include "codegen/EmitTables.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
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

/// The enumerations of both sides have the same numbers.
template <typename Ours, typename Theirs>
constexpr bool agree(Ours ours, Theirs theirs) {
  return static_cast<int>(ours) == static_cast<int>(theirs);
}
using P = Preprocessing;
static_assert(agree(P::Resize::None, VITC_RESIZE_NONE) &&
              agree(P::Resize::Exact, VITC_RESIZE_EXACT) &&
              agree(P::Resize::Shorter, VITC_RESIZE_SHORTER) &&
              agree(P::Resize::Cover, VITC_RESIZE_COVER));
static_assert(agree(P::Filter::Bilinear, VITC_FILTER_BILINEAR) &&
              agree(P::Filter::Bicubic, VITC_FILTER_BICUBIC));
static_assert(agree(P::CropRounding::Even, VITC_CROP_EVEN) &&
              agree(P::CropRounding::Down, VITC_CROP_DOWN));
static_assert(agree(P::ChannelOrder::Rgb, VITC_ORDER_RGB) &&
              agree(P::ChannelOrder::Bgr, VITC_ORDER_BGR));

Constant *emitPreprocess(TableBuilder &b,
                         const std::optional<Preprocessing> &steps) {
  if (!steps)
    return b.null();
  const Preprocessing &p = *steps;
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
