//===- VitWeightOps.td - The program that packing runs -----*- tablegen -*-===//
//
// Pure expressions over checkpoint tensors. They are evaluated in float64 when
// the weights are packed and rounded to f32 once, at the end.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_DIALECT_VITWEIGHTOPS_TD
#define VITC_DIALECT_VITWEIGHTOPS_TD

include "dialect/VitAttrs.td"
include "dialect/VitDialect.td"

/// Marks ops whose result is known when weights are packed. Their operands are
/// results of such ops, so a program never depends on an image.
def Vit_WeightTrait : NativeOpTrait<"WeightTrait"> {
  let cppNamespace = "::vitc::vit";
}

class Vit_WeightOp<string mnemonic, list<Trait> traits = []>
    : Vit_Op<mnemonic, traits # [Pure, Vit_WeightTrait]> {
  let results = (outs Vit_Tensor:$result);
}

def Vit_WeightTensorOp : Vit_WeightOp<"weight"> {
  let summary = "a tensor of the checkpoint";
  let description = [{
    ```mlir
    %w = vit.weight "blocks.0.attn.qkv.weight" : tensor<1152x384xf32>
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}

def Vit_WeightConstantOp : Vit_WeightOp<"weight_constant"> {
  let summary = "a few numbers, cycled to fill a shape";
  let description = [{
    Element i in row-major order is `values[(i / each) % size(values)]`.

    Constraints:
      (C1) `values` is not empty and finite; `each` is positive.

    Example:

    ```mlir
    %zero = vit.weight_constant [0.0] each 1 : tensor<384xf32>
    // One factor a channel, over the columns (c, ky, kx) of a patch.
    %s = vit.weight_constant [2.0, 2.1, 2.2] each 256 : tensor<768xf32>
    ```
  }];
  let arguments = (ins DenseF64ArrayAttr:$values, I64Attr:$each);   // C1
  let assemblyFormat = [{
    custom<Numbers>($values) `each` $each attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_WeightConcatOp : Vit_WeightOp<"weight_concat"> {
  let summary = "join along one axis";
  let description = [{
    Constraints:
      (C1) There is at least one input; all have the result's rank and agree
           with it in every axis but `axis`.
      (C2) Along `axis` the inputs add up to the result.

    Example:

    ```mlir
    %w = vit.weight_concat %qk, %v axis 0
        : tensor<768x384xf32>, tensor<384x384xf32> -> tensor<1152x384xf32>
    ```
  }];
  let arguments = (ins Variadic<Vit_Tensor>:$inputs, I64Attr:$axis);
  let assemblyFormat = [{
    $inputs `axis` $axis attr-dict `:` type($inputs) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_WeightSliceOp : Vit_WeightOp<"weight_slice"> {
  let summary = "a range along one axis";
  let description = [{
    Constraints:
      (C1) Input and result have the same rank and agree in every axis but
           `axis`.
      (C2) `begin` is not negative and the range lies inside the input.

    Example:

    ```mlir
    %k = vit.weight_slice %qkv axis 0 from 384
        : tensor<1152x384xf32> -> tensor<384x384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input, I64Attr:$axis, I64Attr:$begin);
  let assemblyFormat = [{
    $input `axis` $axis `from` $begin attr-dict
    `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_WeightTransposeOp : Vit_WeightOp<"weight_transpose"> {
  let summary = "permute the axes";
  let description = [{
    Axis i of the result is axis `permutation[i]` of the input.

    Constraints:
      (C1) `permutation` is one of the input's axes.
      (C2) The result has the permuted shape.

    Example:

    ```mlir
    %w = vit.weight_transpose %k [0, 2, 3, 1]
        : tensor<384x3x16x16xf32> -> tensor<384x16x16x3xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let assemblyFormat = [{
    $input $permutation attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_WeightReshapeOp : Vit_WeightOp<"weight_reshape"> {
  let summary = "the same elements under another shape";
  let description = [{
    Constraints:
      (C1) Input and result have the same number of elements.

    Example:

    ```mlir
    %w = vit.weight_reshape %k : tensor<384x3x16x16xf32> -> tensor<384x768xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Vit_WeightRepeatOp : Vit_WeightOp<"weight_repeat"> {
  let summary = "repeat an axis of length one";
  let description = [{
    Constraints:
      (C1) `axis` has length 1 in the input; the other axes stay as they are.

    Example:

    ```mlir
    %y = vit.weight_repeat %x axis 0
        : tensor<1x14x192xf32> -> tensor<14x14x192xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input, I64Attr:$axis);
  let assemblyFormat = [{
    $input `axis` $axis attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_WeightAddOp : Vit_WeightOp<"weight_add", [SameOperandsAndResultType]> {
  let summary = "elementwise sum";
  let description = [{
    ```mlir
    %c = vit.weight_add %a, %b : tensor<1x384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$lhs, Vit_Tensor:$rhs);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}

def Vit_WeightScaleOp : Vit_WeightOp<"weight_scale",
    [AllTypesMatch<["input", "result"]>]> {
  let summary = "multiply every slice along an axis by its own factor";
  let description = [{
    Constraints:
      (C1) `factors` has rank 1 and the length of `axis`.

    Example:

    ```mlir
    // W * diag(gamma): a LayerNorm's scale in the product that follows it.
    %s = vit.weight_scale %w, %gamma axis 1
        : tensor<1152x384xf32>, tensor<384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input, Vit_Tensor:$factors, I64Attr:$axis);
  let assemblyFormat = [{
    $input `,` $factors `axis` $axis attr-dict
    `:` type($input) `,` type($factors)
  }];
  let hasVerifier = 1;
}

def Vit_WeightMatvecOp : Vit_WeightOp<"weight_matvec"> {
  let summary = "matrix times vector";
  let description = [{
    Constraints:
      (C1) `matrix` is [out, in], `vector` [in] and the result [out].

    Example:

    ```mlir
    // W * beta: what a LayerNorm's shift adds to the bias behind it.
    %b = vit.weight_matvec %w, %beta
        : tensor<1152x384xf32>, tensor<384xf32> -> tensor<1152xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$matrix, Vit_Tensor:$vector);
  let assemblyFormat = [{
    $matrix `,` $vector attr-dict
    `:` type($matrix) `,` type($vector) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_WeightResampleOp : Vit_WeightOp<"weight_resample"> {
  let summary = "interpolate a grid of values onto another grid";
  let description = [{
    The input is [rows, cols, channels], the result [rows', cols', channels];
    rows and columns are resampled separably. Source step and tap positions are
    those of the named filter: `bilinear` and `bicubic` (a = -0.75) clamp their
    taps to the border; the antialiased forms (a = -0.5) widen with the source
    step and divide by the sum of the taps; `bilinear_corners` aligns the corner
    samples. `offset` is added to the target size before the source step is
    computed (0.1 in DINOv2's checkpoints, else 0).

    Constraints:
      (C1) Input and result have rank 3 and the same channels.
      (C2) `offset` is finite and greater than -1.

    Example:

    ```mlir
    %p = vit.weight_resample %t bicubic_antialias offset 0.0
        : tensor<14x14x384xf32> -> tensor<24x24x384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input, Vit_FilterAttr:$filter,
                       F64Attr:$offset);
  let assemblyFormat = [{
    $input `` $filter `offset` $offset attr-dict
    `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_WeightResampleKernelOp : Vit_WeightOp<"weight_resample_kernel"> {
  let summary = "the kernel of a patch embedding for patches of another size";
  let description = [{
    Kernels are [out, in, height, width]. Let B be the matrix that resamples a
    plane from the input's to the result's size by `filter`, as
    `vit.weight_resample` does. Each of the out * in kernels w becomes

    ```
    w' = transpose(pinv(B)) w
    ```

    with the Moore-Penrose inverse (arXiv 2212.08013, section 3.4): on patches
    that are resampled to a larger size the result says what the input says of
    the patches as they were, and of all kernels it is nearest to that where the
    size is smaller.

    Constraints:
      (C1) Input and result have rank 4 and the same first two dimensions.
      (C2) The others are at most 4096.

    Example:

    ```mlir
    %w = vit.weight_resample_kernel %k bicubic_antialias
        : tensor<384x3x16x16xf32> -> tensor<384x3x32x32xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input, Vit_FilterAttr:$filter);   // C1
  let assemblyFormat = [{
    $input `` $filter attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_WeightSincosOp : Vit_WeightOp<"weight_sincos"> {
  let summary = "fixed two-dimensional sine-cosine position table";
  let description = [{
    The table of MAE and MoCo v3 (arXiv 2111.06377, appendix A.1) for a grid of
    `grid` = [height, width] patches. With w_i = 10000^(-i / (D / 4)), row
    (y, x) is `[sin(w x), cos(w x), sin(w y), cos(w y)]`; the grid's rows follow
    `prefix` rows of zeros.

    Constraints:
      (C1) `grid` has two entries from 1 to 65535, `prefix` is from 0 to 65535.
      (C2) The result is [prefix + height * width, D] with D a multiple of 4.

    Example:

    ```mlir
    %p = vit.weight_sincos grid [14, 14] prefix 1 : tensor<197x384xf32>
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$grid, I64Attr:$prefix);
  let assemblyFormat = [{
    `grid` $grid `prefix` $prefix attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

#endif // VITC_DIALECT_VITWEIGHTOPS_TD
