//===- LanesLayers.cpp - The layers of a lanes kernel ---------------------===//
//
// Every sum runs in the order of its index and starts a new chain for each
// element, whatever the blocks are: results don't depend on the tile.
//
//===----------------------------------------------------------------------===//

#include "passes/buffers/Layout.h"
#include "passes/tiled/Lanes.h"
#include "passes/tiled/RegisterTile.h"
#include "passes/tiled/RowLoops.h"
#include "passes/tiled/VectorMath.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

void vitc::coverStatic(Emitter &emit, int64_t count, int64_t most,
                       llvm::function_ref<void(Value, int64_t)> body) {
  int64_t blocks = ceilDiv(count, most);
  int64_t low = count / blocks, higher = count % blocks;
  int64_t split = higher * (low + 1);
  if (higher)
    emit.loop(emit.index(0), emit.index(split), low + 1,
              [&](Value first) { body(first, low + 1); });
  emit.loop(emit.index(split), emit.index(count), low,
            [&](Value first) { body(first, low); });
}

namespace {

/// Writes the code of one layer.
class LayerEmitter {
public:
  explicit LayerEmitter(LanesState &state) : state(state), emit(state.emit) {}

  void emitLinear(LinearOp op);
  void emitLayerNorm(LayerNormOp op);
  void emitLayerNormGroup(LayerNormOp op, Value first);
  void emitSoftmax(SoftmaxOp op);
  void emitUnfold(UnfoldOp op);
  /// result = combine(word, channel) for all elements.
  void emitElementwise(Operation *op,
                       llvm::function_ref<Value(Value, Value)> combine);
  void emitConcat(ConcatColumnsOp op);
  Value load(Value value, Value word, Value channel) {
    return state.load(value, word, channel);
  }

private:
  void emitLinearTile(LinearOp op, Value word, int64_t words, Value panel,
                      int64_t active);
  void emitLinearActivation(LinearOp op, Value word, int64_t count);
  Value addResidual(LinearOp op, Value value, Value word, Value channel);
  Value gatherPixels(UnfoldOp op, Value channel, Value y, Value x);

  int64_t words(Value value) { return lanesWords(value); }
  int64_t channels(Value value) {
    return cast<RankedTensorType>(value.getType()).getShape().back();
  }
  Value splatIndex(Value index);
  Value clampTo(Value at, int64_t size) {
    return emit.min(emit.max(at, emit.index(0)), emit.index(size - 1));
  }
  Value equal(Value a, Value b) {
    return arith::CmpIOp::create(emit.builder, emit.loc,
                                 arith::CmpIPredicate::eq, a, b);
  }

