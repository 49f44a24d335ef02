//===- VitArrangeOps.td - Ops that only move numbers -------*- tablegen -*-===//

#ifndef VITC_DIALECT_VITARRANGEOPS_TD
#define VITC_DIALECT_VITARRANGEOPS_TD

include "dialect/VitDialect.td"

def Vit_ConcatRowsOp : Vit_Op<"concat_rows", [Pure]> {
  let summary = "put the rows of several values below each other";
  let description = [{
    Constraints:
      (C1) There is at least one input; all have rank 2 and the channels of the
           result.
      (C2) The result has as many rows as all inputs together.

    Example:

    ```mlir
    %x = vit.concat_rows %cls, %patches
        : tensor<1x384xf32>, tensor<196x384xf32> -> tensor<197x384xf32>
    ```
  }];
  let arguments = (ins Variadic<Vit_Tensor>:$inputs);    // C1
  let results = (outs Vit_Tensor:$result);               // C2
  let assemblyFormat = [{
    $inputs attr-dict `:` type($inputs) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Vit_ConcatColumnsOp : Vit_Op<"concat_columns", [Pure]> {
  let summary = "put the channels of several values beside each other";
  let description = [{
    Constraints:
      (C1) There is at least one input; all agree with the result in every
           dimension but the last.
      (C2) The result has as many channels as all inputs together.

    Example:

    ```mlir
    // What the classifier of DINOv2 reads.
    %x = vit.concat_columns %cls, %mean
        : tensor<1x384xf32>, tensor<1x384xf32> -> tensor<1x768xf32>
    ```
  }];
  let arguments = (ins Variadic<Vit_Tensor>:$inputs);    // C1
  let results = (outs Vit_Tensor:$result);               // C2
  let assemblyFormat = [{
    $inputs attr-dict `:` type($inputs) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Vit_SliceRowsOp : Vit_Op<"slice_rows", [Pure]> {
  let summary = "a range of rows";
  let description = [{
    Rows `begin` to `begin` + rows(result) - 1.

    Constraints:
      (C1) Input and result have rank 2 and the same channels.
      (C2) `begin` is not negative and the range lies inside the input.

    Example:

    ```mlir
    %cls = vit.slice_rows %x from 0 : tensor<197x384xf32> -> tensor<1x384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input, I64Attr:$begin);   // C1, C2
  let results = (outs Vit_Tensor:$result);                   // C1, C2
  let assemblyFormat = [{
    $input `from` $begin attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Vit_SliceColumnsOp : Vit_Op<"slice_columns", [Pure]> {
  let summary = "a range of channels";
  let description = [{
    Channels `begin` to `begin` + channels(result) - 1.

    Constraints:
      (C1) Input and result differ in the last dimension at most.
      (C2) `begin` is not negative and the range lies inside the input.

    Example:

    ```mlir
    %k = vit.slice_columns %qkv from 384
        : tensor<197x1152xf32> -> tensor<197x384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input, I64Attr:$begin);   // C1, C2
  let results = (outs Vit_Tensor:$result);                   // C1, C2
  let assemblyFormat = [{
    $input `from` $begin attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Vit_TransposeOp : Vit_Op<"transpose", [Pure]> {
  let summary = "rows become columns";
  let description = [{
    ```
    y[j, i] = x[i, j]
    ```

    Tokens become planes, one for each channel.

    Constraints:
      (C1) Input and result have rank 2 and swapped dimensions.

    Example:

    ```mlir
    %y = vit.transpose %x : tensor<196x384xf32> -> tensor<384x196xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input);
  let results = (outs Vit_Tensor:$result);    // C1
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Vit_ReshapeOp : Vit_Op<"reshape", [Pure]> {
  let summary = "the same elements in row-major order under another shape";
  let description = [{
    Constraints:
      (C1) Input and result have the same number of elements.

    Example:

    ```mlir
    %y = vit.reshape %words : tensor<196x16x24xf32> -> tensor<196x384xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$input);
  let results = (outs Vit_Tensor:$result);    // C1
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

#endif // VITC_DIALECT_VITARRANGEOPS_TD
