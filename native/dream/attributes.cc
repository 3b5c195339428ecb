#include "dream/attributes.h"

#include <algorithm>
#include <cstring>

#include "tensorflow/attr_value.h"
#include "tensorflow/wire_format.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::WireReader;

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
  const auto number = attr_value::number(value, attr_value::kInteger);
  return number ? static_cast<std::int64_t>(*number) : otherwise;
}

float floatOf(std::string_view value, float otherwise) noexcept {
  const auto bits = attr_value::number(value, attr_value::kFloat);
  if (!bits) return otherwise;
  const auto narrow = static_cast<std::uint32_t>(*bits);
  float number = 0;
  std::memcpy(&number, &narrow, sizeof number);
  return number;
}

bool isTrue(std::string_view value, bool otherwise) noexcept {
  const auto number = attr_value::number(value, attr_value::kBoolean);
  return number ? *number != 0 : otherwise;
}

bool isType(std::string_view value, tensorflow::TF_DataType type) noexcept {
  const auto number = attr_value::number(value, attr_value::kType);
  return number && *number == static_cast<std::uint64_t>(type);
}

bool isText(std::string_view value, std::string_view text) noexcept {
  return attr_value::bytes(value, attr_value::kText) == text;
}

}  // namespace livedream
