#include "tensorflow/attr_value.h"

#include "tensorflow/wire_format.h"

namespace livedream::tensorflow::attr_value {

namespace {

// tensorflow/core/framework/tensor.proto
constexpr std::uint32_t kTensorType = 1;
constexpr std::uint32_t kTensorShape = 2;
constexpr std::uint32_t kTensorContent = 4;
constexpr std::uint32_t kTensorText = 8;

// tensorflow/core/framework/tensor_shape.proto
constexpr std::uint32_t kDimension = 2;
constexpr std::uint32_t kUnknownRank = 3;
constexpr std::uint32_t kSize = 1;

constexpr int kString = 7;  // tensorflow/core/framework/types.proto

std::optional<WireField> find(std::string_view value, Member member) noexcept {
  std::optional<WireField> found;
  WireReader reader(value);
  while (const auto field = reader.next()) {
    if (field->number == member) found = field;
  }
  return found;
}

std::string ofTensorProto(const WireWriter& proto) { return WireWriter().bytes(kTensor, proto.message()).message(); }

}  // namespace

std::optional<std::string_view> bytes(std::string_view value, Member member) noexcept {
  const auto field = find(value, member);
  return field ? std::optional(field->bytes) : std::nullopt;
}

std::optional<std::uint64_t> number(std::string_view value, Member member) noexcept {
  const auto field = find(value, member);
  return field ? std::optional(field->value) : std::nullopt;
}

std::vector<int> types(std::string_view value) {
  if (const auto type = number(value, kType)) return {static_cast<int>(*type)};
  std::vector<int> found;
  const auto list = bytes(value, kList);
  if (!list) return found;
  WireReader reader(*list);
  while (const auto entry = reader.next()) {
    if (entry->number != kType) continue;
    if (!entry->packed()) {
      found.push_back(static_cast<int>(entry->value));
      continue;
    }
    WireReader packed(entry->bytes);
    while (const auto type = packed.varint()) found.push_back(static_cast<int>(*type));
  }
  return found;
}

std::optional<Shape> shape(std::string_view value) {
  const auto proto = bytes(value, kShape);
  return proto ? readShape(*proto) : std::nullopt;
}

std::optional<Shape> readShape(std::string_view proto) {
  Shape dimensions;
  WireReader reader(proto);
  while (const auto field = reader.next()) {
    if (field->number == kUnknownRank && field->value != 0) return std::nullopt;
    if (field->number != kDimension) continue;
    std::int64_t size = 0;
    WireReader parts(field->bytes);
    while (const auto part = parts.next()) {
      if (part->number == kSize) size = static_cast<std::int64_t>(part->value);
    }
    dimensions.push_back(size < 0 ? -1 : size);
  }
  return dimensions;
}

std::string writeShape(const Shape& shape) {
  WireWriter writer;
  for (const std::int64_t size : shape) {
    writer.bytes(kDimension, WireWriter().varint(kSize, static_cast<std::uint64_t>(size)).message());
  }
  return writer.message();
}

std::string ofText(std::string_view text) { return WireWriter().bytes(kText, text).message(); }

std::string ofType(int type) { return WireWriter().varint(kType, static_cast<std::uint64_t>(type)).message(); }

std::string ofTypes(const std::vector<int>& types) {
  WireWriter list;
  for (const int type : types) list.varint(kType, static_cast<std::uint64_t>(type));
  return WireWriter().bytes(kList, list.message()).message();
}

std::string ofInteger(std::int64_t value) {
  return WireWriter().varint(kInteger, static_cast<std::uint64_t>(value)).message();
}

std::string ofShape(const Shape& shape) { return WireWriter().bytes(kShape, writeShape(shape)).message(); }

std::string ofFunction(std::string_view name) {
  constexpr std::uint32_t kName = 1;  // of a NameAttrList
  return WireWriter().bytes(kFunction, WireWriter().bytes(kName, name).message()).message();
}

std::string ofIntegers(const std::vector<std::int64_t>& values) {
  WireWriter list;
  for (const std::int64_t value : values) list.varint(kInteger, static_cast<std::uint64_t>(value));
  return WireWriter().bytes(kList, list.message()).message();
}

std::string ofContent(int type, const Shape& shape, std::string_view content) {
  WireWriter proto;
  proto.varint(kTensorType, static_cast<std::uint64_t>(type)).bytes(kTensorShape, writeShape(shape));
  proto.bytes(kTensorContent, content);
  return ofTensorProto(proto);
}

std::string ofTensor(const TF_Tensor* tensor) {
  return ofContent(api().TF_TensorType(tensor), shapeOf(tensor),
                   {dataOf<char>(tensor), api().TF_TensorByteSize(tensor)});
}

std::string ofScalarText(std::string_view text) {
  WireWriter proto;
  proto.varint(kTensorType, kString).bytes(kTensorShape, {}).bytes(kTensorText, text);
  return ofTensorProto(proto);
}

std::string ofTexts(const std::vector<std::string>& texts) {
  WireWriter proto;
  proto.varint(kTensorType, kString);
  proto.bytes(kTensorShape, writeShape({static_cast<std::int64_t>(texts.size())}));
  for (const std::string& text : texts) proto.bytes(kTensorText, text);
  return ofTensorProto(proto);
}

}  // namespace livedream::tensorflow::attr_value
