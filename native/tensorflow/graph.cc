#include "tensorflow/graph.h"

#include <cstddef>

#include "tensorflow/status.h"

namespace livedream::tensorflow {

std::optional<Shape> Graph::shape(TF_Output output) const {
  // TF_GraphGetTensorNumDims throws through C for an operation without outputs, with its mutex held.
  if (output.index >= api().TF_OperationNumOutputs(output.oper)) return std::nullopt;
  const Status status;
  const int rank = api().TF_GraphGetTensorNumDims(get(), output, status.get());
  status.check("asking for a shape");
  if (rank < 0) return std::nullopt;
  Shape dims(static_cast<std::size_t>(rank));
  api().TF_GraphGetTensorShape(get(), output, dims.data(), rank, status.get());
  status.check("asking for a shape");
  return dims;
}

std::size_t Graph::operations() const {
  std::size_t count = 0;
  std::size_t position = 0;
  while (api().TF_GraphNextOperation(get(), &position) != nullptr) ++count;
  return count;
}

std::string Graph::uniqueName(const std::string& type) {
  return "livedream/" + type + "_" + std::to_string(next_name_++);
}

TF_Output Graph::placeholder(const std::string& name, TF_DataType type, const Shape& shape) {
  return NodeBuilder(*this, "Placeholder", name).type("dtype", type).shape("shape", shape).finish();
}

TF_Output Graph::constant(const TF_Tensor* tensor) {
  return NodeBuilder(*this, "Const", uniqueName("Const"))
      .type("dtype", api().TF_TensorType(tensor))
      .tensor("value", tensor)
      .finish();
}

TF_Output Graph::constant(const std::vector<std::int32_t>& values) {
  return constant(makeTensor(values, {static_cast<std::int64_t>(values.size())}).get());
}

TF_Output Graph::constant(std::int32_t value) {
  return constant(makeTensor(std::vector<std::int32_t>{value}, {}).get());
}

TF_Output Graph::constant(float value) { return constant(makeScalar(value).get()); }

TF_Output Graph::unary(const char* type, TF_Output x) {
  return NodeBuilder(*this, type, uniqueName(type)).input(x).finish();
}

TF_Output Graph::cast(TF_Output x, TF_DataType type) {
  if (api().TF_OperationOutputType(x) == type) return x;
  return NodeBuilder(*this, "Cast", uniqueName("Cast")).input(x).type("DstT", type).finish();
}

TF_Output Graph::binary(const char* type, TF_Output x, TF_Output y) {
  return NodeBuilder(*this, type, uniqueName(type)).input(x).input(y).finish();
}

TF_Output Graph::negateInteger(TF_Output x) {
  return NodeBuilder(*this, "Neg", uniqueName("Neg")).input(x).type("T", TF_INT32).finish();
}

TF_Output Graph::sum(const std::vector<TF_Output>& parts) {
  return NodeBuilder(*this, "AddN", uniqueName("AddN")).inputs(parts).finish();
}

TF_Output Graph::reshape(TF_Output x, const Shape& shape) {
  return binary("Reshape", x, constant(std::vector<std::int32_t>(shape.begin(), shape.end())));
}

TF_Output Graph::transpose(TF_Output x, const std::vector<std::int32_t>& permutation) {
  return binary("Transpose", x, constant(permutation));
}

TF_Output Graph::concatenate(const std::vector<TF_Output>& parts, std::int32_t axis) {
  return NodeBuilder(*this, "ConcatV2", uniqueName("ConcatV2")).inputs(parts).input(constant(axis)).finish();
}

TF_Output Graph::slice(TF_Output x, const std::vector<std::int32_t>& begin, const std::vector<std::int32_t>& size) {
  return NodeBuilder(*this, "Slice", uniqueName("Slice"))
      .input(x)
      .input(constant(begin))
      .input(constant(size))
      .finish();
}

TF_Output Graph::reverse(TF_Output x, const std::vector<std::int32_t>& axes) {
  return binary("ReverseV2", x, constant(axes));
}

TF_Output Graph::roll(TF_Output x, TF_Output shift) {
  return NodeBuilder(*this, "Roll", uniqueName("Roll"))
      .input(x)
      .input(shift)
      .input(constant(std::vector<std::int32_t>{1, 2}))
      .finish();
}

TF_Output Graph::reduce(const char* type, TF_Output x, std::size_t rank) {
  std::vector<std::int32_t> axes(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) axes[axis] = static_cast<std::int32_t>(axis);
  return binary(type, x, constant(axes));
}

TF_Output Graph::reducePictures(const char* type, TF_Output x, bool together) {
  if (together) return reshape(reduce(type, x, 4), {1});
  return binary(type, x, constant(std::vector<std::int32_t>{1, 2, 3}));
}

TF_Output Graph::broadcastTo(TF_Output x, const Shape& shape) {
  return binary("BroadcastTo", x, constant(std::vector<std::int32_t>(shape.begin(), shape.end())));
}

TF_Output Graph::pack(const std::vector<TF_Output>& scalars) {
  return NodeBuilder(*this, "Pack", uniqueName("Pack")).inputs(scalars).finish();
}

NodeBuilder::~NodeBuilder() {
  if (description_ == nullptr) return;
  const Status status;
  api().TF_FinishOperation(description_, status.get());
}

NodeBuilder& NodeBuilder::input(TF_Output output) {
  api().TF_AddInput(description_, output);
  return *this;
}

NodeBuilder& NodeBuilder::inputs(const std::vector<TF_Output>& outputs) {
  api().TF_AddInputList(description_, outputs.data(), static_cast<int>(outputs.size()));
  return *this;
}

NodeBuilder& NodeBuilder::type(const char* attribute, TF_DataType value) {
  api().TF_SetAttrType(description_, attribute, value);
  return *this;
}

NodeBuilder& NodeBuilder::integer(const char* attribute, std::int64_t value) {
  api().TF_SetAttrInt(description_, attribute, value);
  return *this;
}

NodeBuilder& NodeBuilder::number(const char* attribute, float value) {
  api().TF_SetAttrFloat(description_, attribute, value);
  return *this;
}

NodeBuilder& NodeBuilder::integers(const char* attribute, const std::vector<std::int64_t>& values) {
  api().TF_SetAttrIntList(description_, attribute, values.data(), static_cast<int>(values.size()));
  return *this;
}

NodeBuilder& NodeBuilder::text(const char* attribute, std::string_view value) {
  api().TF_SetAttrString(description_, attribute, value.data(), value.size());
  return *this;
}

NodeBuilder& NodeBuilder::boolean(const char* attribute, bool value) {
  api().TF_SetAttrBool(description_, attribute, value ? 1 : 0);
  return *this;
}

NodeBuilder& NodeBuilder::shape(const char* attribute, const Shape& value) {
  api().TF_SetAttrShape(description_, attribute, value.data(), static_cast<int>(value.size()));
  return *this;
}

// An attribute that TensorFlow refuses makes TF_FinishOperation fail too, so its status is not looked at here: throwing
// would leak the description.
NodeBuilder& NodeBuilder::tensor(const char* attribute, const TF_Tensor* value) {
  const Status status;
  api().TF_SetAttrTensor(description_, attribute, const_cast<TF_Tensor*>(value), status.get());
  return *this;
}

NodeBuilder& NodeBuilder::proto(const std::string& attribute, std::string_view value) {
  const Status status;
  api().TF_SetAttrValueProto(description_, attribute.c_str(), value.data(), value.size(), status.get());
  return *this;
}

TF_Output NodeBuilder::finish(const char* error_code) {
  const Status status;
  TF_Operation* operation = api().TF_FinishOperation(std::exchange(description_, nullptr), status.get());
  status.check("adding the operation '" + name_ + "'", error_code);
  return {operation, 0};
}

}  // namespace livedream::tensorflow
