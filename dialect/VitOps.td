//===- VitOps.td - Layer ops of the vit dialect ------------*- tablegen -*-===//
//
// One op per idea of the architecture; all of them describe one image.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_DIALECT_VITOPS_TD
#define VITC_DIALECT_VITOPS_TD

include "dialect/VitAttrs.td"
include "dialect/VitDialect.td"

//===----------------------------------------------------------------------===//
// From pixels to rows
//===----------------------------------------------------------------------===//

def Vit_NormalizeOp : Vit_Op<"normalize", [Pure]> {
  let summary = "8-bit interleaved pixels to normalised planes";
  let description = [{
    ```
    y[c, i, j] = (x[i, j, c] / 255 - mean[c]) / std[c]
    ```

    Pixels are unsigned. `vit-fold-normalize` moves the arithmetic into the
    weights of the products that read the planes.

    Constraints:
      (C1) The input is i8 [height, width, channels], the result f32
           [channels, height, width].
      (C2) `mean` and `std` have one entry a channel; every `std` is positive
           and finite, every `mean` finite.

    Example:

    ```mlir
    %x = vit.normalize %pixels mean [0.5, 0.5, 0.5] std [0.5, 0.5, 0.5]
        : tensor<224x224x3xi8> -> tensor<3x224x224xf32>
    ```
  }];
  let arguments = (ins Vit_Image:$input,          // C1
                       DenseF64ArrayAttr:$mean,   // C2
                       DenseF64ArrayAttr:$std);   // C2
  let results = (outs Vit_Tensor:$result);
  let assemblyFormat = [{
    $input `mean` custom<Numbers>($mean) `std` custom<Numbers>($std) attr-dict
    `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_UnfoldOp : Vit_Op<"unfold", [Pure]> {
  let summary = "gather the window under every position of a strided grid";
  let description = [{
    The gather half of a convolution: a following `vit.linear` is the other.
    The image is cut into tiles (`tile`, the whole image by default), each tile
    into windows of `kernel` pixels, `stride` apart, starting at -`padding`:

    ```
    y[t, w, (c, ky, kx)] = x[c, wy * stride_y + ky - padding_y, ...]
    ```

    with t the tile, row-major, and w the window inside the tile, row-major.
    Windows belong to the tile that their grid position falls into. With
    `pad tile`, pixels outside the window's own tile read as `pad_values`; with
    `pad image` only those outside the image do.

    A planar f32 image [c, h, w] gives columns in the order (c, ky, kx); an
    interleaved i8 one [h, w, c] gives (ky, kx, c), as f32 from 0 to 255.

    Constraints:
      (C1) The input is f32 [channels, height, width] or i8 [height, width,
           channels].
      (C2) `kernel` and `stride` are from 1 to 4096, `padding` is not negative
           and smaller than `kernel`.
      (C3) `tile`, where given, divides height and width, and `stride` divides
           `tile`.
      (C4) The result is [windows, columns], or [tiles, windows, columns] where
           a tile is given.
      (C5) `pad_values` is empty (zero) or has one finite entry a channel.

    Example:

    ```mlir
    // ViT: patches. TNT: 4 x 4 words of each patch, padded at its border.
    %p = vit.unfold %x kernel [16, 16] stride [16, 16] padding [0, 0]
        : tensor<3x224x224xf32> -> tensor<196x768xf32>
    %w = vit.unfold %x kernel [7, 7] stride [4, 4] padding [3, 3]
        tile [16, 16] pad tile
        : tensor<3x224x224xf32> -> tensor<196x16x147xf32>
    ```
  }];
  let arguments = (ins Vit_Image:$input,                                // C1
                       DenseI64ArrayAttr:$kernel,                       // C2
                       DenseI64ArrayAttr:$stride,                       // C2
                       DenseI64ArrayAttr:$padding,                      // C2
                       OptionalAttr<DenseI64ArrayAttr>:$tile,           // C3
                       DefaultValuedAttr<Vit_PadScopeAttr,
                         "::vitc::vit::PadScope::Image">:$pad,
                       DefaultValuedAttr<DenseF64ArrayAttr,
                         "::llvm::ArrayRef<double>{}">:$pad_values);    // C5
  let results = (outs Vit_Tensor:$result);                              // C4
  let assemblyFormat = [{
    $input `kernel` $kernel `stride` $stride `padding` $padding
    (`tile` $tile^)? (`pad` `` $pad^)?
    (`values` custom<Numbers>($pad_values)^)? attr-dict
    `:` type($input) `->` type($result)
  }];
  let extraClassDeclaration = [{
    /// True for an interleaved 8-bit image.
    bool isInterleaved() {
      return getInput().getType().getElementType().isInteger(8);
    }
    int64_t getChannels() {
      return getInput().getType().getDimSize(isInterleaved() ? 2 : 0);
    }
    /// Height and width of the image in pixels.
    std::pair<int64_t, int64_t> getImageSize() {
      auto shape = getInput().getType().getShape();
      return isInterleaved() ? std::pair(shape[0], shape[1])
                             : std::pair(shape[1], shape[2]);
    }
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

def Vit_LinearOp : Vit_Op<"linear", [Pure, AttrSizedOperandSegments]> {
  let summary = "product with a weight, and what follows it elementwise";
  let description = [{
    ```
    y = activation(x * transpose(weight) + bias) + residual
    ```

    The weight is [out, in], as checkpoints store it. Bias, activation and
    residual may be absent. A residual with fewer dimensions than the result is
    repeated over the leading ones (a position table over patches).

    Constraints:
      (C1) `weight` is [out, in] and `in` is the last dimension of `input`.
      (C2) The result has the shape of `input` with the last dimension `out`.
      (C3) `bias`, if given, is [out].
      (C4) The shape of `residual`, if given, is that of the result or a
           trailing part of it.

    Example:

    ```mlir
    %h = vit.linear %x, %w bias(%b) activation gelu
        : tensor<197x384xf32>, tensor<1536x384xf32>, tensor<1536xf32>
        -> tensor<197x1536xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input, Vit_Tensor:$weight,       // C1
                       Optional<Vit_Tensor>:$bias,                  // C3
                       Optional<Vit_Tensor>:$residual,              // C4
                       DefaultValuedAttr<Vit_ActivationAttr,
                         "::vitc::vit::Activation::None">:$activation);
  let results = (outs Vit_Tensor:$result);                          // C2
  let assemblyFormat = [{
    $input `,` $weight (`bias` `(` $bias^ `)`)? (`activation` `` $activation^)?
    (`residual` `(` $residual^ `)`)? attr-dict
    `:` type($input) `,` type($weight) (`,` type($bias)^)?
    (`residual` type($residual)^)? `->` type($result)
  }];
  let extraClassDeclaration = [{
    /// True if weight and bias are known when weights are packed, so that a
    /// pass may rewrite the program that computes them.
    bool hasPackableWeights() {
      return isWeight(getWeight()) && (!getBias() || isWeight(getBias()));
    }
  }];
  let hasVerifier = 1;
}

def Vit_LayerNormOp : Vit_Op<"layer_norm", [Pure, AttrSizedOperandSegments,
    AllTypesMatch<["input", "result"]>]> {
  let summary = "normalise the last dimension, or equal parts of it";
  let description = [{
    Layer normalisation (arXiv 1607.06450, section 3), for every position
    outside the last dimension:

    ```
    y = (x - mean(x)) / sqrt(variance(x) + eps) * scale + shift
    ```

    with the biased variance, computed as the centred second moment. Scale and
    shift come together or not at all: `vit-fold-layer-norm` moves them into
    the products that read the result.

    With `groups n` the last dimension is n parts of the same length, each
    normalised by itself with the same scale and shift (arXiv 2302.05442,
    section 2: queries and keys, head by head).

    Constraints:
      (C1) `groups` is positive and divides the last dimension.
      (C2) `scale` and `shift` are both given or both absent, of rank 1 and as
           long as a group.
      (C3) `eps` is positive and finite.

    Example:

    ```mlir
    %y = vit.layer_norm %x, %g, %b eps 1.0e-6
        : tensor<197x384xf32>, tensor<384xf32>, tensor<384xf32>
    %q = vit.layer_norm %y, %gq, %bq groups 6 eps 1.0e-6
        : tensor<197x384xf32>, tensor<64xf32>, tensor<64xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input,
                       Optional<Vit_Tensor>:$scale,              // C2
                       Optional<Vit_Tensor>:$shift,              // C2
                       F64Attr:$eps,                             // C3
                       DefaultValuedAttr<I64Attr, "1">:$groups); // C1
  let results = (outs Vit_Tensor:$result);
  let assemblyFormat = [{
    $input (`,` $scale^)? (`,` $shift^)? (`groups` $groups^)? `eps` $eps
    attr-dict `:` type($input) (`,` type($scale)^)? (`,` type($shift)^)?
  }];
  let extraClassDeclaration = [{
    /// Channels that are normalised together.
    int64_t getGroupSize() {
      return getType().getShape().back() / static_cast<int64_t>(getGroups());
    }
  }];
  let hasVerifier = 1;
}

def Vit_ActivationOp : Vit_Op<"activation", [Pure, SameOperandsAndResultType]> {
  let summary = "elementwise non-linearity";
  let description = [{
    ```
    gelu        x / 2 * (1 + erf(x / sqrt(2)))
    gelu_tanh   x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
    quick_gelu  x * sigmoid(1.702 x)
    silu        x * sigmoid(x)
    relu        max(x, 0)
    tanh        tanh(x)
    ```

    Example:

    ```mlir
    %y = vit.activation gelu %x : tensor<197x1536xf32>
    ```
  }];
  let arguments = (ins Vit_ActivationAttr:$kind, Vit_Tensor:$input);
  let results = (outs Vit_Tensor:$result);
  let assemblyFormat = "`` $kind $input attr-dict `:` type($input)";
  let hasFolder = 1;
}

def Vit_AttentionOp : Vit_Op<"attention", [Pure]> {
  let summary = "multi-head scaled dot-product attention";
  let description = [{
    Equation 1 and section 3.2.2 of arXiv 1706.03762. Channels are head-major:
    head h of q is `q[..., h * d : (h + 1) * d]` with d the head size.

    ```
    o_h = softmax(scale * q_h * transpose(k_h)) * v_h
    ```

    Leading dimensions are independent of each other (TNT: one attention per
    patch). Queries may be fewer than keys.

    Constraints:
      (C1) q, k and v have the same rank of at least 2 and the same leading
           dimensions; k and v have the same tokens; q and k the same channels.
      (C2) `heads` is positive and divides the channels of q and of v.
      (C3) `scale` is finite and not zero.
      (C4) The result has the tokens of q and the channels of v.

    Example:

    ```mlir
    %o = vit.attention %q, %k, %v heads 6 scale 0.125
        : tensor<197x384xf32>, tensor<197x384xf32>, tensor<197x384xf32>
        -> tensor<197x384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$query, Vit_Tensor:$key,    // C1
                       Vit_Tensor:$value,                     // C1
                       I64Attr:$heads, F64Attr:$scale);       // C2, C3
  let results = (outs Vit_Tensor:$result);                    // C4
  let assemblyFormat = [{
    $query `,` $key `,` $value `heads` $heads `scale` $scale attr-dict
    `:` type($query) `,` type($key) `,` type($value) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_AttentionMapOp : Vit_Op<"attention_map", [Pure]> {
  let summary = "the softmax scores of an attention";
  let description = [{
    The probabilities that `vit.attention` with the same operands weighs its
    values with, [..., heads, queries, keys].

    Constraints:
      (C1) q and k have the same rank of at least 2, the same leading
           dimensions and the same channels.
      (C2) `heads` is positive and divides the channels.
      (C3) `scale` is finite and not zero.
      (C4) The result is [..., heads, tokens of q, tokens of k].

    Example:

    ```mlir
    %p = vit.attention_map %q, %k heads 6 scale 0.125
        : tensor<1x384xf32>, tensor<197x384xf32> -> tensor<6x1x197xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$query, Vit_Tensor:$key,    // C1
                       I64Attr:$heads, F64Attr:$scale);       // C2, C3
  let results = (outs Vit_Tensor:$result);                    // C4
  let assemblyFormat = [{
    $query `,` $key `heads` $heads `scale` $scale attr-dict
    `:` type($query) `,` type($key) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_AddOp : Vit_Op<"add", [Pure, AllTypesMatch<["lhs", "result"]>]> {
  let summary = "elementwise sum, onto all rows or a range of them";
  let description = [{
    Without `row`, `rhs` is repeated over the leading dimensions that it lacks
    (a position table over patches). With `row r`, the rows of `rhs` are added
    to the rows r, r + 1, ... of `lhs` and the others pass unchanged (TNT's
    fold, which leaves the class token alone).

    Constraints:
      (C1) Without `row`: the shape of `rhs` is that of `lhs` or a trailing part
           of it.
      (C2) With `row`: both have rank 2 and the same channels, and the rows fit.

    Example:

    ```mlir
    %y = vit.add %x, %pos : tensor<197x384xf32>, tensor<197x384xf32>
    %z = vit.add %y, %fold row 1 : tensor<197x384xf32>, tensor<196x384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$lhs, Vit_Tensor:$rhs,     // C1, C2
                       OptionalAttr<I64Attr>:$row);          // C2
  let results = (outs Vit_Tensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs (`row` $row^)? attr-dict `:` type($lhs) `,` type($rhs)
  }];
  let hasVerifier = 1;
}

def Vit_MulOp : Vit_Op<"mul", [Pure, AllTypesMatch<["lhs", "result"]>]> {
  let summary = "elementwise product";
  let description = [{
    `rhs` is repeated over the leading dimensions that it lacks (LayerScale: one
    factor a channel).

    Constraints:
      (C1) The shape of `rhs` is that of `lhs` or a trailing part of it.

    Example:

    ```mlir
    %y = vit.mul %x, %gamma : tensor<197x384xf32>, tensor<384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$lhs, Vit_Tensor:$rhs);    // C1
  let results = (outs Vit_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs)";
  let hasVerifier = 1;
}

def Vit_SoftmaxOp : Vit_Op<"softmax", [Pure, SameOperandsAndResultType]> {
  let summary = "softmax over the last dimension";
  let description = [{
    ```
    y = exp(x - max(x)) / sum(exp(x - max(x)))
    ```

    Example:

    ```mlir
    %p = vit.softmax %logits : tensor<1x1000xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input);
  let results = (outs Vit_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def Vit_PoolOp : Vit_Op<"pool", [Pure]> {
  let summary = "reduce all tokens to one";
  let description = [{
    Constraints:
      (C1) The input is [tokens, channels], the result [1, channels].

    Example:

    ```mlir
    %y = vit.pool mean %x : tensor<196x384xf32> -> tensor<1x384xf32>
    ```
  }];
  let arguments = (ins Vit_PoolingAttr:$kind, Vit_Tensor:$input);   // C1
  let results = (outs Vit_Tensor:$result);                          // C1
  let assemblyFormat = [{
    `` $kind $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

include "dialect/VitArrangeOps.td"
include "dialect/VitWeightOps.td"
include "dialect/VitKernelOps.td"

#endif // VITC_DIALECT_VITOPS_TD