  LanesState &state;
  Emitter &emit;
  Value tileTop, tileLeft; ///< pixels where each lane's tile begins, i32
};

void LayerEmitter::emitLinear(LinearOp op) {
  int64_t outputs = op.getWeight().getType().getDimSize(0);
  int64_t panel = lanesPanel(outputs);
  int64_t whole = outputs / panel, rest = outputs % panel;
  // A few words stay in L1 while all panels pass.
  coverStatic(emit, words(op), state.context.tile().getRows(),
              [&](Value word, int64_t count) {
                emit.loop(0, whole, [&](Value index) {
                  emitLinearTile(op, word, count, index, panel);
                });
                if (rest)
                  emitLinearTile(op, word, count, emit.index(whole), rest);
                if (op.getActivation() != Activation::None)
                  emitLinearActivation(op, word, count);
              });
}

/// `count` words by the first `active` outputs of a panel.
void LayerEmitter::emitLinearTile(LinearOp op, Value word, int64_t count,
                                  Value panel, int64_t active) {
  auto weightType = op.getWeight().getType();
  int64_t width = lanesPanel(weightType.getDimSize(0));
  Value weight = state.context.buffer(op.getWeight());
  Value output = emit.mul(panel, width);
  Emitter::Values sums;
  for (int64_t i = 0; i < active; ++i)
    sums.append(count,
                op.getBias()
                    ? emit.splat(emit.load(state.context.buffer(op.getBias()),
                                           {emit.add(output, i)}))
                    : emit.splat(0.0f));
  sums =
      emit.loop(emit.index(0), emit.index(weightType.getDimSize(1)), 1, sums,
                [&](Value k, ValueRange carried) {
                  Emitter::Values next(carried.begin(), carried.end());
                  Emitter::Values inputs;
                  for (int64_t v = 0; v < count; ++v)
                    inputs.push_back(load(op.getInput(), emit.add(word, v), k));
                  for (int64_t i = 0; i < active; ++i) {
                    Value factor = emit.splat(
                        emit.load(weight, {panel, k, emit.index(i)}));
                    for (int64_t v = 0; v < count; ++v)
                      next[i * count + v] =
                          emit.fma(factor, inputs[v], next[i * count + v]);
                  }
                  return next;
                });
  for (int64_t i = 0; i < active; ++i)
    for (int64_t v = 0; v < count; ++v) {
      Value row = emit.add(word, v), column = emit.add(output, i);
      Value sum = sums[i * count + v];
      if (op.getActivation() == Activation::None)
        sum = addResidual(op, sum, row, column);
      state.store(sum, op, row, column);
    }
}

/// The activation of the stored sums of `count` words from `word` on. A loop
/// keeps its code small and out of the accumulators' registers; one behind all
/// panels is long enough for its steps to overlap.
void LayerEmitter::emitLinearActivation(LinearOp op, Value word,
                                        int64_t count) {
  emit.loop(0, channels(op), [&](Value column) {
    for (int64_t v = 0; v < count; ++v) {
      Value row = emit.add(word, v);
      Value value =
          emitActivation(emit, op.getActivation(), load(op, row, column));
      state.store(addResidual(op, value, row, column), op, row, column);
    }
  });
}

Value LayerEmitter::addResidual(LinearOp op, Value value, Value word,
                                Value channel) {
  if (!op.getResidual())
    return value;
  return emit.addf(value, load(op.getResidual(), word, channel));
}

void LayerEmitter::emitLayerNorm(LayerNormOp op) {
  overGroups(emit, op, [&](Value first) { emitLayerNormGroup(op, first); });
}

/// The group that begins at channel `first`.
void LayerEmitter::emitLayerNormGroup(LayerNormOp op, Value first) {
  int64_t depth = op.getGroupSize();
  auto input = [&](Value word, Value k) {
    return load(op.getInput(), word, emit.add(first, k));
  };
  Value inverse = emit.splat(static_cast<float>(1.0 / depth));
  Value eps = emit.splat(static_cast<float>(op.getEps().convertToDouble()));
  coverStatic(emit, words(op), kLanesChains, [&](Value word, int64_t count) {
    Emitter::Values zeros(count, emit.splat(0.0f));
    Emitter::Values means =
        emit.loop(emit.index(0), emit.index(depth), 1, zeros,
                  [&](Value k, ValueRange carried) {
                    Emitter::Values sums(carried.begin(), carried.end());
                    for (int64_t i = 0; i < count; ++i)
                      sums[i] = emit.addf(sums[i], input(emit.add(word, i), k));
                    return sums;
                  });
    for (Value &mean : means)
      mean = emit.mulf(mean, inverse);
    Emitter::Values scales =
        emit.loop(emit.index(0), emit.index(depth), 1, zeros,
                  [&](Value k, ValueRange carried) {
                    Emitter::Values sums(carried.begin(), carried.end());
                    for (int64_t i = 0; i < count; ++i) {
                      Value centred =
                          emit.subf(input(emit.add(word, i), k), means[i]);
                      sums[i] = emit.fma(centred, centred, sums[i]);
                    }
                    return sums;
                  });
    for (Value &scale : scales) {
      Value variance = emit.mulf(scale, inverse);
      scale = emit.divf(emit.splat(1.0f), emit.sqrt(emit.addf(variance, eps)));
    }
    emit.loop(0, depth, [&](Value k) {
      for (int64_t i = 0; i < count; ++i) {
        Value row = emit.add(word, i);
        Value value = emit.mulf(emit.subf(input(row, k), means[i]), scales[i]);
        if (op.getScale())
          value = emit.fma(value, load(op.getScale(), row, k),
                           load(op.getShift(), row, k));
        state.store(value, op, row, emit.add(first, k));
      }
    });
  });
}

void LayerEmitter::emitSoftmax(SoftmaxOp op) {
  int64_t depth = channels(op);
  Value input = op.getInput();
  emit.loop(0, words(op), [&](Value word) {
    Value inverse = emitLanesSoftmax(
        emit, depth, 1.0, [&](Value k) { return load(input, word, k); },
        [&](Value k, Value term) { state.store(term, op, word, k); });
    emit.loop(0, depth, [&](Value k) {
      state.store(emit.mulf(load(op, word, k), inverse), op, word, k);
    });
  });
}

void LayerEmitter::emitElementwise(
    Operation *op, llvm::function_ref<Value(Value, Value)> combine) {
  Value result = op->getResult(0);
  emit.loop(0, words(result), [&](Value word) {
    emit.loop(0, channels(result), [&](Value channel) {
      state.store(combine(word, channel), result, word, channel);
    });
  });
}

void LayerEmitter::emitConcat(ConcatColumnsOp op) {
  int64_t first = 0;
  for (Value part : op.getInputs()) {
    emit.loop(0, words(part), [&](Value word) {
      emit.loop(0, channels(part), [&](Value channel) {
        state.store(load(part, word, channel), op, word,
                    emit.add(channel, first));
      });
    });
    first += channels(part);
  }
}

Value LayerEmitter::splatIndex(Value index) {
  Value narrow = arith::IndexCastOp::create(emit.builder, emit.loc,
                                            emit.builder.getI32Type(), index);
  return vector::BroadcastOp::create(emit.builder, emit.loc, emit.intType(),
                                     narrow);
}

/// One vector of pixels for each window and tap: the same place in the tile of
/// every lane. Lanes behind the last tile repeat it.
void LayerEmitter::emitUnfold(UnfoldOp op) {
  OpBuilder &b = emit.builder;
  Location loc = emit.loc;
  auto [height, width] = op.getImageSize();
  ArrayRef<int64_t> tile = *op.getTile(), kernel = op.getKernel();
  ArrayRef<int64_t> stride = op.getStride(), padding = op.getPadding();
  int64_t tilesAcross = width / tile[1];
  int64_t windowsAcross = tile[1] / stride[1];

  SmallVector<int32_t> steps =
      llvm::to_vector(llvm::seq<int32_t>(0, emit.width));
  Value lanes = arith::ConstantOp::create(
      b, loc, DenseElementsAttr::get(emit.intType(), ArrayRef(steps)));
  Value first = emit.add(emit.mul(state.group, kLaneCount), state.lane);
  Value unit = arith::AddIOp::create(b, loc, splatIndex(first), lanes);
  unit = arith::MinSIOp::create(b, loc, unit,
                                emit.splatInt(op.getType().getDimSize(0) - 1));
  Value across = emit.splatInt(tilesAcross);
  Value tileRow = arith::DivUIOp::create(b, loc, unit, across);
  Value tileColumn = arith::RemUIOp::create(b, loc, unit, across);
  tileTop = arith::MulIOp::create(b, loc, tileRow, emit.splatInt(tile[0]));
  tileLeft = arith::MulIOp::create(b, loc, tileColumn, emit.splatInt(tile[1]));

  for (int64_t channel = 0; channel < op.getChannels(); ++channel) {
    Value outside =
        emit.splat(op.getPadValues().empty()
                       ? 0.0f
                       : static_cast<float>(op.getPadValues()[channel]));
    emit.loop(0, words(op), [&](Value window) {
      Value top = emit.mul(emit.div(window, windowsAcross), stride[0]);
      Value left = emit.mul(emit.rem(window, windowsAcross), stride[1]);
      emit.loop(0, kernel[0], [&](Value ky) {
        emit.loop(0, kernel[1], [&](Value kx) {
          Value y = emit.add(emit.add(top, ky), -padding[0]);
          Value x = emit.add(emit.add(left, kx), -padding[1]);
          Value pixels, inside;
          if (op.getPad() == PadScope::Tile) {
            Value cy = clampTo(y, tile[0]), cx = clampTo(x, tile[1]);
            inside = arith::AndIOp::create(b, loc, equal(y, cy), equal(x, cx));
            Value vy = arith::AddIOp::create(b, loc, tileTop, splatIndex(cy));
            Value vx = arith::AddIOp::create(b, loc, tileLeft, splatIndex(cx));
            pixels = gatherPixels(op, emit.index(channel), vy, vx);
          } else {
            auto place = [&](Value at, Value tileAt, int64_t size) {
              Value sum = arith::AddIOp::create(b, loc, tileAt, splatIndex(at));
              Value low = arith::MaxSIOp::create(b, loc, sum, emit.splatInt(0));
              Value clamped =
                  arith::MinSIOp::create(b, loc, low, emit.splatInt(size - 1));
              return std::pair(clamped, equal(sum, clamped));
            };
            auto [vy, insideY] = place(y, tileTop, height);
            auto [vx, insideX] = place(x, tileLeft, width);
            inside = arith::AndIOp::create(b, loc, insideY, insideX);
            pixels = gatherPixels(op, emit.index(channel), vy, vx);
          }
          Value tap = emit.add(emit.mul(ky, kernel[1]), kx);
          Value column =
              op.isInterleaved()
                  ? emit.add(emit.mul(tap, op.getChannels()), channel)
                  : emit.add(tap, channel * kernel[0] * kernel[1]);
          state.store(emit.select(inside, pixels, outside), op, window, column);
        });
      });
    });
  }
}

/// Pixels (y, x) of the image, one for each lane, as f32.
Value LayerEmitter::gatherPixels(UnfoldOp op, Value channel, Value y, Value x) {
  OpBuilder &b = emit.builder;
  Location loc = emit.loc;
  auto [height, width] = op.getImageSize();
  Value image = state.context.buffer(op.getInput());
  auto type = cast<MemRefType>(image.getType());
  Type element = type.getElementType();
  auto flatType = MemRefType::get(
      {ShapedType::kDynamic, op.getChannels() * height * width}, element);
  Value flat = memref::CollapseShapeOp::create(
      b, loc, flatType, image, ArrayRef<ReassociationIndices>{{0}, {1, 2, 3}});
  Value at = arith::AddIOp::create(
      b, loc,
      arith::MulIOp::create(b, loc, y, emit.splatInt(width)).getResult(), x);
  Value start = channel;
  if (op.isInterleaved())
    at = arith::MulIOp::create(b, loc, at, emit.splatInt(op.getChannels()));
  else
    start = emit.mul(channel, height * width);
  auto vectorType = VectorType::get(emit.width, element);
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(vectorType));
  Value pixels = vector::GatherOp::create(b, loc, vectorType, flat,
                                          ValueRange{state.image, start}, at,
                                          emit.firstLanes(emit.width), zero);
  if (!op.isInterleaved())
    return pixels;
  Value wide = arith::ExtUIOp::create(b, loc, emit.intType(), pixels);
  return arith::SIToFPOp::create(b, loc, emit.vectorType(), wide);
}

} // namespace

