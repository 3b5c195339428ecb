#pragma once

#include <array>
#include <cstddef>

namespace livedream::kernels {

// A picture of three channels, [height, width, 3].
struct WarpSize {
  std::size_t height = 0;
  std::size_t width = 0;
};

// The weights of the four pixels around a place that is `part` of a pixel beyond the second: Catmull and Rom's spline,
// which goes through the pixels and keeps detail that bilinear weights would smooth away, frame after frame.
std::array<float, 4> splineWeights(float part) noexcept;

// For each pixel of a row what the picture shows `motion` (right, down; the row's, [width, 2]) away from it, [width,
// 3]; beyond the edges what is at them.
void warpRow(const float* picture, const WarpSize& size, const float* motion, std::size_t row, float* to) noexcept;

}  // namespace livedream::kernels
