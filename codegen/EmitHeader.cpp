//===- EmitHeader.cpp - The C header of a compiled model ------------------===//

#include "codegen/EmitHeader.h"
#include "models/MessageText.h"

#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

using namespace llvm;
using namespace vitc;

namespace {

int64_t elements(const TensorDescription &tensor) {
  int64_t count = 1;
  for (int64_t size : tensor.shape)
    count *= size;
  return count;
}

/// Text from a spec must not end the comment it stands in.
std::string inComment(std::string text) {
  for (size_t at; (at = text.find("*/")) != std::string::npos;)
    text.replace(at, 2, "* /");
  return text;
}

/// A variable for each tensor: "logits, tokens_3".
std::string variables(ArrayRef<TensorDescription> tensors) {
  return join(map_range(tensors,
                        [](const TensorDescription &tensor) {
                          return variableName(tensor.name);
                        }),
              ", ");
}

void describeTensors(raw_ostream &os, StringRef title,
                     ArrayRef<TensorDescription> tensors) {
  for (auto [index, tensor] : enumerate(tensors))
    os << fmt::format(" * {:<10} {} {}, {} {}: {}\n", index ? "" : title.str(),
                      index, tensor.name, tensor.bytes ? "uint8_t" : "float",
                      shapeText(tensor.shape), inComment(tensor.meaning));
}

void describePreprocessing(raw_ostream &os, const Preprocessing &steps) {
  for (auto [index, line] : enumerate(steps.describe()))
    os << fmt::format(" * {:<10} {}\n", index ? "" : "Pixels", line);
}

} // namespace

void vitc::emitHeader(raw_ostream &os, StringRef prefix, StringRef compiler,
                      const ModelDescription &d, const LevelTable &level,
                      bool embedded) {
  std::string p = prefix.str(), guard = macroName(prefix);
  os << fmt::format("/* {}.h - {}\n *\n", p,
                    inComment(d.title.empty() ? d.name : d.title));
  os << fmt::format(" * Model      {}, {} parameters, {} multiply-adds an image"
                    "\n",
                    d.name, d.parameters, d.macs);
  os << fmt::format(" * Precision  f32\n * CPU        {}\n", level.level.name);
  describeTensors(os, "Inputs", d.inputs);
  describeTensors(os, "Outputs", d.outputs);
  if (d.preprocessing)
    describePreprocessing(os, *d.preprocessing);
  if (embedded)
    os << fmt::format(" * Weights    in the object, {}_model.weights\n", p);
  else
    os << fmt::format(" * Weights    {}.weights, {} bytes\n", p,
                      level.weightsBytes);
  std::string weights = embedded ? p + "_model.weights" : "weights";
  os << fmt::format(
      " *\n * Written by {0}. Every tensor has the images of a run as its"
      " outermost\n * dimension. Weights and arena are aligned to"
      " VITC_ALIGNMENT bytes.\n *\n"
      " *   const void *inputs[] = {{pixels}};\n"
      " *   void *outputs[] = {{{6}}};\n"
      " *   void *arena = aligned_alloc({2}_ALIGNMENT,"
      " {2}_ARENA_BYTES(1, 1));\n"
      " *   {1}_run({3}, inputs, outputs, arena, 1);\n *\n"
      " * {1}_run uses the calling thread and needs no runtime; it doesn't"
      " check\n * the CPU or the weights{4}. vitc/runtime.h does, and brings "
      "threads.\n"
      "{5} */\n\n",
      compiler.str(), p, guard, weights, embedded ? "" : " file",
      embedded ? " * A session finds the weights itself: leave its config's"
                 " weights zero.\n"
               : "",
      variables(d.outputs));
  os << fmt::format("#ifndef {0}_H\n#define {0}_H\n\n#include <stdint.h>\n\n"
                    "#include \"vitc/model.h\"\n\n#ifdef __cplusplus\n"
                    "extern \"C\" {{\n#endif\n\n",
                    guard);
  os << "/* Sizes in bytes unless the name says count. */\n";
  os << fmt::format("#define {}_ALIGNMENT {}u\n", guard, VITC_ALIGNMENT);
  os << fmt::format("#define {}_WEIGHTS_BYTES {}u\n", guard,
                    level.weightsBytes);
  os << fmt::format("#define {}_ARENA_IMAGE_BYTES {}u\n", guard,
                    level.arenaImageBytes);
  os << fmt::format("#define {}_ARENA_WORKER_BYTES {}u\n", guard,
                    level.arenaWorkerBytes);
  os << fmt::format("#define {0}_ARENA_BYTES(images, workers) \\\n"
                    "  ((uint64_t)(images) * {0}_ARENA_IMAGE_BYTES + \\\n"
                    "   (uint64_t)(workers) * {0}_ARENA_WORKER_BYTES)\n",
                    guard);
  os << fmt::format("#define {}_STACK_BYTES {}u\n", guard, kStackBytes);
  os << "/* Elements of a tensor, its place among the inputs or outputs. */\n";
  for (const auto *list : {&d.inputs, &d.outputs})
    for (auto [index, tensor] : enumerate(*list)) {
      std::string name = guard + "_" + macroName(tensor.name);
      os << fmt::format("#define {}_COUNT {}u /* {} */\n", name,
                        elements(tensor), shapeText(tensor.shape));
      os << fmt::format("#define {}_INDEX {}u\n", name, index);
    }
  os << fmt::format(
      "\n/** The model, for vitc/runtime.h. */\n"
      "extern const vitc_model {0}_model;\n\n"
      "/** Runs `images` images on the calling thread.\n"
      " * @param weights  {2}\n"
      " * @param inputs   one pointer for each input\n"
      " * @param outputs  one pointer for each output\n"
      " * @param arena    {1}_ARENA_BYTES(images, 1) bytes\n"
      " * @return zero */\n"
      "int {0}_run(const void *weights, const void *const *inputs,\n"
      "    void *const *outputs, void *arena, int64_t images);\n\n"
      "#ifdef __cplusplus\n}}\n#endif\n\n#endif /* {1}_H */\n",
      p, guard,
      embedded ? weights + ", or another weights file for this object"
               : "the weights file, as it is on disk");
}
