//===- VitAttrs.td - Attributes of the vit dialect ---------*- tablegen -*-===//

#ifndef VITC_DIALECT_VITATTRS_TD
#define VITC_DIALECT_VITATTRS_TD

include "dialect/VitDialect.td"

class Vit_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::vitc::vit";
  let genSpecializedAttr = 0;
}

def Vit_Activation : Vit_Enum<"Activation", "elementwise non-linearity", [
  I32EnumAttrCase<"None", 0, "none">,
  I32EnumAttrCase<"Gelu", 1, "gelu">,
  I32EnumAttrCase<"GeluTanh", 2, "gelu_tanh">,
  I32EnumAttrCase<"QuickGelu", 3, "quick_gelu">,
  I32EnumAttrCase<"Silu", 4, "silu">,
  I32EnumAttrCase<"Relu", 5, "relu">,
  I32EnumAttrCase<"Tanh", 6, "tanh">]>;
def Vit_ActivationAttr : EnumAttr<Vit_Dialect, Vit_Activation, "activation"> {
  let assemblyFormat = "$value";
}

def Vit_Pooling : Vit_Enum<"Pooling", "reduction over tokens", [
  I32EnumAttrCase<"Mean", 0, "mean">,
  I32EnumAttrCase<"Max", 1, "max">]>;
def Vit_PoolingAttr : EnumAttr<Vit_Dialect, Vit_Pooling, "pooling"> {
  let assemblyFormat = "$value";
}

def Vit_PadScope : Vit_Enum<"PadScope", "whose border a window is padded at", [
  I32EnumAttrCase<"Image", 0, "image">,
  I32EnumAttrCase<"Tile", 1, "tile">]>;
def Vit_PadScopeAttr : EnumAttr<Vit_Dialect, Vit_PadScope, "pad_scope"> {
  let assemblyFormat = "$value";
}

def Vit_Filter : Vit_Enum<"Filter", "interpolation kernel of a resample", [
  I32EnumAttrCase<"Bilinear", 0, "bilinear">,
  I32EnumAttrCase<"Bicubic", 1, "bicubic">,
  I32EnumAttrCase<"BilinearAntialias", 2, "bilinear_antialias">,
  I32EnumAttrCase<"BicubicAntialias", 3, "bicubic_antialias">,
  I32EnumAttrCase<"BilinearCorners", 4, "bilinear_corners">]>;
def Vit_FilterAttr : EnumAttr<Vit_Dialect, Vit_Filter, "filter"> {
  let assemblyFormat = "$value";
}

def Vit_KernelKind : Vit_Enum<"KernelKind", "how a kernel's body is executed", [
  I32EnumAttrCase<"Linear", 0, "linear">,
  I32EnumAttrCase<"Attention", 1, "attention">,
  I32EnumAttrCase<"Rows", 2, "rows">,
  I32EnumAttrCase<"Pool", 3, "pool">,
  I32EnumAttrCase<"Lanes", 4, "lanes">,
  I32EnumAttrCase<"Transpose", 5, "transpose">]>;
def Vit_KernelKindAttr : EnumAttr<Vit_Dialect, Vit_KernelKind, "kernel_kind"> {
  let assemblyFormat = "$value";
}

def Vit_TileAttr : AttrDef<Vit_Dialect, "Tile"> {
  let mnemonic = "tile";
  let summary = "how a kernel is cut into pieces for a CPU level";
  let description = [{
    * `vector`: f32 elements of a vector register.
    * `rows` x `columns`: the block of results whose accumulators stay in
      registers. For lanes kernels, words x outputs.
    * `block`: rows that pass a panel of the weight one after the other.
    * `depth`: steps of a product that all tiles of a block do before the next
      ones; a divisor of all steps. Without it, all steps at once.
    * `packed`: whether a product copies its rows so that a tile reads them as
      one run; rows that are prepared in any case are packed without it.

    Each size is from 1 to 65536.

    ```mlir
    #vit.tile<vector = 16, rows = 14, columns = 32, block = 256, depth = 192,
              packed = true>
    ```
  }];
  let parameters = (ins "int64_t":$vector, "int64_t":$rows,
                        "int64_t":$columns, "int64_t":$block,
                        OptionalParameter<"int64_t">:$depth,
                        OptionalParameter<"bool">:$packed);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // VITC_DIALECT_VITATTRS_TD
