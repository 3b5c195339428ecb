#pragma once

#include <array>
#include <cstddef>

#include "kernels/range.h"

namespace livedream::kernels {

// A picture of three channels, [height, width, 3].
struct WarpSize {
  std::size_t height = 0;
  std::size_t width = 0;
};

// The weights of the four pixels around a place that is `part` of a pixel beyond the second: Catmull and Rom's spline,
// which goes through the pixels and keeps detail that bilinear weights would smooth away, frame after frame.
std::array<float, 4> splineWeights(float part) noexcept;

// For each pixel of these rows what the picture shows `motion` ([height, width, 2]: right, down) away from it; beyond
// the edges what is at them.
void warpRows(const float* picture, const float* motion, const WarpSize& size, const Range& rows, float* to) noexcept;

}  // namespace livedream::kernels
