//===- PeakLoop.cpp - The machine's multiply-add peak ---------------------===//

#include "codegen/driver/PeakLoop.h"

#include "llvm/ExecutionEngine/Orc/ThreadSafeModule.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"

#include <atomic>
#include <chrono>

using namespace llvm;
using namespace vitc;

/// Independent chains: enough to hide the latency of two units, few enough for
/// 16 registers.
static constexpr unsigned chainCount = 12;

static double seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

/// f(iterations, factor, addend): `iterations` times, every chain becomes
/// chain * factor + addend; returns the sum of the chains.
static void buildLoop(Module &module, unsigned lanes, StringRef features) {
  LLVMContext &context = module.getContext();
  IRBuilder<> builder(context);
  Type *f32 = builder.getFloatTy(), *i64 = builder.getInt64Ty();
  auto *vector = FixedVectorType::get(f32, lanes);
  auto *function =
      Function::Create(FunctionType::get(f32, {i64, f32, f32}, false),
                       Function::ExternalLinkage, "peak", module);
  function->addFnAttr("target-features", features);
  function->addFnAttr("prefer-vector-width", std::to_string(32 * lanes));
  function->addFnAttr("min-legal-vector-width", std::to_string(32 * lanes));

  auto *entry = BasicBlock::Create(context, "entry", function);
  auto *loop = BasicBlock::Create(context, "loop", function);
  auto *exit = BasicBlock::Create(context, "exit", function);
  builder.SetInsertPoint(entry);
  Value *factor = builder.CreateVectorSplat(lanes, function->getArg(1));
  Value *addend = builder.CreateVectorSplat(lanes, function->getArg(2));
  builder.CreateBr(loop);

  builder.SetInsertPoint(loop);
  PHINode *index = builder.CreatePHI(i64, 2);
  SmallVector<PHINode *> chains;
  for (unsigned i = 0; i < chainCount; ++i)
    chains.push_back(builder.CreatePHI(vector, 2));
  SmallVector<Value *> next;
  for (unsigned i = 0; i < chainCount; ++i) {
    next.push_back(builder.CreateIntrinsic(Intrinsic::fma, {vector},
                                           {chains[i], factor, addend}));
    chains[i]->addIncoming(ConstantFP::get(vector, i), entry);
    chains[i]->addIncoming(next[i], loop);
  }
  Value *nextIndex = builder.CreateAdd(index, builder.getInt64(1));
  index->addIncoming(builder.getInt64(0), entry);
  index->addIncoming(nextIndex, loop);
  builder.CreateCondBr(builder.CreateICmpULT(nextIndex, function->getArg(0)),
                       loop, exit);

  builder.SetInsertPoint(exit);
  Value *sum = next[0];
  for (Value *chain : ArrayRef(next).drop_front())
    sum = builder.CreateFAdd(sum, chain);
  Value *result = ConstantFP::get(f32, 0);
  for (unsigned i = 0; i < lanes; ++i)
    result = builder.CreateFAdd(result, builder.CreateExtractElement(sum, i));
  builder.CreateRet(result);
}

Expected<PeakLoop> PeakLoop::create(const vitc_level &level) {
  unsigned lanes = 4;
  StringRef features;
  if (level.features & VITC_CPU_AVX512F) {
    lanes = 16;
    features = "+avx512f,+avx512vl,+fma";
  } else if (level.features & VITC_CPU_FMA) {
    lanes = 8;
    features = "+avx2,+fma";
  } else {
    return createStringError("expected a level with fused multiply-adds, found "
                             "'%s'",
                             level.name);
  }

  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  auto jit = orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  auto context = std::make_unique<LLVMContext>();
  auto module = std::make_unique<Module>("peak", *context);
  module->setDataLayout((*jit)->getDataLayout());
  buildLoop(*module, lanes, features);
  if (Error error = (*jit)->addIRModule(
          orc::ThreadSafeModule(std::move(module), std::move(context))))
    return error;
  auto address = (*jit)->lookup("peak");
  if (!address)
    return address.takeError();

  PeakLoop loop;
  loop.jit = std::move(*jit);
  loop.function = address->toPtr<Function>();
  loop.flopsPerIteration = 2.0 * lanes * chainCount;
  // Find out how long a millisecond is.
  loop.iterations = 1000;
  for (double elapsed = 0; elapsed < 5e-4; loop.iterations *= 2) {
    double begin = seconds();
    loop.function(loop.iterations, 0.5f, 1.0f);
    elapsed = seconds() - begin;
  }
  return loop;
}

double PeakLoop::measure(const vitc_parallel &parallel) const {
  struct Job {
    const PeakLoop &loop;
    std::atomic<double> rate{0};
  } job{*this};
  auto task = [](void *arguments, int64_t, int64_t) {
    Job &job = *static_cast<Job *>(arguments);
    double begin = seconds();
    job.loop.function(job.loop.iterations, 0.5f, 1.0f);
    double rate =
        job.loop.flopsPerIteration * job.loop.iterations / (seconds() - begin);
    double sum = job.rate.load();
    while (!job.rate.compare_exchange_weak(sum, sum + rate))
      continue;
  };
  if (parallel.parallel_for)
    parallel.parallel_for(parallel.context, task, &job,
                          int64_t(parallel.workers));
  else
    task(&job, 0, 0);
  return job.rate.load();
}
