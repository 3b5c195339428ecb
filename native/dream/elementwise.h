#pragma once

#include <string_view>

namespace livedream {

// Whether each element of the operation's one output is made of the elements at its place in the inputs, which are
// broadcast to one shape: such an operation is the same in every layout.
bool isElementwise(std::string_view op) noexcept;

// Whether the result is in the order of what it is made of, where both have four axes, though not elementwise.
bool keepsOrder(std::string_view op) noexcept;

}  // namespace livedream
