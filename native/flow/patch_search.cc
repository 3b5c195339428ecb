#include "flow/patch_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <vector>

#include "flow/patch.h"
#include "kernels/lanes.h"
#include "kernels/parallel.h"
#include "kernels/range.h"

namespace livedream::flow {

namespace {

using kernels::inParallel;
using kernels::Range;

constexpr std::ptrdiff_t kStride = 4;
constexpr float kPixels = kPatch * kPatch;
// In each of two passes, forwards and back; more do not change the error [measured].
constexpr int kDescents = 3;
// Rows of patches that hear of each other; such parts are searched side by side.
constexpr std::size_t kRowsOfPart = 8;

using Rows = PatchRow[kPatch];  // std::array would lose how it is aligned

// In the place of loads: vectors are not returned, as how that is done differs between processors.
LIVEDREAM_INLINE const PatchRow& rowAt(const float* first) noexcept {
  return *reinterpret_cast<const PatchRow*>(first);
}

LIVEDREAM_INLINE float sumOf(const PatchRow& row) noexcept {
  return ((row[0] + row[4]) + (row[1] + row[5])) + ((row[2] + row[6]) + (row[3] + row[7]));
}

LIVEDREAM_INLINE void sampleRow(const PatchPlace& place, const float* first, PatchRow& to) noexcept {
  to = rowAt(first) * place.above_left + rowAt(first + 1) * place.above_right +
       rowAt(first + place.stride) * place.below_left + rowAt(first + place.stride + 1) * place.below_right;
}

// A patch of `here`: its values and slopes, and the inverse of the matrix of their products.
struct Template {
  Rows values{};
  Rows right{};
  Rows down{};
  float right_sum = 0;
  float down_sum = 0;
  float inverse_right = 0;
  float inverse_both = 0;
  float inverse_down = 0;
};

struct Motion {
  float u = 0;
  float v = 0;
};

struct Residual {
  float error = 0;  // the sum of squares, the mean difference left out
  Motion slope;
};

LIVEDREAM_INLINE void readTemplate(const BrightnessLevel& here, std::ptrdiff_t x, std::ptrdiff_t y,
                                   Template& patch) noexcept {
  PatchRow right_sum{};
  PatchRow down_sum{};
  PatchRow right_right{};
  PatchRow right_down{};
  PatchRow down_down{};
  for (std::ptrdiff_t i = 0; i < kPatch; ++i) {
    const auto row = static_cast<std::size_t>(i);
    patch.values[row] = rowAt(here.brightness.row(y + i) + x);
    const PatchRow right = patch.right[row] = rowAt(here.right.row(y + i) + x);
    const PatchRow down = patch.down[row] = rowAt(here.down.row(y + i) + x);
    right_sum += right;
    down_sum += down;
    right_right += right * right;
    right_down += right * down;
    down_down += down * down;
  }
  patch.right_sum = sumOf(right_sum);
  patch.down_sum = sumOf(down_sum);
  // Grey levels squared that a patch without slopes in a direction is held by.
  constexpr float kHeld = 10;
  const float a = sumOf(right_right) - patch.right_sum * patch.right_sum / kPixels + kHeld;
  const float b = sumOf(right_down) - patch.right_sum * patch.down_sum / kPixels;
  const float c = sumOf(down_down) - patch.down_sum * patch.down_sum / kPixels + kHeld;
  const float scale = 1 / (a * c - b * b);
  patch.inverse_right = c * scale;
  patch.inverse_both = -b * scale;
  patch.inverse_down = a * scale;
}

LIVEDREAM_INLINE Residual residualOf(const Template& patch, const PatchPlace& place) noexcept {
  PatchRow sum{};
  PatchRow squares{};
  PatchRow right{};
  PatchRow down{};
  const float* first = place.first;
  for (std::size_t row = 0; row < kPatch; ++row, first += place.stride) {
    PatchRow difference;
    sampleRow(place, first, difference);
    difference -= patch.values[row];
    sum += difference;
    squares += difference * difference;
    right += difference * patch.right[row];
    down += difference * patch.down[row];
  }
  const float mean = sumOf(sum) / kPixels;
  return {sumOf(squares) - mean * mean * kPixels,
          {sumOf(right) - mean * patch.right_sum, sumOf(down) - mean * patch.down_sum}};
}

// The patches of a level: what each found, and where it started.
struct Grid {
  Grid(std::size_t height, std::size_t width)
      : rows((height - kPatch + kStride - 1) / kStride + 1),
        columns((width - kPatch + kStride - 1) / kStride + 1),
        last_y(static_cast<std::ptrdiff_t>(height) - kPatch),
        last_x(static_cast<std::ptrdiff_t>(width) - kPatch),
        found(rows * columns) {}

  std::ptrdiff_t x(std::size_t column) const noexcept {
    return std::min(static_cast<std::ptrdiff_t>(column) * kStride, last_x);
  }
  std::ptrdiff_t y(std::size_t row) const noexcept {
    return std::min(static_cast<std::ptrdiff_t>(row) * kStride, last_y);
  }

