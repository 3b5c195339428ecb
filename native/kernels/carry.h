#pragma once

#include <cstddef>

#include "kernels/range.h"
#include "kernels/warp.h"

namespace livedream::kernels {

// A motion and its confidence, [rows, columns, 3]: right and down in their own pixels, confidence. `scale`, 1 or 2, is
// how many pixels of the picture one of theirs is wide.
struct TrackingGrid {
  const float* values = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t scale = 1;
};

// Pictures [height, width, 3].
struct CarryRows {
  const float* picture = nullptr;
  const float* change = nullptr;  // of the picture before, all of it
  float* start = nullptr;
  float* carried = nullptr;
};

// The change moved along and weighed by its confidence; `start` is the picture with it.
void carryRows(const CarryRows& rows, const TrackingGrid& tracking, const WarpSize& size, const Range& range);

}  // namespace livedream::kernels
