#pragma once

#include <cstdint>
#include <cstring>

#include "kernels/lanes.h"

namespace livedream::kernels {

// 1 / sqrt(s) of a positive s: a first guess by the exponent and three steps of Newton's method, to the last bit or
// two. A square root and a division take twice the time of all else here [measured].
LIVEDREAM_INLINE float inverseRoot(float s) noexcept {
  constexpr std::uint32_t kGuess = 0x5F375A86;  // Lomont 2003
  constexpr float kThreeHalves = 1.5F;
  std::uint32_t bits = 0;
  std::memcpy(&bits, &s, sizeof(bits));
  bits = kGuess - (bits >> 1U);
  float y = 0;
  std::memcpy(&y, &bits, sizeof(y));
  constexpr float kHalf = 0.5F;
  const float half = kHalf * s;
  y *= kThreeHalves - half * y * y;
  y *= kThreeHalves - half * y * y;
  y *= kThreeHalves - half * y * y;
  return y;
}

}  // namespace livedream::kernels