  std::size_t rows;
  std::size_t columns;
  std::ptrdiff_t last_y;
  std::ptrdiff_t last_x;
  std::vector<Motion> found;
};

struct Search {
  const BrightnessLevel& here;
  const BrightnessLevel& there;
  const Field& before;
  Grid& grid;
};

LIVEDREAM_INLINE Residual residualAt(const Search& search, const Template& patch, std::ptrdiff_t x, std::ptrdiff_t y,
                                     const Motion& motion) noexcept {
  return residualOf(
      patch, placeOf(search.there.brightness, static_cast<float>(x) + motion.u, static_cast<float>(y) + motion.v));
}

// From the best of the candidates down the slope, as long as the patch matches better.
LIVEDREAM_INLINE Motion descend(const Search& search, std::ptrdiff_t x, std::ptrdiff_t y, const Motion* candidates,
                                std::size_t count) noexcept {
  Template patch;
  readTemplate(search.here, x, y, patch);
  Motion best = candidates[0];
  Residual residual = residualAt(search, patch, x, y, best);
  for (std::size_t i = 1; i < count; ++i) {
    const Residual other = residualAt(search, patch, x, y, candidates[i]);
    if (other.error >= residual.error) continue;
    best = candidates[i];
    residual = other;
  }
  const Motion start = best;
  for (int step = 0; step < kDescents; ++step) {
    const Motion next{best.u - (patch.inverse_right * residual.slope.u + patch.inverse_both * residual.slope.v),
                      best.v - (patch.inverse_both * residual.slope.u + patch.inverse_down * residual.slope.v)};
    const Residual there = residualAt(search, patch, x, y, next);
    if (!(there.error < residual.error)) break;
    best = next;
    residual = there;
  }
  // Further than its own size it has lost its way.
  const float right = best.u - start.u;
  const float down = best.v - start.v;
  return right * right + down * down <= kPixels ? best : start;
}

// One pass over a part's patches; `back` is from the last to the first, which hears of those after it.
LIVEDREAM_LANES void searchPart(const Search& search, const Range& rows, bool back) noexcept {
  Grid& grid = search.grid;
  for (std::size_t i = 0; i < rows.count(); ++i) {
    const std::size_t row = back ? rows.last - 1 - i : rows.first + i;
    const bool has_row = back ? row + 1 < rows.last : row > rows.first;
    for (std::size_t j = 0; j < grid.columns; ++j) {
      const std::size_t column = back ? grid.columns - 1 - j : j;
      const std::ptrdiff_t x = grid.x(column);
      const std::ptrdiff_t y = grid.y(row);
      Motion* found = grid.found.data() + row * grid.columns + column;
      std::array<Motion, 3> candidates;
      std::size_t count = 0;
      candidates[count++] = back ? *found
                                 : Motion{search.before.u.row(y + kPatch / 2)[x + kPatch / 2],
                                          search.before.v.row(y + kPatch / 2)[x + kPatch / 2]};
      if (j > 0) candidates[count++] = back ? found[1] : *(found - 1);
      if (has_row) candidates[count++] = back ? found[grid.columns] : *(found - grid.columns);
      *found = descend(search, x, y, candidates.data(), count);
    }
  }
}

// A pixel row's sums over all patches that cover it.
struct Sums {
  explicit Sums(std::size_t width) : u(width), v(width), weight(width) {}
  std::vector<float> u;
  std::vector<float> v;
  std::vector<float> weight;
};

LIVEDREAM_LANES void addPatches(const Search& search, std::size_t row, std::ptrdiff_t y, Sums& sums) noexcept {
  const Grid& grid = search.grid;
  const float* here = search.here.brightness.row(y);
  for (std::size_t column = 0; column < grid.columns; ++column) {
    const Motion& motion = grid.found[row * grid.columns + column];
    const std::ptrdiff_t x = grid.x(column);
    const PatchPlace place =
        placeOf(search.there.brightness, static_cast<float>(x) + motion.u, static_cast<float>(grid.y(row)) + motion.v);
    PatchRow difference;
    sampleRow(place, place.first + (y - grid.y(row)) * place.stride, difference);
    difference -= rowAt(here + x);
    for (std::size_t i = 0; i < kPatch; ++i) {
      // Of the paper: what differs by less than a grey level counts alike.
      const float weight = 1 / std::max(1.0F, std::abs(difference[i]));
      const std::size_t at = static_cast<std::size_t>(x) + i;
      sums.u[at] += weight * motion.u;
      sums.v[at] += weight * motion.v;
      sums.weight[at] += weight;
    }
  }
}

void fillRow(const Search& search, std::size_t y, Field& motion) {
  Sums sums(motion.width());
  const auto line = static_cast<std::ptrdiff_t>(y);
  for (std::size_t row = 0; row < search.grid.rows; ++row) {
    const std::ptrdiff_t first = search.grid.y(row);
    if (line >= first && line < first + kPatch) addPatches(search, row, line, sums);
  }
  float* u = motion.u.row(line);
  float* v = motion.v.row(line);
  for (std::size_t x = 0; x < motion.width(); ++x) {
    u[x] = sums.u[x] / sums.weight[x];
    v[x] = sums.v[x] / sums.weight[x];
  }
}

}  // namespace

void searchPatches(const BrightnessLevel& here, const BrightnessLevel& there, Field& motion) {
  const std::size_t height = here.brightness.height();
  const std::size_t width = here.brightness.width();
  if (height < kPatch || width < kPatch) return;
  Grid grid(height, width);
  const Search search{here, there, motion, grid};
  const std::size_t parts = std::max<std::size_t>(1, grid.rows / kRowsOfPart);
  inParallel(parts, [&](std::size_t part) {
    const Range rows = Range::part(grid.rows, part, parts);
    searchPart(search, rows, false);
    searchPart(search, rows, true);
  });
  inParallel(parts, [&](std::size_t part) {
    const Range rows = Range::part(height, part, parts);
    for (std::size_t y = rows.first; y < rows.last; ++y) fillRow(search, y, motion);
  });
}

}  // namespace livedream::flow
