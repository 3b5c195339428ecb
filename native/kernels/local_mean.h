#pragma once

#include <cstddef>
#include <vector>

#include "kernels/between.h"

namespace livedream::kernels {

// A smooth local mean of a picture: each side is cut in cells of about 16 pixels, a cell takes the mean of itself and
// the two beside it, and between cells' centres it is linear. By both sides in turn.
struct Cells {
  explicit Cells(std::size_t side) noexcept;

  std::size_t first(std::size_t cell) const noexcept { return cell * side / count; }

  std::size_t side;
  std::size_t count;
};

// Where a pixel lies between two cells' centres.
Between betweenCells(const Cells& cells, std::size_t pixel) noexcept;

// The same as matrices, for who has no kernels: means [cells, side] and back [side, cells].
std::vector<float> meanMatrix(const Cells& cells);
std::vector<float> spreadMatrix(const Cells& cells);

// Of [height, width, 3] by cells, [rows, columns, 4]: the mean of |x| over the three channels, and that of each
// channel.
constexpr std::size_t kLocalValues = 4;
std::vector<float> localMeans(const float* x, const Cells& rows, const Cells& columns);

}  // namespace livedream::kernels
