//===- Elaborator.h - From Spec to vit ops ----------------------*- C++ -*-===//
//
// Walks the graph with the parameters' values: unrolls repetitions, chooses
// blocks, drops what is absent, and builds each node's op once its operands and
// shapes are known to be right. After an error the node's value is faulty:
// what uses it is built no more, and says nothing.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_ELABORATOR_H
#define VITC_MODELS_ELABORATOR_H

#include "dialect/Shapes.h"
#include "models/Parameters.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace vitc {

/// A name of the graph: its value, or why there is none.
struct GraphValue {
  enum State { Ready, Faulty, Absent, InParts } state = Faulty;
  mlir::Value value;
};

/// The body of a block, or of the model, while it is being built.
struct Frame {
  std::string path; ///< prefix of the names in it, "blocks.3"
  BlockEnvironment environment;
  llvm::StringMap<GraphValue> inputs;
};

/// The node whose op is being built.
struct NodeContext {
  Frame &frame;
  const OpSpec &op;
  std::string name; ///< in full, "blocks.3.attn.qkv"
  mlir::Location location;
};

class Elaborator {
public:
  Elaborator(const Spec &spec, DocumentEnvironment &document,
             mlir::OpBuilder &builder);

  /// Builds the graph over `image`, the value of the spec's input.
  void run(mlir::Value image);

  /// The value of an output, with the number `index` if it is one of many.
  /// What its block makes is called "outputs.NAME..." after `name` and stands
  /// behind the graph. Null after an error.
  mlir::Value output(const OutputSpec &output, const std::string &name,
                     std::optional<int64_t> index);

  /// Moves ops that `output` has built behind `last` to the first readers of
  /// what they read, so that this need not be kept for them.
  void hoist(mlir::Operation *last);

  /// "blocks.3.attn.qkv" at the place of its node in the spec.
  mlir::Location location(llvm::StringRef name, const JsonValue &json);

private:
  // Elaborator.cpp: structure.
  void node(const NodeSpec &node, Frame &frame);
  void skip(const NodeSpec &node, const std::string &name, Frame &frame);
  void call(const NodeSpec &node, const std::string &name, Frame &frame);
  const BlockSpec *choose(const CallSpec &call, const JsonValue &json,
                          Environment &environment);
  void body(const BlockSpec &block, Frame &frame,
            llvm::StringMap<GraphValue> &outputs);
  void define(const std::string &name, GraphValue value, const JsonValue &json);
  GraphValue resolve(const std::string &name, Frame &frame,
                     const JsonValue &json);
  GraphValue operand(const OperandSpec &operand, Frame &frame,
                     const std::string &node, mlir::Location location);
  std::optional<bool> isPresent(const std::optional<Expression> &when,
                                Environment &environment);

  // Fields.cpp: what the fields of an op are worth.
  void error(const NodeContext &node, llvm::StringRef field,
             const llvm::Twine &text);
  std::optional<Datum> field(const NodeContext &node, llvm::StringRef name,
                             Datum::Kind kind);
  std::optional<int64_t> integer(const NodeContext &node, llvm::StringRef name,
                                 std::optional<int64_t> otherwise = {});
  std::optional<double> real(const NodeContext &node, llvm::StringRef name,
                             std::optional<double> otherwise = {});
  std::optional<bool> boolean(const NodeContext &node, llvm::StringRef name,
                              bool otherwise);
  std::optional<std::array<int64_t, 2>>
  size(const NodeContext &node, llvm::StringRef name,
       std::optional<int64_t> otherwise = {});
  std::optional<std::string> choice(const NodeContext &node,
                                    llvm::StringRef name,
                                    llvm::StringRef otherwise = "");
  std::optional<std::vector<int64_t>> integers(const NodeContext &node,
                                               llvm::StringRef name);
  std::optional<std::vector<double>> reals(const NodeContext &node,
                                           llvm::StringRef name);
  /// The operand in `field`; null if it is faulty.
  mlir::Value input(const NodeContext &node, llvm::StringRef field);
  /// The same, for what depends on the image; an error for a weight.
  mlir::Value computed(const NodeContext &node, llvm::StringRef field);
  /// A tensor of positive sizes and bounded volume.
  std::optional<mlir::RankedTensorType> type(const NodeContext &node,
                                             llvm::ArrayRef<int64_t> shape);

