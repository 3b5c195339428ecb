#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/lanes.h"

namespace livedream::kernels {

// A place among values along one side: the one before it, the one after, and how far between. Beyond the ends, the
// ends.
struct Between {
  std::size_t before = 0;
  std::size_t after = 0;
  float part = 0;
};

LIVEDREAM_INLINE Between between(float at, std::size_t count) noexcept {
  const float clamped = std::clamp(at, 0.0F, static_cast<float>(count - 1));
  const auto before = static_cast<std::size_t>(clamped);
  return {before, std::min(before + 1, count - 1), clamped - static_cast<float>(before)};
}

}  // namespace livedream::kernels
