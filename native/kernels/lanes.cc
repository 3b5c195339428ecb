#include "kernels/lanes.h"

#include <cstring>

namespace livedream::kernels {

LIVEDREAM_LANES void widen(const BFloat16* from, float* to, std::size_t count) noexcept {
  constexpr unsigned kHalf = 16;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t bits = static_cast<std::uint32_t>(from[i]) << kHalf;
    std::memcpy(to + i, &bits, sizeof(bits));
  }
}

LIVEDREAM_LANES void narrow(const float* from, BFloat16* to, std::size_t count) noexcept {
  constexpr unsigned kHalf = 16;
  constexpr std::uint32_t kRounding = 0x7FFF;
  constexpr std::uint32_t kMagnitude = 0x7FFFFFFF;
  constexpr std::uint32_t kInfinity = 0x7F800000;
  constexpr std::uint32_t kQuiet = 0x400000;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, from + i, sizeof(bits));
    const std::uint32_t rounded = bits + kRounding + ((bits >> kHalf) & 1U);
    const bool nan = (bits & kMagnitude) > kInfinity;
    to[i] = static_cast<BFloat16>((nan ? bits | kQuiet : rounded) >> kHalf);
  }
}

}  // namespace livedream::kernels