  // ElaborateLayers.cpp: one function an op; a null value after an error.
  mlir::Value layer(const NodeContext &node);
  mlir::Value activation(const NodeContext &node);
  mlir::Value add(const NodeContext &node);
  mlir::Value attention(const NodeContext &node, bool map);
  mlir::Value concat(const NodeContext &node, bool columns);
  mlir::Value layerNorm(const NodeContext &node);
  mlir::Value linear(const NodeContext &node);
  void linearParts(const NodeContext &node, mlir::Value input,
                   mlir::Value weight, mlir::Value bias);
  mlir::Value mul(const NodeContext &node);
  mlir::Value pool(const NodeContext &node);
  mlir::Value reshape(const NodeContext &node);
  mlir::Value sliceColumns(const NodeContext &node);
  mlir::Value sliceRows(const NodeContext &node);
  mlir::Value softmax(const NodeContext &node);
  mlir::Value transpose(const NodeContext &node);
  mlir::Value unfold(const NodeContext &node);

  // ElaborateWeights.cpp: weight expressions, one function an op.
  /// The weight that `field` describes, or the checkpoint tensor called
  /// `otherwise`; an error unless its shape is `shape`.
  mlir::Value weight(const NodeContext &node, llvm::StringRef field,
                     llvm::StringRef otherwise, llvm::ArrayRef<int64_t> shape);
  using Expected = std::optional<std::vector<int64_t>>;
  /// The value of a weight expression. `expected` is the shape that its context
  /// asks for, which a leaf may need; the result may have another.
  mlir::Value expression(const NodeContext &node, const Expected &expected);
  mlir::Value subexpression(const NodeContext &node, llvm::StringRef field,
                            const Expected &expected);
  /// The key "shape", or else `expected`; an error if there is neither.
  Expected shapeOr(const NodeContext &node, const Expected &expected);
  std::optional<int64_t> axis(const NodeContext &node, mlir::Value input);
  mlir::Value weightAdd(const NodeContext &node, const Expected &expected);
  mlir::Value weightConcat(const NodeContext &node);
  mlir::Value weightConstant(const NodeContext &node, const Expected &expected);
  mlir::Value weightMatvec(const NodeContext &node);
  mlir::Value weightRepeat(const NodeContext &node, const Expected &expected);
  mlir::Value weightResample(const NodeContext &node);
  mlir::Value weightResampleKernel(const NodeContext &node);
  mlir::Value weightReshape(const NodeContext &node, const Expected &expected);
  mlir::Value weightScale(const NodeContext &node, const Expected &expected);
  mlir::Value weightSincos(const NodeContext &node);
  mlir::Value weightSlice(const NodeContext &node);
  mlir::Value weightTranspose(const NodeContext &node,
                              const Expected &expected);

  // ElaborateTensors.cpp: tensors of the checkpoint.
  /// The tensor that the graph calls `name`: as the first of the spec's rules
  /// that matches has it, or the checkpoint's tensor of this name.
  mlir::Value tensor(const NodeContext &node, llvm::StringRef name,
                     llvm::ArrayRef<int64_t> shape);
  mlir::Value ruledTensor(const NodeContext &node, const TensorRule &rule,
                          llvm::ArrayRef<std::string> found,
                          llvm::ArrayRef<int64_t> shape);
  mlir::Value checkpointTensor(const NodeContext &node, llvm::StringRef name,
                               llvm::ArrayRef<int64_t> shape);
  mlir::Value tensorOf(const NodeContext &node, const Expected &expected);

  const Spec &spec;
  DocumentEnvironment &document;
  Diagnostics &errors;
  mlir::OpBuilder &builder;
  llvm::StringMap<GraphValue> values;
  struct TensorUse {
    mlir::Value value;
    const JsonValue *json;
  };
  llvm::StringMap<TensorUse> tensors; ///< checkpoint tensors by name
  size_t nodes = 0;
  bool inRule = false; ///< names are the checkpoint's
};

} // namespace vitc

#endif // VITC_MODELS_ELABORATOR_H
