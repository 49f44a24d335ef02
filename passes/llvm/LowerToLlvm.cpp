//===- LowerToLlvm.cpp - Vectors and buffers to the LLVM dialect ----------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace vitc {
#define GEN_PASS_DEF_LOWERTOLLVMPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// vit.operand table[i] -> a descriptor around the address in entry i. The
/// dynamic size is never asked for: a task's range bounds every access.
struct LowerOperand : ConvertOpToLLVMPattern<OperandOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(OperandOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<MemRefType>(op.getResult().getType());
    auto pointer = LLVM::LLVMPointerType::get(getContext());
    Value entry = LLVM::GEPOp::create(
        rewriter, loc, pointer, pointer, adaptor.getTable(),
        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(op.getIndex())});
    Value address = LLVM::LoadOp::create(rewriter, loc, pointer, entry);
    auto descriptor = MemRefDescriptor::poison(
        rewriter, loc, getTypeConverter()->convertType(type));
    descriptor.setAllocatedPtr(rewriter, loc, address);
    descriptor.setAlignedPtr(rewriter, loc, address);
    descriptor.setConstantOffset(rewriter, loc, 0);
    auto [strides, offset] = type.getStridesAndOffset();
    for (int64_t i = 0; i < type.getRank(); ++i) {
      descriptor.setConstantSize(rewriter, loc, i,
                                 type.isDynamicDim(i) ? 0 : type.getDimSize(i));
      descriptor.setConstantStride(rewriter, loc, i, strides[i]);
    }
    rewriter.replaceOp(op, Value(descriptor));
    return success();
  }
};

struct LowerToLlvmPass : vitc::impl::LowerToLlvmPassBase<LowerToLlvmPass> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    {
      // Vector ops without a counterpart in LLVM first.
      RewritePatternSet patterns(context);
      vector::populateVectorBroadcastLoweringPatterns(patterns);
      vector::populateVectorGatherLoweringPatterns(patterns);
      if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
        return signalPassFailure();
    }
    LLVMTypeConverter converter(context);
    RewritePatternSet patterns(context);
    patterns.add<LowerOperand>(converter);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    index::populateIndexToLLVMConversionPatterns(converter, patterns);
    populateFuncToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    LLVMConversionTarget target(*context);
    target.addLegalOp<ModuleOp>();
    if (failed(
            applyFullConversion(getOperation(), target, std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
