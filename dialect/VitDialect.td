//===- VitDialect.td - The vit dialect ---------------------*- tablegen -*-===//
//
// The dialect itself and what all of its ops share.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_DIALECT_VITDIALECT_TD
#define VITC_DIALECT_VITDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Vit_Dialect : Dialect {
  let name = "vit";
  let cppNamespace = "::vitc::vit";
  let summary = "vision transformers, from whole layers down to kernels";
  let description = [{
    Three groups of ops, one for each question that the compiler asks.

    * *What is computed?* The layer ops (`vit.linear`, `vit.layer_norm`,
      `vit.attention`, ...) describe one image. Values are static tensors
      without a batch; the last dimension holds channels, the one before it
      tokens, any further ones say in what the tokens are nested (TNT's words
      sit in patches).
    * *From which numbers?* The weight ops (`vit.weight`,
      `vit.weight_concat`, ...) are a small program over checkpoint tensors
      that runs once, when the weights are packed. A weight value never
      becomes a constant of the IR.
    * *Where and in what pieces?* The kernel ops (`vit.kernel`, `vit.pack`,
      `vit.buffer`, `vit.step`) group layer ops into kernels, name the buffers
      that join them, and list the calls that make up a run.

    No value is empty or larger than 2^32 elements (of one image, where images
    are a dimension), so the arithmetic on shapes that verifiers and passes do
    in 64 bits can't overflow.
  }];
  let useDefaultAttributePrinterParser = 1;
}

class Vit_Op<string mnemonic, list<Trait> traits = []>
    : Op<Vit_Dialect, mnemonic, traits>;

def Vit_BoundedPred : CPred<
    "::vitc::vit::isBounded(::llvm::cast<::mlir::ShapedType>($_self))">;

def Vit_Tensor : ConfinedType<StaticShapeTensorOf<[F32]>,
    [HasRankGreaterOrEqualPred<1>, Vit_BoundedPred],
    "static f32 tensor of rank 1 or more and 1 to 2^32 elements">;

def Vit_Image : ConfinedType<StaticShapeTensorOf<[F32, I8]>, [Vit_BoundedPred],
    "static f32 or i8 tensor of 1 to 2^32 elements">;

// The order matters: strides of unbounded shapes overflow.
def Vit_MemRef : ConfinedType<MemRefOf<[F32, I8]>,
    [Vit_BoundedPred, HasStridesPred],
    "strided f32 or i8 buffer of 1 to 2^32 elements an image">;

#endif // VITC_DIALECT_VITDIALECT_TD
