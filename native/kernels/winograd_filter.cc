#include "kernels/winograd_filter.h"

#include <algorithm>
#include <utility>

#include "kernels/winograd_product.h"

namespace livedream::kernels {

namespace {

constexpr std::size_t kMostSize = 5;
constexpr std::size_t kPoints = kWinogradSquare - 1;  // but infinity

// As many values as a line holds, of as many outputs. In double, so that rounding is the product's alone.
struct Taps {
  double lanes[kLanes];
};

// sums += factor * taps
LIVEDREAM_INLINE void add(double factor, const Taps& taps, Taps& sums) noexcept {
  for (std::size_t lane = 0; lane < kLanes; ++lane) sums.lanes[lane] += factor * taps.lanes[lane];
}

// A few taps, `step` apart, at every point: the sum of the powers of the point, each times its tap, over the product of
// the point's distances from the others. At infinity the last tap. `to_step` lies between points.
LIVEDREAM_INLINE void toPoints(const Taps* taps, std::size_t size, std::size_t step, Taps* to,
                               std::size_t to_step) noexcept {
  constexpr double kNear = 0.70710678118654752440;
  constexpr double kFar = 2 * kNear;
  constexpr double kPoint[kPoints] = {0, kNear, -kNear, kFar, -kFar};
  constexpr double kDistances[kPoints] = {1, -1.5, -1.5, 6, 6};
  for (std::size_t point = 0; point < kPoints; ++point) {
    double power = 1 / kDistances[point];
    for (std::size_t k = 0; k < size; ++k) {
      add(power, taps[k * step], to[point * to_step]);
      power *= kPoint[point];
    }
  }
  to[kPoints * to_step] = taps[(size - 1) * step];
}

// The taps of a line of outputs, [row][column], at the points; points lie `step` lines apart.
LIVEDREAM_LANES void transformTaps(const Taps* taps, std::size_t size, Line* to, std::size_t step) noexcept {
  Taps columns[kWinogradSquare * kMostSize] = {};
  for (std::size_t column = 0; column < size; ++column) toPoints(taps + column, size, size, columns + column, size);
  Taps points[kWinogradPoints] = {};
  for (std::size_t row = 0; row < kWinogradSquare; ++row) {
    toPoints(columns + row * size, size, 1, points + row * kWinogradSquare, 1);
  }
  for (std::size_t point = 0; point < kWinogradPoints; ++point) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      to[point * step].values[lane] = static_cast<float>(points[point].lanes[lane]);
    }
  }
}

// Cuts channels into panels of nearly the same number of lines.
std::vector<std::size_t> panelLines(std::size_t lines) {
  const std::size_t panels = (lines + mostPanelLines() - 1) / mostPanelLines();
  std::vector<std::size_t> found;
  for (std::size_t panel = 0; panel < panels; ++panel) {
    found.push_back(lines * (panel + 1) / panels - lines * panel / panels);
  }
  return found;
}

}  // namespace

WinogradFilter::WinogradFilter(const float* filter, const FilterShape& shape, bool gradient) : shape_(shape) {
  if (gradient) std::swap(shape_.inputs, shape_.outputs);
  values_.resize(kWinogradPoints * shape_.inputs * linesFor(shape_.outputs));
  Panel panel;
  for (const std::size_t lines : panelLines(linesFor(shape_.outputs))) {
    panel.lines = lines;
    panels_.push_back(panel);
    transform(filter, gradient, panel, values_.data() + panel.begin);
    panel.begin += kWinogradPoints * shape_.inputs * lines;
    panel.first += lines * kLanes;
  }
}

void WinogradFilter::transform(const float* filter, bool gradient, const Panel& panel, Line* values) const noexcept {
  const std::size_t taps = shape_.size * shape_.size;
  const std::size_t step = shape_.inputs * panel.lines;
  for (std::size_t input = 0; input < shape_.inputs; ++input) {
    for (std::size_t line = 0; line < panel.lines; ++line) {
      const std::size_t first = panel.first + line * kLanes;
      const std::size_t count = std::min(kLanes, shape_.outputs - first);
      Taps gathered[kMostSize * kMostSize] = {};
      for (std::size_t tap = 0; tap < taps; ++tap) {
        const float* from = gradient ? filter + ((taps - 1 - tap) * shape_.outputs + first) * shape_.inputs + input
                                     : filter + (tap * shape_.inputs + input) * shape_.outputs + first;
        for (std::size_t lane = 0; lane < count; ++lane) {
          gathered[tap].lanes[lane] = from[lane * (gradient ? shape_.inputs : 1)];
        }
      }
      transformTaps(gathered, shape_.size, values + input * panel.lines + line, step);
    }
  }
}

}  // namespace livedream::kernels
