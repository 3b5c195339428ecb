#include "flow/plane.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/between.h"

namespace livedream::flow {

namespace {

using kernels::Between;

// Where a pixel lies among those of a picture that is enlarged.
Between betweenPixels(std::size_t place, std::size_t count, float factor) noexcept {
  constexpr float kHalf = 0.5F;
  return kernels::between((static_cast<float>(place) + kHalf) / factor - kHalf, count);
}

}  // namespace

void Plane::replicateEdges() noexcept {
  if (height_ == 0 || width_ == 0) return;
  const auto height = static_cast<std::ptrdiff_t>(height_);
  for (std::ptrdiff_t y = 0; y < height; ++y) {
    float* line = row(y);
    std::fill(line - kBorder, line, line[0]);
    std::fill(line + width_, line + width_ + kBorder, line[width_ - 1]);
  }
  const auto copyRow = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    std::memcpy(row(to) - kBorder, row(from) - kBorder, static_cast<std::size_t>(stride()) * sizeof(float));
  };
  for (std::ptrdiff_t y = 1; y <= kBorder; ++y) {
    copyRow(0, -y);
    copyRow(height - 1, height - 1 + y);
  }
}

void enlarge(const Plane& from, float factor, Plane& to) {
  std::vector<Between> columns(to.width());
  for (std::size_t x = 0; x < to.width(); ++x) columns[x] = betweenPixels(x, from.width(), factor);
  for (std::size_t y = 0; y < to.height(); ++y) {
    const Between rows = betweenPixels(y, from.height(), factor);
    const float* above = from.row(static_cast<std::ptrdiff_t>(rows.before));
    const float* below = from.row(static_cast<std::ptrdiff_t>(rows.after));
    float* line = to.row(static_cast<std::ptrdiff_t>(y));
    for (std::size_t x = 0; x < to.width(); ++x) {
      const Between& column = columns[x];
      const float high = above[column.before] + (above[column.after] - above[column.before]) * column.part;
      const float low = below[column.before] + (below[column.after] - below[column.before]) * column.part;
      line[x] = high + (low - high) * rows.part;
    }
  }
}

}  // namespace livedream::flow
