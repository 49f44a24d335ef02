//===- VitKernelOps.td - Kernels, buffers and steps --------*- tablegen -*-===//
//
// From the fused stage on: what runs as one kernel, on which buffers.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_DIALECT_VITKERNELOPS_TD
#define VITC_DIALECT_VITKERNELOPS_TD

include "dialect/VitAttrs.td"
include "dialect/VitDialect.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def Vit_TensorOrBuffer : AnyTypeOf<[Vit_Image, Vit_MemRef]>;

def Vit_YieldOp : Vit_Op<"yield", [Pure, Terminator, ReturnLike,
                                   ParentOneOf<["KernelOp"]>]> {
  let summary = "the results of a kernel's body";
  let arguments = (ins Variadic<Vit_Tensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def Vit_KernelOp : Vit_Op<"kernel", [IsolatedFromAbove, AttrSizedOperandSegments,
    SingleBlock]> {
  let summary = "layer ops that run as one kernel";
  let description = [{
    The body says what is computed, on tensors of one unit: the whole image, or
    a single row where the rows don't depend on each other. It has a block
    argument for every input and yields a value for every output.

    On tensors (stage `fused`) the kernel has results. On buffers it has
    outputs instead, and each buffer has one more dimension than its block
    argument where it differs from unit to unit, and the same number of
    dimensions where it holds packed weights.

    Kinds:

    * `linear`: `[layer_norm | unfold,] linear`. Rows times panels of the weight.
    * `attention`: `[slice_rows | slice_columns ...,] attention` or
      `..., attention_map [, slice_columns]`. One head at a time, tokens as
      rows.
    * `rows`: ops that treat every row alike: norms, sums, copies, softmax.
    * `pool`: a reduction over the rows.
    * `transpose`: rows to columns.
    * `lanes`: a chain of small layers that is the same for thousands of
      independent tokens' groups; those fill the vector lanes.

    Constraints:
      (C1) Either results or outputs are present, not both. With outputs, the
           inputs are buffers too.
      (C2) The body has as many arguments as there are inputs and yields as many
           values as there are results or outputs.
      (C3) On tensors, argument and result types equal the operands' and the
           yielded values'.

    Example:

    ```mlir
    %y = vit.kernel linear ins(%x, %w, %b : tensor<197x384xf32>,
        tensor<1152x384xf32>, tensor<1152xf32>) {
    ^bb0(%a: tensor<197x384xf32>, %m: tensor<1152x384xf32>,
         %c: tensor<1152xf32>):
      %n = vit.layer_norm %a eps 1.0e-6 : tensor<197x384xf32>
      %p = vit.linear %n, %m bias(%c) : tensor<197x384xf32>,
          tensor<1152x384xf32>, tensor<1152xf32> -> tensor<197x1152xf32>
      vit.yield %p : tensor<197x1152xf32>
    } -> tensor<197x1152xf32>
    ```
  }];
  let arguments = (ins Vit_KernelKindAttr:$kind,
                       Variadic<Vit_TensorOrBuffer>:$inputs,     // C2
                       Variadic<Vit_MemRef>:$outputs,            // C1, C2
                       OptionalAttr<Vit_TileAttr>:$tile);
  let results = (outs Variadic<Vit_Tensor>:$outs);               // C1, C2
  let regions = (region SizedRegion<1>:$body);                   // C2, C3
  let assemblyFormat = [{
    `` $kind (`tile` $tile^)? (`ins` `(` $inputs^ `:` type($inputs) `)`)?
    (`outs` `(` $outputs^ `:` type($outputs) `)`)? attr-dict-with-keyword $body
    (`->` type($outs)^)?
  }];
  let hasVerifier = 1;
}

def Vit_PackOp : Vit_Op<"pack", [Pure]> {
  let summary = "a weight as it lies in the weights file";
  let description = [{
    A matrix [N, K] is packed in panels of P outputs, [ceil(N / P), K, P]; rows
    past N are zero. Anything else lies in rows of the result's shape, padded
    with zeros where that is larger.

    `offset` is the distance in bytes from the first byte of the weights file;
    `vit-plan-weights` sets it.

    Constraints:
      (C1) Where the result has one dimension more than a rank 2 input, it is
           [ceil(N / P), K, P]; else it has the input's rank and is nowhere
           smaller.
      (C2) The result is f32 without gaps, `offset` is not negative.
      (C3) The input is computed by a weight op.

    Example:

    ```mlir
    %p = vit.pack %w offset 4096 : tensor<1000x384xf32> -> memref<32x384x32xf32>
    ```
  }];
  let arguments = (ins Vit_Tensor:$weight,               // C1, C3
                       OptionalAttr<I64Attr>:$offset);   // C2
  let results = (outs Vit_MemRef:$result);               // C1, C2
  let assemblyFormat = [{
    $weight (`offset` $offset^)? attr-dict `:` type($weight) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_BufferOp : Vit_Op<"buffer"> {
  let summary = "activations in the arena";
  let description = [{
    The first dimension counts images and is dynamic. `offset` is the buffer's
    place in bytes for one image; for n images it starts at n times that
    (`vit-plan-arena` sets it).

    Constraints:
      (C1) Only the first dimension is dynamic.
      (C2) `offset` is not negative.

    Example:

    ```mlir
    %b = vit.buffer offset 302592 : memref<?x197x1152xf32>
    ```
  }];
  let arguments = (ins OptionalAttr<I64Attr>:$offset);    // C2
  let results = (outs Vit_MemRef:$result);                // C1
  let assemblyFormat = "(`offset` $offset^)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Vit_RowRangeOp : Vit_Op<"row_range", [Pure]> {
  let summary = "some rows of every image of a buffer";
  let description = [{
    The type says nothing of where the range begins: an operand's address is
    the buffer's plus the distance of row `begin`.

    Constraints:
      (C1) Input and result are [images, rows, columns] of the same element
           type, images, columns, strides and offset; rows and columns are
           static.
      (C2) `begin` is not negative and the range lies inside the input.

    Example:

    ```mlir
    %r = vit.row_range %b from 1 : memref<?x197x384xf32>
        -> memref<?x196x384xf32, strided<[75648, 384, 1]>>
    ```
  }];
  let arguments = (ins Vit_MemRef:$input, I64Attr:$begin);    // C1, C2
  let results = (outs Vit_MemRef:$result);                    // C1, C2
  let assemblyFormat = [{
    $input `from` $begin attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Vit_StepOp : Vit_Op<"step", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one call of a kernel in the run of a model";
  let description = [{
    The kernel runs over a grid of rows and columns, any rectangle of which is a
    task of its own. `rows` and `columns` are the grid of one image; `grain`
    rows are a tile: fewer take as long. `macs` are the multiply-adds for one image.

    Constraints:
      (C1) The callee is a function of the buffers and the worker's scratch, or
           of one table of them, and four indices (first and last row, first and
           last column).
      (C2) `rows`, `grain` and `columns` are positive, `macs` is not negative.

    Example:

    ```mlir
    vit.step @linear_0 "blocks.0.attn.qkv" (%x, %w, %b, %y) rows 197 grain 14
        columns 36 macs 87146496 : memref<?x197x384xf32>, ...
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, StrAttr:$name,
                       Variadic<Vit_MemRef>:$buffers,               // C1
                       I64Attr:$rows, I64Attr:$grain,               // C2
                       I64Attr:$columns, I64Attr:$macs);            // C2
  let assemblyFormat = [{
    $callee $name `(` $buffers `)` `rows` $rows `grain` $grain
    `columns` $columns `macs` $macs attr-dict `:` type($buffers)
  }];
  let hasVerifier = 1;
}

def Vit_OperandOp : Vit_Op<"operand", [Pure]> {
  let summary = "an entry of a kernel's operand table as a buffer";
  let description = [{
    Loads the base pointer of operand `index` from the table that a kernel is
    called with. Strides come from the type, so no descriptor travels.

    Constraints:
      (C1) `index` is not negative.

    Example:

    ```mlir
    %x = vit.operand %table[0] : !llvm.ptr -> memref<?x197x384xf32>
    ```
  }];
  let arguments = (ins AnyType:$table, I64Attr:$index);    // C1
  let results = (outs Vit_MemRef:$result);
  let assemblyFormat = [{
    $table `[` $index `]` attr-dict `:` type($table) `->` type($result)
  }];
  let hasVerifier = 1;
}

#endif // VITC_DIALECT_VITKERNELOPS_TD
