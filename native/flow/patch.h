#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "flow/plane.h"

namespace livedream::flow {

constexpr std::ptrdiff_t kPatch = 8;

// A row of a patch, one register or half of one, wherever it lies among floats.
using PatchRow = float __attribute__((vector_size(kPatch * sizeof(float)), aligned(alignof(float)), may_alias));

// A patch of a plane between its pixels: where it starts, and the weights of the four pixels around each of its own.
struct PatchPlace {
  const float* first = nullptr;
  std::ptrdiff_t stride = 0;
  float above_left = 0;
  float above_right = 0;
  float below_left = 0;
  float below_right = 0;
};

// Kept where the plane's border still has values.
inline PatchPlace placeOf(const Plane& plane, float x, float y) noexcept {
  constexpr auto kLeast = static_cast<float>(-kPatch);
  x = std::clamp(x, kLeast, static_cast<float>(plane.width()));
  y = std::clamp(y, kLeast, static_cast<float>(plane.height()));
  const float left = std::floor(x);
  const float above = std::floor(y);
  const float right_part = x - left;
  const float below_part = y - above;
  return {plane.row(static_cast<std::ptrdiff_t>(above)) + static_cast<std::ptrdiff_t>(left),
          plane.stride(),
          (1 - right_part) * (1 - below_part),
          right_part * (1 - below_part),
          (1 - right_part) * below_part,
          right_part * below_part};
}

}  // namespace livedream::flow
