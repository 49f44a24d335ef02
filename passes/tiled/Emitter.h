//===- Emitter.h - Short words for loops and vectors -----------*- C++ -*-===//
//
// What the kernel lowerings say over and over: index arithmetic, loops with
// carried values, loads and stores of vectors with an optional tail.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_TILED_EMITTER_H
#define VITC_PASSES_TILED_EMITTER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace vitc {

class Emitter {
public:
  using Values = llvm::SmallVector<mlir::Value>;

  Emitter(mlir::OpBuilder &builder, mlir::Location loc, int64_t width)
      : builder(builder), loc(loc), width(width) {}

  mlir::OpBuilder &builder;
  mlir::Location loc;
  /// f32 elements of a vector.
  const int64_t width;

  // Indices.
  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, int64_t b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, int64_t b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value div(mlir::Value a, int64_t b);
  mlir::Value div(mlir::Value a, mlir::Value b);
  mlir::Value rem(mlir::Value a, int64_t b);
  mlir::Value rem(mlir::Value a, mlir::Value b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);
  mlir::Value less(mlir::Value a, mlir::Value b);

  // Control flow.
  using LoopBody = llvm::function_ref<Values(mlir::Value, mlir::ValueRange)>;
  /// for (i = begin; i < end; i += step) carrying `init`.
  Values loop(mlir::Value begin, mlir::Value end, int64_t step,
              mlir::ValueRange init, LoopBody body);
  void loop(mlir::Value begin, mlir::Value end, int64_t step,
            llvm::function_ref<void(mlir::Value)> body);
  void loop(int64_t begin, int64_t end,
            llvm::function_ref<void(mlir::Value)> body);
  void ifThen(mlir::Value condition, llvm::function_ref<void()> then,
              llvm::function_ref<void()> otherwise = nullptr);
  /// The values of one of two branches; only that one runs.
  Values choose(mlir::Value condition, llvm::function_ref<Values()> then,
                llvm::function_ref<Values()> otherwise);
  /// One case for every value from 1 to `count`.
  void switchFrom1(mlir::Value value, int64_t count,
                   llvm::function_ref<void(int64_t)> body);

  // Numbers: f32 scalars, and vectors of `width` of them.
  mlir::VectorType vectorType();
  mlir::VectorType maskType();
  mlir::VectorType intType();
  mlir::Value scalar(float value);
  mlir::Value splat(float value);
  mlir::Value splat(mlir::Value scalar);
  mlir::Value splatInt(int32_t value);
  mlir::Value addf(mlir::Value a, mlir::Value b);
  mlir::Value subf(mlir::Value a, mlir::Value b);
  mlir::Value mulf(mlir::Value a, mlir::Value b);
  mlir::Value divf(mlir::Value a, mlir::Value b);
  /// `b` if either is NaN.
  mlir::Value maxf(mlir::Value a, mlir::Value b);
  mlir::Value minf(mlir::Value a, mlir::Value b);
  /// a * b + c, rounded once; scalars or vectors.
  mlir::Value fma(mlir::Value a, mlir::Value b, mlir::Value c);
  mlir::Value sqrt(mlir::Value a);
  /// Sum or maximum over the lanes, by halving: a fixed order.
  mlir::Value sumLanes(mlir::Value vector);
  mlir::Value maxLanes(mlir::Value vector);
  /// `count` lanes from `first` on.
  mlir::Value lanes(mlir::Value vector, int64_t first, int64_t count);
  /// Turns `width` vectors around: lane i of vector j becomes lane j of i.
  Values transpose(Values vectors);
  /// Turns a block of at most `width` rows and columns around: `load` gives its
  /// rows, `store` takes its columns.
  void turn(int64_t rows, int64_t columns,
            llvm::function_ref<mlir::Value(int64_t)> load,
            llvm::function_ref<void(int64_t, mlir::Value)> store);

  // Memory. `active` lanes are touched; the others read as zero.
  mlir::Value load(mlir::Value buffer, mlir::ValueRange indices);
  mlir::Value loadVector(mlir::Value buffer, mlir::ValueRange indices,
                         int64_t active);
  mlir::Value loadVector(mlir::Value buffer, mlir::ValueRange indices) {
    return loadVector(buffer, indices, width);
  }
  void storeVector(mlir::Value value, mlir::Value buffer,
                   mlir::ValueRange indices, int64_t active);
  void storeVector(mlir::Value value, mlir::Value buffer,
                   mlir::ValueRange indices) {
    storeVector(value, buffer, indices, width);
  }
  void store(mlir::Value value, mlir::Value buffer, mlir::ValueRange indices);
  /// Asks for an element's cache line, to be read from the second cache soon.
  void prefetch(mlir::Value buffer, mlir::ValueRange indices);
  /// Mask with the first `active` lanes set.
  mlir::Value firstLanes(int64_t active);
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);

private:
  mlir::Value
  halveLanes(mlir::Value vector,
             llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)>);
};

/// Hands out pieces of a worker's scratch buffer.
class Scratch {
public:
  Scratch(Emitter &emit, mlir::Value buffer) : emit(emit), buffer(buffer) {}

  /// A dense f32 buffer of the given shape, aligned to a cache line.
  mlir::Value take(llvm::ArrayRef<int64_t> shape);

  /// Bytes handed out so far.
  int64_t bytes() const { return elements * 4; }

private:
  Emitter &emit;
  mlir::Value buffer;
  int64_t elements = 0;
};

} // namespace vitc

#endif // VITC_PASSES_TILED_EMITTER_H
