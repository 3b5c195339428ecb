#include "dream/attribute_values.h"

#include <algorithm>
#include <cstring>

#include "dream/attributes.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/wire_format.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::Shape;
using tensorflow::WireField;
using tensorflow::WireReader;
using tensorflow::WireWriter;

namespace {

// Field numbers of tensorflow/core/framework/tensor.proto
constexpr std::uint32_t kElementType = 1;
constexpr std::uint32_t kTensorShape = 2;
constexpr std::uint32_t kContent = 4;
constexpr std::uint32_t kInt32s = 7;
constexpr std::uint32_t kInt64s = 10;

// More is no list of axes, sizes or paddings.
constexpr std::int64_t kMostValues = 64;

std::optional<WireField> find(std::string_view message, std::uint32_t number) noexcept {
  WireReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number == number) return field;
  }
  return std::nullopt;
}

template <typename T>
void readContent(std::string_view content, std::vector<std::int64_t>& values) {
  for (std::size_t at = 0; at + sizeof(T) <= content.size(); at += sizeof(T)) {
    T value = 0;
    std::memcpy(&value, content.data() + at, sizeof(T));
    values.push_back(value);
  }
}

void readPacked(std::string_view packed, std::vector<std::int64_t>& values) {
  WireReader reader(packed);
  while (const auto each = reader.varint()) values.push_back(static_cast<std::int64_t>(*each));
}

std::vector<std::int64_t> readValues(std::string_view tensor, std::uint64_t type) {
  std::vector<std::int64_t> values;
  WireReader reader(tensor);
  while (const auto field = reader.next()) {
    if (field->number == kContent && type == Integers::kInt32) readContent<std::int32_t>(field->bytes, values);
    if (field->number == kContent && type == Integers::kInt64) readContent<std::int64_t>(field->bytes, values);
    if (field->number != kInt32s && field->number != kInt64s) continue;
    if (field->packed()) {
      readPacked(field->bytes, values);
    } else {
      values.push_back(static_cast<std::int64_t>(field->value));
    }
  }
  return values;
}

}  // namespace

std::optional<Integers> constantIntegers(const std::vector<NetworkNode>& nodes, std::size_t index) {
  while (nodes[index].op == "Identity") index = nodes[index].inputs.at(0).node;
  const NetworkNode& node = nodes[index];
  if (node.op != "Const") return std::nullopt;
  const auto tensor = attr_value::bytes(attribute(node, "value"), attr_value::kTensor);
  if (!tensor) return std::nullopt;
  Integers integers;
  if (const auto type = find(*tensor, kElementType)) integers.type = type->value;
  if (integers.type != Integers::kInt32 && integers.type != Integers::kInt64) return std::nullopt;
  if (const auto shape = find(*tensor, kTensorShape)) {
    integers.shape = attr_value::readShape(shape->bytes).value_or(Shape{});
  }
  const std::int64_t count = tensorflow::elementCount(integers.shape);
  if (count < 0 || count > kMostValues) return std::nullopt;
  integers.values = readValues(*tensor, integers.type);
  // Values that repeat the last one are left out, as are zeros.
  integers.values.resize(static_cast<std::size_t>(count), integers.values.empty() ? 0 : integers.values.back());
  return integers;
}

NetworkNode constantNode(const Integers& integers) {
  WireWriter tensor;
  tensor.varint(kElementType, integers.type).bytes(kTensorShape, attr_value::writeShape(integers.shape));
  for (const std::int64_t value : integers.values) {
    tensor.varint(integers.type == Integers::kInt32 ? kInt32s : kInt64s, static_cast<std::uint64_t>(value));
  }
  NetworkNode node;
  node.op = "Const";
  node.attributes = {{"dtype", attr_value::ofType(static_cast<int>(integers.type))},
                     {"value", WireWriter().bytes(attr_value::kTensor, tensor.message()).message()}};
  return node;
}

void setAttribute(NetworkNode& node, std::string_view name, std::string value) {
  for (auto& [key, old] : node.attributes) {
    if (key != name) continue;
    old = std::move(value);
    return;
  }
}

}  // namespace livedream
