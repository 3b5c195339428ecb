#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace livedream {

// Lists of operations' names, as they stand in the code.

template <std::size_t count>
bool isOneOf(const std::string_view (&names)[count], std::string_view name) noexcept {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// For static_assert of a list that std::binary_search looks into.
template <std::size_t count>
constexpr bool isSorted(const std::string_view (&names)[count]) {
  for (std::size_t i = 1; i < count; ++i) {
    if (!(names[i - 1] < names[i])) return false;
  }
  return true;
}

}  // namespace livedream
