//===- RowSource.cpp - Where the rows of a product come from --------------===//

#include "passes/tiled/RowSource.h"
#include "passes/buffers/Layout.h"
#include "passes/tiled/RowLoops.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

Emitter::Values vitc::rowIndices(Value buffer, Value image, Value row,
                                 Value column) {
  int64_t rank = cast<MemRefType>(buffer.getType()).getRank();
  Emitter::Values indices{image, row, column};
  return Emitter::Values(indices.end() - rank, indices.end());
}

RowSource::RowSource(KernelContext &context, Value input)
    : context(context), emit(context.emit),
      norm(input.getDefiningOp<LayerNormOp>()),
      unfold(input.getDefiningOp<UnfoldOp>()),
      depth(cast<RankedTensorType>(input.getType()).getShape().back()) {
  Value argument = norm ? norm.getInput() : unfold ? unfold.getInput() : input;
  buffer = context.buffer(argument);
  // An image of the right width looks like groups of lanes.
  lanes = !unfold && isLanes(cast<MemRefType>(buffer.getType()));
  if (norm || unfold || lanes)
    // Groups of lanes may begin before a block and end behind it.
    scratch =
        context.scratch.take({lanes ? context.tile().getBlock() + 2 * kLaneCount
                                    : context.tile().getRows(),
                              paddedRow(depth)});
}

void RowSource::prepare(Value image, Value begin, Value end) {
  this->image = image;
  scratchRow = begin;
  if (!scratch)
    return;
  if (lanes) {
    Value firstGroup = emit.div(begin, kLaneCount);
    scratchRow = emit.mul(firstGroup, kLaneCount);
    Value endGroup = emit.div(emit.add(end, kLaneCount - 1), kLaneCount);
    emit.loop(firstGroup, endGroup, 1,
              [&](Value group) { turnGroup(image, group); });
    if (norm)
      emit.loop(begin, end, 1, [&](Value row) {
        Value slot = emit.sub(row, scratchRow);
        normaliseRow(scratch, {slot}, slot);
      });
    return;
  }
  emit.loop(begin, end, 1, [&](Value row) {
    Value slot = emit.sub(row, begin);
    if (unfold)
      return unfoldRow(image, row);
    Emitter::Values indices = rowIndices(buffer, image, row, emit.index(0));
    indices.pop_back();
    normaliseRow(buffer, indices, slot);
  });
}

Emitter::Values RowSource::firstElement(Value row) {
  if (scratch)
    return {emit.sub(row, scratchRow), emit.index(0)};
  return rowIndices(buffer, image, row, emit.index(0));
}

void RowSource::normaliseRow(Value from, ValueRange fromIndices, Value slot) {
  overGroups(emit, norm, [&](Value first) {
    auto load = [&](Value k, int64_t active) {
      Emitter::Values indices(fromIndices.begin(), fromIndices.end());
      indices.push_back(emit.add(first, k));
      return emit.loadVector(from, indices, active);
    };
    int64_t size = norm.getGroupSize();
    auto [mean, scale] =
        emitRowStatistics(emit, size, norm.getEps().convertToDouble(), load);
    Value means = emit.splat(mean), scales = emit.splat(scale);
    overRow(emit, size, {}, [&](Value k, int64_t active, ValueRange) {
      Value value = emit.mulf(emit.subf(load(k, active), means), scales);
      emit.storeVector(value, scratch, {slot, emit.add(first, k)}, active);
      return Emitter::Values();
    });
  });
}

/// Square blocks of [k][unit] become [unit][k].
void RowSource::turnGroup(Value image, Value group) {
  Value slot = emit.sub(emit.mul(group, kLaneCount), scratchRow);
  int64_t whole = depth - depth % emit.width;
  emit.loop(emit.index(0), emit.index(whole), emit.width, [&](Value k) {
    for (int64_t lane = 0; lane < kLaneCount; lane += emit.width) {
      Emitter::Values lines;
      for (int64_t i = 0; i < emit.width; ++i)
        lines.push_back(emit.loadVector(
            buffer, {image, group, emit.add(k, i), emit.index(lane)}));
      lines = emit.transpose(lines);
      for (int64_t i = 0; i < emit.width; ++i)
        emit.storeVector(lines[i], scratch, {emit.add(slot, lane + i), k});
    }
  });
  emit.loop(whole, depth, [&](Value k) {
    emit.loop(0, kLaneCount, [&](Value lane) {
      emit.store(emit.load(buffer, {image, group, k, lane}), scratch,
                 {emit.add(slot, lane), k});
    });
  });
}

