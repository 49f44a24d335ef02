//===- SpecOps.cpp - The ops a spec can use, and their fields -------------===//

#include "models/SpecOps.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace vitc;

namespace {

using F = FieldKind;
constexpr bool required = true;

constexpr StringLiteral activations[] = {
    "gelu", "gelu_tanh", "quick_gelu", "silu", "relu", "tanh", "none"};
constexpr StringLiteral poolings[] = {"mean", "max"};
constexpr StringLiteral padScopes[] = {"image", "tile"};
constexpr StringLiteral filters[] = {"bilinear", "bicubic",
                                     "bilinear_antialias", "bicubic_antialias",
                                     "bilinear_corners"};

constexpr FieldInfo activation[] = {{"input", F::Operand, required},
                                    {"kind", F::Choice, required, activations}};
constexpr FieldInfo add[] = {{"input", F::Operand, required},
                             {"other", F::Operand, required},
                             {"row", F::Integer}};
constexpr FieldInfo attention[] = {{"query", F::Operand, required},
                                   {"key", F::Operand, required},
                                   {"value", F::Operand, required},
                                   {"heads", F::Integer, required},
                                   {"scale", F::Real}};
constexpr FieldInfo attentionMap[] = {{"query", F::Operand, required},
                                      {"key", F::Operand, required},
                                      {"heads", F::Integer, required},
                                      {"scale", F::Real}};
constexpr FieldInfo concat[] = {{"inputs", F::Operands, required}};
constexpr FieldInfo layerNorm[] = {{"input", F::Operand, required},
                                   {"eps", F::Real, required},
                                   {"groups", F::Integer},
                                   {"affine", F::Boolean},
                                   {"scale", F::Weight},
                                   {"shift", F::Weight}};
constexpr FieldInfo linear[] = {{"input", F::Operand, required},
                                {"features", F::Integer, required},
                                {"weight", F::Weight},
                                {"bias", F::Presence},
                                {"parts", F::Parts}};
constexpr FieldInfo mul[] = {{"input", F::Operand, required},
                             {"other", F::Operand, required}};
constexpr FieldInfo pool[] = {{"input", F::Operand, required},
                              {"kind", F::Choice, required, poolings}};
constexpr FieldInfo reshape[] = {{"input", F::Operand, required},
                                 {"shape", F::Integers, required}};
constexpr FieldInfo sliceColumns[] = {{"input", F::Operand, required},
                                      {"begin", F::Integer, required},
                                      {"columns", F::Integer, required}};
constexpr FieldInfo sliceRows[] = {{"input", F::Operand, required},
                                   {"begin", F::Integer, required},
                                   {"rows", F::Integer, required}};
constexpr FieldInfo softmax[] = {{"input", F::Operand, required}};
constexpr FieldInfo transpose[] = {{"input", F::Operand, required}};
constexpr FieldInfo unfold[] = {{"input", F::Operand, required},
                                {"kernel", F::Size, required},
                                {"stride", F::Size, required},
                                {"padding", F::Size},
                                {"tile", F::Size},
                                {"pad", F::Choice, false, padScopes}};

constexpr OpInfo layers[] = {
    {"activation", OpKind::Activation, activation},
    {"add", OpKind::Add, add},
    {"attention", OpKind::Attention, attention},
    {"attention_map", OpKind::AttentionMap, attentionMap},
    {"concat_columns", OpKind::ConcatColumns, concat},
    {"concat_rows", OpKind::ConcatRows, concat},
    {"layer_norm", OpKind::LayerNorm, layerNorm},
    {"linear", OpKind::Linear, linear},
    {"mul", OpKind::Mul, mul},
    {"pool", OpKind::Pool, pool},
    {"reshape", OpKind::Reshape, reshape},
    {"slice_columns", OpKind::SliceColumns, sliceColumns},
    {"slice_rows", OpKind::SliceRows, sliceRows},
    {"softmax", OpKind::Softmax, softmax},
    {"transpose", OpKind::Transpose, transpose},
    {"unfold", OpKind::Unfold, unfold},
};

constexpr FieldInfo tensorFields[] = {{"tensor", F::Tensor, required},
                                      {"shape", F::Integers}};
constexpr FieldInfo weightAdd[] = {{"input", F::Weight, required},
                                   {"other", F::Weight, required}};
constexpr FieldInfo weightConcat[] = {{"inputs", F::Weights, required},
                                      {"axis", F::Integer, required}};
constexpr FieldInfo weightConstant[] = {{"values", F::Reals, required},
                                        {"each", F::Integer},
                                        {"shape", F::Integers}};
constexpr FieldInfo weightMatvec[] = {{"matrix", F::Weight, required},
                                      {"vector", F::Weight, required}};
constexpr FieldInfo weightRepeat[] = {{"input", F::Weight, required},
                                      {"axis", F::Integer, required},
                                      {"times", F::Integer, required}};
constexpr FieldInfo weightResample[] = {
    {"input", F::Weight, required},
    {"size", F::Size, required},
    {"filter", F::Choice, required, filters},
    {"offset", F::Real}};
constexpr FieldInfo weightResampleKernel[] = {
    {"input", F::Weight, required},
    {"size", F::Size, required},
    {"filter", F::Choice, required, filters}};
constexpr FieldInfo weightReshape[] = {{"input", F::Weight, required},
                                       {"shape", F::Integers}};
constexpr FieldInfo weightScale[] = {{"input", F::Weight, required},
                                     {"factors", F::Weight, required},
                                     {"axis", F::Integer, required}};
constexpr FieldInfo weightSincos[] = {{"grid", F::Size, required},
                                      {"width", F::Integer, required},
                                      {"prefix", F::Integer}};
constexpr FieldInfo weightSlice[] = {{"input", F::Weight, required},
                                     {"axis", F::Integer, required},
                                     {"begin", F::Integer, required},
                                     {"length", F::Integer, required}};
constexpr FieldInfo weightTranspose[] = {
    {"input", F::Weight, required}, {"permutation", F::Integers, required}};

constexpr OpInfo weights[] = {
    {"add", OpKind::WeightAdd, weightAdd},
    {"concat", OpKind::WeightConcat, weightConcat},
    {"constant", OpKind::WeightConstant, weightConstant},
    {"matvec", OpKind::WeightMatvec, weightMatvec},
    {"repeat", OpKind::WeightRepeat, weightRepeat},
    {"resample", OpKind::WeightResample, weightResample},
    {"resample_kernel", OpKind::WeightResampleKernel, weightResampleKernel},
    {"reshape", OpKind::WeightReshape, weightReshape},
    {"scale", OpKind::WeightScale, weightScale},
    {"sincos", OpKind::WeightSincos, weightSincos},
    {"slice", OpKind::WeightSlice, weightSlice},
    {"transpose", OpKind::WeightTranspose, weightTranspose},
};

constexpr OpInfo tensor = {"tensor", OpKind::Tensor, tensorFields};

} // namespace

const FieldInfo *OpInfo::find(StringRef field) const {
  const FieldInfo *found = find_if(
      fields, [&](const FieldInfo &info) { return info.name == field; });
  return found == fields.end() ? nullptr : found;
}

ArrayRef<OpInfo> vitc::layerOps() { return layers; }
ArrayRef<OpInfo> vitc::weightOps() { return weights; }
const OpInfo &vitc::tensorOp() { return tensor; }
