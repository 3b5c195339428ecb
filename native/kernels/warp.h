#pragma once

#include <cstddef>

namespace livedream::kernels {

// A picture of three channels, [height, width, 3].
struct WarpSize {
  std::size_t height = 0;
  std::size_t width = 0;
};

// For each pixel of a row what the picture shows `motion` (right, down; the row's, [width, 2]) away from it, [width,
// 3]; beyond the edges what is at them.
void warpRow(const float* picture, const WarpSize& size, const float* motion, std::size_t row, float* to) noexcept;

}  // namespace livedream::kernels
