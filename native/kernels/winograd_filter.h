#pragma once

#include <cstddef>
#include <vector>

#include "kernels/lanes.h"

namespace livedream::kernels {

// As many floats as a cache line holds, at its place in memory.
struct alignas(kLanes * sizeof(float)) Line {
  float values[kLanes];
};

// How many lines hold a row of so many floats.
constexpr std::size_t linesFor(std::size_t floats) noexcept { return (floats + kLanes - 1) / kLanes; }

// Winograd's minimal filtering (Lavin and Gray 2015): a square of 6 x 6 inputs gives 4 x 4 outputs of a filter of 3 x
// 3, 3 x 3 of one of 4 x 4, or 2 x 2 of one of 5 x 5, by one product for each of 36 points and each pair of channels.
// The points on an axis are 0, infinity, and plus and minus the roots of 1/2 and 2: rounding errors are half those of
// the usual 1 and 2, and twice those of a direct convolution [measured with 96 channels: 7.6e-7, 1.5e-6 and 3.7e-7 of
// the outputs].
constexpr std::size_t kWinogradSquare = 6;
constexpr std::size_t kWinogradPoints = kWinogradSquare * kWinogradSquare;

constexpr bool isWinogradSize(std::size_t size) noexcept { return size >= 3 && size <= 5; }

// The sizes of a convolution's filter, float32[size, size, inputs, outputs].
struct FilterShape {
  std::size_t size = 3;
  std::size_t inputs = 0;
  std::size_t outputs = 0;

  std::size_t elements() const noexcept { return size * size * inputs * outputs; }
};

// A filter at the points. Immutable; any thread.
class WinogradFilter {
 public:
  // A number of output channels that are computed together: `lines` lines of them from channel `first` on.
  struct Panel {
    std::size_t first = 0;
    std::size_t lines = 0;
    std::size_t begin = 0;
  };

  // `gradient`: what takes the gradient by the outputs to that by the inputs, so that its inputs are the convolution's
  // outputs: the filter turned by half a circle, its channels exchanged.
  WinogradFilter(const float* filter, const FilterShape& shape, bool gradient);

  // As the convolution that it is of has them.
  std::size_t size() const noexcept { return shape_.size; }
  std::size_t inputs() const noexcept { return shape_.inputs; }
  std::size_t outputs() const noexcept { return shape_.outputs; }
  const std::vector<Panel>& panels() const noexcept { return panels_; }
  // A panel's values at a point, [input][line].
  const Line* values(const Panel& panel, std::size_t point) const noexcept {
    return values_.data() + panel.begin + point * shape_.inputs * panel.lines;
  }

 private:
  void transform(const float* filter, bool gradient, const Panel& panel, Line* values) const noexcept;

  FilterShape shape_;
  std::vector<Line> values_;
  std::vector<Panel> panels_;
};

}  // namespace livedream::kernels
