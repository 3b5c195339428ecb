#include "dream/attributes.h"

#include <algorithm>

#include "tensorflow/wire_format.h"

namespace livedream {

using tensorflow::WireReader;

// Field numbers of tensorflow/core/framework/attr_value.proto.

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

bool isText(std::string_view value, std::string_view text) noexcept {
  constexpr std::uint32_t kText = 2;
  WireReader reader(value);
  const auto field = reader.next();
  return field && field->number == kText && field->bytes == text;
}

}  // namespace livedream
