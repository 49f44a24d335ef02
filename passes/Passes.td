//===- Passes.td - All passes of vitc, by stage ------------*- tablegen -*-===//

#ifndef VITC_PASSES_PASSES_TD
#define VITC_PASSES_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Stage graph: layer ops on tensors of one image
//===----------------------------------------------------------------------===//

def CutRowsPass : Pass<"vit-cut-rows", "::mlir::func::FuncOp"> {
  let summary = "compute only the rows that somebody reads";
  let description = [{
    Where every reader of a value takes a few of its rows, only those are
    computed. With a class token as the result of the last block, that leaves
    keys and values of all tokens but queries, projection and MLP of one.

    ```mlir
    %y = vit.linear %x, %w : tensor<197x384xf32>, ... -> tensor<197x384xf32>
    %c = vit.slice_rows %y from 0 : tensor<197x384xf32> -> tensor<1x384xf32>
    // becomes
    %s = vit.slice_rows %x from 0 : tensor<197x384xf32> -> tensor<1x384xf32>
    %c = vit.linear %s, %w : tensor<1x384xf32>, ... -> tensor<1x384xf32>
    ```

    A LayerNorm is cut even where others, such as keys and values, read all of
    it: those few rows are then computed twice, which costs little. Declines
    where more than half of the rows are needed: taking them apart would cost
    more than it saves.
  }];
}

def FoldLayerNormPass : Pass<"vit-fold-layer-norm", "::mlir::func::FuncOp"> {
  let summary = "move a LayerNorm's scale and shift into the products behind it";
  let description = [{
    ```
    linear(layer_norm(x, g, b), w, c)
      = linear(layer_norm(x), w * diag(g), c + w * b)
    ```

    Exact, also for zero scales, since nothing is divided back. Done for each
    linear that reads the norm, directly or through a reshape that joins whole
    rows; other readers keep the norm as it is. Declines where an operand is no
    weight.
  }];
}

def FoldNormalizePass : Pass<"vit-fold-normalize", "::mlir::func::FuncOp"> {
  let summary = "move pixel normalisation into the patch embedding";
  let description = [{
    ```
    linear(unfold(normalize(x, m, s)), w, c)
      = linear(unfold(x), w / (255 s), c - sum over columns of w * m / s)
    ```

    A padded unfold reads 255 m outside the image, which is what zero is before
    the normalisation, so that borders stay exact. Fails if anything but an
    unfolded product with weights of the checkpoint reads the normalised image,
    or if one of the quotients is out of the range of f32.
  }];
}

def FoldScalePass : Pass<"vit-fold-scale", "::mlir::func::FuncOp"> {
  let summary = "move a factor per channel into the product before it";
  let description = [{
    ```
    mul(linear(x, w, c), g) = linear(x, diag(g) * w, g * c)
    ```

    LayerScale costs nothing at run time. Declines where the linear has an
    activation, a residual or another reader, or an operand is no weight.
  }];
}

def FuseEpiloguePass : Pass<"vit-fuse-epilogue", "::mlir::func::FuncOp"> {
  let summary = "let a linear apply the activation and residual behind it";
  let description = [{
    ```
    activation(linear(x, w, c))       -> linear(x, w, c) activation
    add(r, linear(x, w, c))           -> linear(x, w, c) residual(r)
    ```

    A linear with a second reader is kept, because fusing would compute it
    twice.
  }];
}

def MergeLinearsPass : Pass<"vit-merge-linears", "::mlir::func::FuncOp"> {
  let summary = "one product for all linears of the same input";
  let description = [{
    The weights are concatenated along their outputs and each former result
    becomes a slice of columns: q, k and v are one product. Linears with an
    activation or a residual are left alone, and so are those with an operand
    that is no weight or with a reader before the last linear.
  }];
}

def SinkAddPass : Pass<"vit-sink-add", "::mlir::func::FuncOp"> {
  let summary = "add a table to the parts of a concatenation";
  let description = [{
    ```
    add(concat_rows(a, b), t) -> concat_rows(add(a, t[:n]), add(b, t[n:]))
    ```

    Sums of weights are then made when packing, and the position table becomes
    the residual of the patch embedding. Declines where the concatenation has
    another reader.
  }];
}

//===----------------------------------------------------------------------===//
// Stage fused: kernels as region ops
//===----------------------------------------------------------------------===//

