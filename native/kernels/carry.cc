#include "kernels/carry.h"

#include <algorithm>
#include <vector>

#include "kernels/between.h"
#include "kernels/lanes.h"
#include "picture_shape.h"

namespace livedream::kernels {

namespace {

// Where a pixel of the picture lies among a tracking's rows or columns.
LIVEDREAM_INLINE Between betweenRows(std::size_t place, std::size_t scale, std::size_t count) noexcept {
  constexpr float kHalf = 0.5F;
  return between((static_cast<float>(place) + kHalf) / static_cast<float>(scale) - kHalf, count);
}

LIVEDREAM_LANES void mix(const float* a, const float* b, float part, std::size_t count, float* to) noexcept {
  for (std::size_t i = 0; i < count; ++i) to[i] = a[i] + (b[i] - a[i]) * part;
}

struct Row {
  std::vector<float> tracking;  // between two of its rows
  std::vector<float> motion;    // of the picture's pixels, in its own
  std::vector<float> confidence;
};

LIVEDREAM_LANES void spread(const float* tracking, const Between* columns, float scale, std::size_t width,
                            float* motion, float* confidence) noexcept {
  for (std::size_t x = 0; x < width; ++x) {
    const float* before = tracking + columns[x].before * kColours;
    const float* after = tracking + columns[x].after * kColours;
    const float part = columns[x].part;
    motion[2 * x] = scale * (before[0] + (after[0] - before[0]) * part);
    motion[2 * x + 1] = scale * (before[1] + (after[1] - before[1]) * part);
    confidence[x] = before[2] + (after[2] - before[2]) * part;
  }
}

LIVEDREAM_LANES void lay(const float* picture, const float* confidence, std::size_t width, float* carried,
                         float* start) noexcept {
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t channel = 0; channel < kColours; ++channel) {
      const std::size_t at = x * kColours + channel;
      carried[at] *= confidence[x];
      start[at] = picture[at] + carried[at];
    }
  }
}

}  // namespace

void carryRows(const CarryRows& rows, const TrackingGrid& tracking, const WarpSize& size, const Range& range) {
  std::vector<Between> columns(size.width);
  for (std::size_t x = 0; x < size.width; ++x) columns[x] = betweenRows(x, tracking.scale, tracking.columns);
  const std::size_t across = tracking.columns * kColours;
  Row row{std::vector<float>(across), std::vector<float>(size.width * 2), std::vector<float>(size.width)};
  for (std::size_t y = range.first; y < range.last; ++y) {
    const Between lines = betweenRows(y, tracking.scale, tracking.rows);
    mix(tracking.values + lines.before * across, tracking.values + lines.after * across, lines.part, across,
        row.tracking.data());
    const std::size_t first = y * size.width * kColours;
    spread(row.tracking.data(), columns.data(), static_cast<float>(tracking.scale), size.width, row.motion.data(),
           row.confidence.data());
    warpRow(rows.change, size, row.motion.data(), y, rows.carried + first);
    lay(rows.picture + first, row.confidence.data(), size.width, rows.carried + first, rows.start + first);
  }
}

}  // namespace livedream::kernels
