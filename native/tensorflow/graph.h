#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tensorflow/api.h"
#include "tensorflow/handles.h"
#include "tensorflow/operation_names.h"
#include "tensorflow/tensor.h"

namespace livedream::tensorflow {

// A graph under construction. One thread at a time.
class Graph {
 public:
  Graph() : handle_(api().TF_NewGraph()) {}

  TF_Graph* get() const noexcept { return handle_.get(); }

  // The shape that TensorFlow inferred; -1 where a dimension is unknown, nothing where the rank is.
  std::optional<Shape> shape(TF_Output output) const;

  std::size_t operations() const;

  // A name that no other node of livedream's has: they all live below "livedream/".
  std::string uniqueName(const std::string& type);

  TF_Output placeholder(const std::string& name, TF_DataType type, const Shape& shape);
  TF_Output constant(const TF_Tensor* tensor);
  TF_Output constant(const std::vector<std::int32_t>& values);
  TF_Output constant(std::int32_t value);
  TF_Output constant(float value);

  // The usual operations, float32 unless said; each output is the operation's first.
  TF_Output unary(const char* type, TF_Output x);
  // The same where it is of this type.
  TF_Output cast(TF_Output x, TF_DataType type);
  TF_Output binary(const char* type, TF_Output x, TF_Output y);
  TF_Output negateInteger(TF_Output x);
  // Of tensors of one shape.
  TF_Output sum(const std::vector<TF_Output>& parts);
  TF_Output reshape(TF_Output x, const Shape& shape);
  TF_Output transpose(TF_Output x, const std::vector<std::int32_t>& permutation);
  TF_Output concatenate(const std::vector<TF_Output>& parts, std::int32_t axis);
  TF_Output slice(TF_Output x, const std::vector<std::int32_t>& begin, const std::vector<std::int32_t>& size);
  TF_Output reverse(TF_Output x, const std::vector<std::int32_t>& axes);
  // Rolls rows and columns of [batch, height, width, channels] by `shift` (int32[2]).
  TF_Output roll(TF_Output x, TF_Output shift);
  // Over all axes, to a scalar.
  TF_Output reduce(const char* type, TF_Output x, std::size_t rank);
  // Of [batch, height, width, channels], each of the batch by itself, to [batch]; or all together, to [1].
  TF_Output reducePictures(const char* type, TF_Output x, bool together);
  TF_Output broadcastTo(TF_Output x, const Shape& shape);
  TF_Output pack(const std::vector<TF_Output>& scalars);

 private:
  GraphHandle handle_;
  std::uint64_t next_name_ = 0;
};

// Builds one operation: NodeBuilder(graph, "Roll", name).input(x).type("T", TF_FLOAT).finish()
class NodeBuilder {
 public:
  NodeBuilder(const Graph& graph, const char* type, const std::string& name)
      : name_(name), description_(api().TF_NewOperation(graph.get(), registeredName(type).c_str(), name.c_str())) {}
  NodeBuilder& operator=(NodeBuilder&&) = delete;
  NodeBuilder(NodeBuilder&& other) noexcept
      : name_(std::move(other.name_)), description_(std::exchange(other.description_, nullptr)) {}
  NodeBuilder(const NodeBuilder&) = delete;
  NodeBuilder& operator=(const NodeBuilder&) = delete;
  // Finishes what nobody finished, as where making an input threw: nothing else frees it.
  ~NodeBuilder();

  NodeBuilder& input(TF_Output output);
  NodeBuilder& inputs(const std::vector<TF_Output>& outputs);
  NodeBuilder& type(const char* attribute, TF_DataType value);
  NodeBuilder& integer(const char* attribute, std::int64_t value);
  NodeBuilder& number(const char* attribute, float value);
  NodeBuilder& integers(const char* attribute, const std::vector<std::int64_t>& values);
  NodeBuilder& text(const char* attribute, std::string_view value);
  NodeBuilder& boolean(const char* attribute, bool value);
  NodeBuilder& shape(const char* attribute, const Shape& value);
  NodeBuilder& tensor(const char* attribute, const TF_Tensor* value);
  // A serialized AttrValue.
  NodeBuilder& proto(const std::string& attribute, std::string_view value);

  // Throws Error where TensorFlow refuses the operation, with `error_code` if given.
  TF_Output finish(const char* error_code = nullptr);

 private:
  std::string name_;
  // TF_FinishOperation frees it, and the graph does not; null from then on.
  TF_OperationDescription* description_;
};

}  // namespace livedream::tensorflow
