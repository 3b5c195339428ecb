#pragma once

#include <cstdint>

namespace livedream {

constexpr std::int64_t divideUp(std::int64_t a, std::int64_t b) noexcept { return (a + b - 1) / b; }

// A size as TensorFlow's int32 operands have it; pictures' are far below.
constexpr std::int32_t narrow(std::int64_t size) noexcept { return static_cast<std::int32_t>(size); }

}  // namespace livedream