LogicalResult vitc::emitLanesLayer(LanesState &state, Operation *op) {
  LayerEmitter layer(state);
  Emitter &emit = state.emit;
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](LinearOp op) { return layer.emitLinear(op), success(); })
      .Case([&](LayerNormOp op) { return layer.emitLayerNorm(op), success(); })
      .Case([&](SoftmaxOp op) { return layer.emitSoftmax(op), success(); })
      .Case([&](AttentionOp op) {
        return emitLanesAttention(state, op), success();
      })
      .Case([&](AttentionMapOp op) {
        return emitLanesAttentionMap(state, op), success();
      })
      .Case([&](UnfoldOp op) { return layer.emitUnfold(op), success(); })
      .Case([&](ConcatColumnsOp op) { return layer.emitConcat(op), success(); })
      .Case([&](SliceColumnsOp) { return success(); })
      .Case([&](ActivationOp op) {
        layer.emitElementwise(op, [&](Value word, Value channel) {
          return emitActivation(emit, op.getKind(),
                                layer.load(op.getInput(), word, channel));
        });
        return success();
      })
      .Case([&](AddOp op) {
        layer.emitElementwise(op, [&](Value word, Value channel) {
          return emit.addf(layer.load(op.getLhs(), word, channel),
                           layer.load(op.getRhs(), word, channel));
        });
        return success();
      })
      .Case([&](MulOp op) {
        layer.emitElementwise(op, [&](Value word, Value channel) {
          return emit.mulf(layer.load(op.getLhs(), word, channel),
                           layer.load(op.getRhs(), word, channel));
        });
        return success();
      })
      .Default([](Operation *op) {
        return op->emitOpError() << "isn't supported on nested tokens";
      });
}
