#include "kernels/local_mean.h"

#include <algorithm>
#include <cmath>

#include "kernels/lanes.h"
#include "kernels/parallel.h"
#include "picture_shape.h"

namespace livedream::kernels {

namespace {

constexpr std::size_t kCell = 16;

// The sums over some pixels of a row.
LIVEDREAM_INLINE void addPixels(const float* x, std::size_t pixels, float* to) noexcept {
  for (std::size_t i = 0; i < pixels; ++i) {
    const float* pixel = x + i * kColours;
    to[0] += (std::abs(pixel[0]) + std::abs(pixel[1]) + std::abs(pixel[2])) / static_cast<float>(kColours);
    for (std::size_t channel = 0; channel < kColours; ++channel) to[channel + 1] += pixel[channel];
  }
}

// Each cell takes the mean of itself and those beside it; `size` values lie between neighbours.
void meanOfThree(const std::vector<float>& from, std::size_t count, std::size_t step, std::size_t start,
                 std::vector<float>& to) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t first = i == 0 ? 0 : i - 1;
    const std::size_t last = std::min(i + 1, count - 1);
    float sum = 0;
    for (std::size_t j = first; j <= last; ++j) sum += from[start + j * step];
    to[start + i * step] = sum / static_cast<float>(last - first + 1);
  }
}

}  // namespace

Cells::Cells(std::size_t given) noexcept : side(given), count(std::max<std::size_t>(1, (given + kCell / 2) / kCell)) {}

Between betweenCells(const Cells& cells, std::size_t pixel) noexcept {
  constexpr float kHalf = 0.5F;
  const float at =
      (static_cast<float>(pixel) + kHalf) * static_cast<float>(cells.count) / static_cast<float>(cells.side) - kHalf;
  return between(at, cells.count);
}

std::vector<float> meanMatrix(const Cells& cells) {
  std::vector<float> matrix(cells.count * cells.side);
  for (std::size_t cell = 0; cell < cells.count; ++cell) {
    const std::size_t before = cell == 0 ? 0 : cell - 1;
    const std::size_t after = std::min(cell + 1, cells.count - 1);
    for (std::size_t other = before; other <= after; ++other) {
      const std::size_t first = cells.first(other);
      const std::size_t last = cells.first(other + 1);
      const float weight = 1 / static_cast<float>((last - first) * (after - before + 1));
      for (std::size_t pixel = first; pixel < last; ++pixel) matrix[cell * cells.side + pixel] = weight;
    }
  }
  return matrix;
}

std::vector<float> spreadMatrix(const Cells& cells) {
  std::vector<float> matrix(cells.side * cells.count);
  for (std::size_t pixel = 0; pixel < cells.side; ++pixel) {
    const Between place = betweenCells(cells, pixel);
    matrix[pixel * cells.count + place.before] += 1 - place.part;
    matrix[pixel * cells.count + place.after] += place.part;
  }
  return matrix;
}

std::vector<float> localMeans(const float* x, const Cells& rows, const Cells& columns) {
  const std::size_t line = columns.count * kLocalValues;
  std::vector<float> cells(rows.count * line);
  inParallel(rows.count, [&](std::size_t row) {
    const std::size_t first = rows.first(row);
    const std::size_t last = rows.first(row + 1);
    for (std::size_t column = 0; column < columns.count; ++column) {
      const std::size_t left = columns.first(column);
      const std::size_t right = columns.first(column + 1);
      float* cell = cells.data() + row * line + column * kLocalValues;
      for (std::size_t y = first; y < last; ++y)
        addPixels(x + (y * columns.side + left) * kColours, right - left, cell);
      for (std::size_t i = 0; i < kLocalValues; ++i) cell[i] /= static_cast<float>((right - left) * (last - first));
    }
  });
  std::vector<float> across(cells.size());
  for (std::size_t row = 0; row < rows.count; ++row) {
    for (std::size_t i = 0; i < kLocalValues; ++i)
      meanOfThree(cells, columns.count, kLocalValues, row * line + i, across);
  }
  for (std::size_t start = 0; start < line; ++start) meanOfThree(across, rows.count, line, start, cells);
  return cells;
}

}  // namespace livedream::kernels
