#include "dream/attribute_values.h"

#include <algorithm>
#include <cstring>

#include "dream/attributes.h"
#include "tensorflow/wire_format.h"

namespace livedream {

using tensorflow::Shape;
using tensorflow::WireField;
using tensorflow::WireReader;
using tensorflow::WireWriter;

namespace {

// Field numbers of tensorflow/core/framework/attr_value.proto
constexpr std::uint32_t kList = 1;
constexpr std::uint32_t kText = 2;
constexpr std::uint32_t kInteger = 3;
constexpr std::uint32_t kFlag = 5;
constexpr std::uint32_t kType = 6;
constexpr std::uint32_t kShape = 7;
constexpr std::uint32_t kTensor = 8;

// ... of tensor.proto
constexpr std::uint32_t kElementType = 1;
constexpr std::uint32_t kTensorShape = 2;
constexpr std::uint32_t kContent = 4;
constexpr std::uint32_t kInt32s = 7;
constexpr std::uint32_t kInt64s = 10;

// ... and of tensor_shape.proto
constexpr std::uint32_t kDimension = 2;
constexpr std::uint32_t kUnknownRank = 3;
constexpr std::uint32_t kSize = 1;

// More is no list of axes, sizes or paddings.
constexpr std::int64_t kMostElements = 64;

std::optional<WireField> find(std::string_view message, std::uint32_t number) noexcept {
  WireReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number == number) return field;
  }
  return std::nullopt;
}

std::optional<Shape> readShape(std::string_view message) {
  Shape shape;
  WireReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number == kUnknownRank && field->value != 0) return std::nullopt;
    if (field->number != kDimension) continue;
    const auto size = find(field->bytes, kSize);
    shape.push_back(size ? static_cast<std::int64_t>(size->value) : 0);
  }
  return shape;
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

std::string typeValue(std::uint64_t type) { return WireWriter().varint(kType, type).message(); }

}  // namespace

std::int64_t integerOf(std::string_view value) noexcept {
  const auto field = find(value, kInteger);
  return field ? static_cast<std::int64_t>(field->value) : 0;
}

bool isTrue(std::string_view value) noexcept {
  const auto field = find(value, kFlag);
  return field && field->value != 0;
}

std::optional<Shape> shapeOf(std::string_view value) {
  const auto field = find(value, kShape);
  return field ? readShape(field->bytes) : std::nullopt;
}

std::optional<Integers> constantIntegers(const std::vector<NetworkNode>& nodes, std::size_t index) {
  while (nodes[index].op == "Identity") index = nodes[index].inputs.at(0).node;
  const NetworkNode& node = nodes[index];
  if (node.op != "Const") return std::nullopt;
  const auto tensor = find(attribute(node, "value"), kTensor);
  if (!tensor) return std::nullopt;
  Integers integers;
  if (const auto type = find(tensor->bytes, kElementType)) integers.type = type->value;
  if (integers.type != Integers::kInt32 && integers.type != Integers::kInt64) return std::nullopt;
  if (const auto shape = find(tensor->bytes, kTensorShape)) integers.shape = readShape(shape->bytes).value_or(Shape{});
  const std::int64_t count = tensorflow::elementCount(integers.shape);
  if (count < 0 || count > kMostElements) return std::nullopt;
  integers.values = readValues(tensor->bytes, integers.type);
  // Values that repeat the last one are left out, as are zeros.
  integers.values.resize(static_cast<std::size_t>(count), integers.values.empty() ? 0 : integers.values.back());
  return integers;
}

NetworkNode constantNode(const Integers& integers) {
  WireWriter shape;
  for (const std::int64_t size : integers.shape) {
    shape.bytes(kDimension, WireWriter().varint(kSize, static_cast<std::uint64_t>(size)).message());
  }
  WireWriter tensor;
  tensor.varint(kElementType, integers.type).bytes(kTensorShape, shape.message());
  for (const std::int64_t value : integers.values) {
    tensor.varint(integers.type == Integers::kInt32 ? kInt32s : kInt64s, static_cast<std::uint64_t>(value));
  }
  NetworkNode node;
  node.op = "Const";
  node.attributes = {{"dtype", typeValue(integers.type)},
                     {"value", WireWriter().bytes(kTensor, tensor.message()).message()}};
  return node;
}

std::string textValue(std::string_view text) { return WireWriter().bytes(kText, text).message(); }

std::string integerValue(std::int64_t integer) {
  return WireWriter().varint(kInteger, static_cast<std::uint64_t>(integer)).message();
}

std::string integersValue(const std::vector<std::int64_t>& integers) {
  WireWriter list;
  for (const std::int64_t each : integers) list.varint(kInteger, static_cast<std::uint64_t>(each));
  return WireWriter().bytes(kList, list.message()).message();
}

void setAttribute(NetworkNode& node, std::string_view name, std::string value) {
  for (auto& [key, old] : node.attributes) {
    if (key != name) continue;
    old = std::move(value);
    return;
  }
}

}  // namespace livedream