def FormKernelsPass : Pass<"vit-form-kernels", "::mlir::func::FuncOp"> {
  let summary = "group layer ops into the kernels that will run them";
  let description = [{
    Every layer op ends up in exactly one `vit.kernel`, except those that only
    rearrange (`concat_rows`, `slice_rows`, `reshape` and `slice_columns`, which
    become views of buffers).

    * A linear takes the norm or unfold before it along; an unfold that others
      read is a rows kernel of its own.
    * Attentions and rows kernels take the column slices of their operands
      along, attentions also slices of rows, and of the columns of a map.
    * Neighbouring ops on nested tokens become one lanes kernel.
    * Other ops are joined with their only readers in rows kernels.
    * What no kernel can write or read where it is wanted is copied: weights
      among the rows of a concatenation, rows that a product reads, columns that
      one reads, nested tokens that anything but a product reads, results that
      are views or nested, that the function returns twice or that others read
      from rows with gaps.
    * A reshape that the function returns goes: results lie without gaps.

    Fails where anything reads an `attention_map` or columns of one: it can be
    an output only.
  }];
  let dependentDialects = ["::vitc::vit::VitDialect"];
}

//===----------------------------------------------------------------------===//
// Stage buffers: kernel functions on memrefs, the model as a list of steps
//===----------------------------------------------------------------------===//

def AssignBuffersPass : Pass<"vit-assign-buffers", "::mlir::ModuleOp"> {
  let summary = "give every edge a buffer and every distinct kernel a function";
  let description = [{
    Tensors between kernels become buffers with a layout: padded rows, or groups
    of 16 units in the lanes. Weights get packed. Results are written where they
    are needed: into an output, into their part of a concatenation, or over the
    residual that they replace. Kernels that compute the same become one
    function; the model is a list of `vit.step`.
  }];
  let dependentDialects = ["::vitc::vit::VitDialect",
                           "::mlir::memref::MemRefDialect"];
}

def PlanArenaPass : Pass<"vit-plan-arena", "::mlir::ModuleOp"> {
  let summary = "place buffers that are never alive together on top of each other";
  let description = [{
    A buffer is alive from the first step that names it to the last. Offsets are
    multiples of 64 bytes. Sets `vit.arena_image_bytes` on the model.
  }];
}

def PlanWeightsPass : Pass<"vit-plan-weights", "::mlir::ModuleOp"> {
  let summary = "place packed weights in the weights file, in order of use";
  let description = [{
    Offsets are multiples of 64 bytes and leave room for the header and
    directory. Sets `vit.weights_bytes` on the model.
  }];
}

def SelectTilesPass : Pass<"vit-select-tiles", "::mlir::ModuleOp"> {
  let summary = "choose register tiles and cache blocks for a CPU level";
  let description = [{
    Writes a `#vit.tile` on every kernel by the cost model of `TileModel`, from
    its shape and the level's registers and caches, and changes nothing else.
  }];
  let options = [
    Option<"level", "level", "std::string", "\"x86-64-v4\"",
           "CPU level whose registers and caches decide">];
}

//===----------------------------------------------------------------------===//
// Stage tiled: loops and vectors
//===----------------------------------------------------------------------===//

def LowerKernelsPass : Pass<"vit-lower-kernels", "::mlir::func::FuncOp"> {
  let summary = "kernels to loops over register tiles";
  let description = [{
    Expands the `vit.kernel` of a kernel function as its tile says. Sets
    `vit.scratch_bytes` to what a worker needs beside the operands.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"];
}

//===----------------------------------------------------------------------===//
// Stage llvm
//===----------------------------------------------------------------------===//

def LowerAbiPass : Pass<"vit-lower-abi", "::mlir::ModuleOp"> {
  let summary = "kernel functions take a table of operands";
  let description = [{
    Replaces the buffer arguments of a kernel function by one pointer to a table
    of addresses, so that all kernels have the C type `vitc_kernel`. Drops the
    model function: what it says is emitted as tables.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::vitc::vit::VitDialect"];
}

def LowerToLlvmPass : Pass<"vit-lower-to-llvm", "::mlir::ModuleOp"> {
  let summary = "branches, vectors and buffers to the LLVM dialect";
  let description = [{
    One conversion of everything that the tiled stage uses once its loops have
    become branches.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

//===----------------------------------------------------------------------===//
// Between stages
//===----------------------------------------------------------------------===//

def CheckStagePass : Pass<"vit-check-stage", "::mlir::ModuleOp"> {
  let summary = "fail where the promise of a stage is broken";
  let description = [{
    * `fused`: every layer op that computes is inside a kernel.
    * `buffers`: no tensor is left but weights; every buffer and packed weight
      has an offset, every kernel a tile.
    * `tiled`: no vit op is left in a kernel function.
  }];
  let options = [
    Option<"stage", "stage", "std::string", "\"\"", "stage to check">];
}

#endif // VITC_PASSES_PASSES_TD