void RowSource::unfoldRow(Value image, Value row) {
  int64_t width = unfold.getImageSize().second;
  int64_t across =
      (width + 2 * unfold.getPadding()[1] - unfold.getKernel()[1]) /
          unfold.getStride()[1] +
      1;
  Value top = emit.mul(emit.div(row, across), unfold.getStride()[0]);
  Value left = emit.mul(emit.rem(row, across), unfold.getStride()[1]);
  Value slot = emit.sub(row, scratchRow);
  if (unfold.getPadding()[0] || unfold.getPadding()[1])
    return unfoldPadded(image, top, left, slot);
  emit.loop(0, unfold.isInterleaved() ? 1 : unfold.getChannels(),
            [&](Value channel) {
              emit.loop(0, unfold.getKernel()[0], [&](Value line) {
                unfoldLine(image, top, left, channel, line, slot);
              });
            });
}

/// Copies one line of a window, which is contiguous in the image: kernel width
/// pixels of a plane, or of all channels where they are interleaved.
void RowSource::unfoldLine(Value image, Value top, Value left, Value channel,
                           Value line, Value slot) {
  OpBuilder &b = emit.builder;
  Location loc = emit.loc;
  Value y = emit.add(top, line);
  if (!unfold.isInterleaved()) {
    int64_t length = unfold.getKernel()[1];
    Value column = emit.mul(
        emit.add(emit.mul(channel, unfold.getKernel()[0]), line), length);
    overRow(emit, length, {}, [&](Value k, int64_t active, ValueRange) {
      Value pixels = emit.loadVector(
          buffer, {image, channel, y, emit.add(left, k)}, active);
      emit.storeVector(pixels, scratch, {slot, emit.add(column, k)}, active);
      return Emitter::Values();
    });
    return;
  }
  int64_t channels = unfold.getChannels();
  int64_t length = unfold.getKernel()[1] * channels;
  Value column = emit.mul(line, length);
  // The line as one row of bytes.
  auto bytes = VectorType::get(emit.width, b.getI8Type());
  auto [height, width] = unfold.getImageSize();
  auto linesType = MemRefType::get(
      {ShapedType::kDynamic, height, width * channels}, b.getI8Type());
  Value lines = memref::CollapseShapeOp::create(
      b, loc, linesType, buffer,
      ArrayRef<ReassociationIndices>{{0}, {1}, {2, 3}});
  Value from = emit.mul(left, channels);
  overRow(emit, length, {}, [&](Value k, int64_t active, ValueRange) {
    Value indices[] = {image, y, emit.add(from, k)};
    Value loaded;
    if (active == emit.width) {
      loaded = vector::LoadOp::create(b, loc, bytes, lines, indices);
    } else {
      Value zero = arith::ConstantOp::create(
          b, loc, DenseElementsAttr::get(bytes, static_cast<int8_t>(0)));
      loaded = vector::MaskedLoadOp::create(b, loc, bytes, lines, indices,
                                            emit.firstLanes(active), zero);
    }
    Value wide = arith::ExtUIOp::create(b, loc, emit.intType(), loaded);
    Value values = arith::SIToFPOp::create(b, loc, emit.vectorType(), wide);
    emit.storeVector(values, scratch, {slot, emit.add(column, k)}, active);
    return Emitter::Values();
  });
}

/// One element at a time, with the border's value outside the image.
void RowSource::unfoldPadded(Value image, Value top, Value left, Value slot) {
  OpBuilder &b = emit.builder;
  Location loc = emit.loc;
  auto [height, width] = unfold.getImageSize();
  int64_t kernelHeight = unfold.getKernel()[0];
  int64_t kernelWidth = unfold.getKernel()[1];
  auto clampTo = [&](Value at, int64_t size) {
    return emit.min(emit.max(at, emit.index(0)), emit.index(size - 1));
  };
  for (int64_t channel = 0; channel < unfold.getChannels(); ++channel) {
    Value outside =
        emit.scalar(unfold.getPadValues().empty()
                        ? 0.0f
                        : static_cast<float>(unfold.getPadValues()[channel]));
    emit.loop(0, kernelHeight, [&](Value ky) {
      emit.loop(0, kernelWidth, [&](Value kx) {
        Value y = emit.add(emit.add(top, ky), -unfold.getPadding()[0]);
        Value x = emit.add(emit.add(left, kx), -unfold.getPadding()[1]);
        Value cy = clampTo(y, height), cx = clampTo(x, width);
        Value c = emit.index(channel);
        Value pixel;
        Value column;
        if (unfold.isInterleaved()) {
          pixel = emit.load(buffer, {image, cy, cx, c});
          pixel = arith::UIToFPOp::create(b, loc, b.getF32Type(), pixel);
          column = emit.add(emit.mul(emit.add(emit.mul(ky, kernelWidth), kx),
                                     unfold.getChannels()),
                            channel);
        } else {
          pixel = emit.load(buffer, {image, c, cy, cx});
          column = emit.add(emit.add(emit.mul(ky, kernelWidth), kx),
                            channel * kernelHeight * kernelWidth);
        }
        Value inside = arith::AndIOp::create(
            b, loc,
            arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, y, cy)
                .getResult(),
            arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x, cx)
                .getResult());
        emit.store(emit.select(inside, pixel, outside), scratch,
                   {slot, column});
      });
    });
  }
}
