#include "dream/attributes.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "tensorflow/wire_format.h"

namespace livedream {

using tensorflow::WireReader;

// Field numbers of tensorflow/core/framework/attr_value.proto.

namespace {

std::optional<std::uint64_t> numberOf(std::string_view value, std::uint32_t number) noexcept {
  WireReader reader(value);
  while (const auto field = reader.next()) {
    if (field->number == number) return field->value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view attribute(const NetworkNode& node, std::string_view name) noexcept {
  for (const auto& [key, value] : node.attributes) {
    if (key == name) return value;
  }
  return {};
}

std::vector<std::int64_t> integersOf(std::string_view value) {
  constexpr std::uint32_t kList = 1;
  constexpr std::uint32_t kIntegers = 3;
  std::vector<std::int64_t> integers;
  WireReader reader(value);
  while (const auto field = reader.next()) {
    if (field->number != kList) continue;
    WireReader list(field->bytes);
    while (const auto entry = list.next()) {
      if (entry->number != kIntegers) continue;
      if (!entry->packed()) {
        integers.push_back(static_cast<std::int64_t>(entry->value));
        continue;
      }
      WireReader packed(entry->bytes);
      while (const auto each = packed.varint()) integers.push_back(static_cast<std::int64_t>(*each));
    }
  }
  return integers;
}

bool allOnes(std::string_view value) {
  const auto integers = integersOf(value);
  return std::all_of(integers.begin(), integers.end(), [](std::int64_t each) { return each == 1; });
}

std::int64_t integerOf(std::string_view value, std::int64_t otherwise) noexcept {
  constexpr std::uint32_t kInteger = 3;
  const auto number = numberOf(value, kInteger);
  return number ? static_cast<std::int64_t>(*number) : otherwise;
}

float floatOf(std::string_view value, float otherwise) noexcept {
  constexpr std::uint32_t kFloat = 4;
  const auto bits = numberOf(value, kFloat);
  if (!bits) return otherwise;
  const auto narrow = static_cast<std::uint32_t>(*bits);
  float number = 0;
  std::memcpy(&number, &narrow, sizeof number);
  return number;
}

bool isTrue(std::string_view value, bool otherwise) noexcept {
  constexpr std::uint32_t kBoolean = 5;
  const auto number = numberOf(value, kBoolean);
  return number ? *number != 0 : otherwise;
}

bool isType(std::string_view value, tensorflow::TF_DataType type) noexcept {
  constexpr std::uint32_t kType = 6;
  const auto number = numberOf(value, kType);
  return number && *number == static_cast<std::uint64_t>(type);
}

bool isText(std::string_view value, std::string_view text) noexcept {
  constexpr std::uint32_t kText = 2;
  WireReader reader(value);
  const auto field = reader.next();
  return field && field->number == kText && field->bytes == text;
}

}  // namespace livedream
