#pragma once

#include <cstddef>

#include "kernels/range.h"

namespace livedream::kernels {

// A square's inputs, of which those are zero that lie outside the picture.
struct SquareInputs {
  const float* picture = nullptr;
  std::ptrdiff_t first = 0;  // where the square's first pixel lies, were it there
  std::size_t row = 0;       // floats between rows
  std::size_t channels = 0;  // and between pixels
  Range rows;                // the square's that there are
  Range columns;
};

// To the points: `to` is the square's at the first point, `point` floats before that at the next, with as many channels
// as whole lines hold.
void transformSquare(const SquareInputs& inputs, float* to, std::size_t point) noexcept;

// A square's outputs, of which the last rows and columns may not be there.
struct SquareOutputs {
  float* first;
  const float* mask;  // of the first, or nothing: zero where it is not positive
  const float* bias;  // of the first channel, or nothing
  bool relu;
  std::size_t row;  // floats between rows
  std::size_t channels;
  std::size_t rows;
  std::size_t columns;
};

// From the points to the outputs of a line of channels, from `channel` on; a square has `side` x `side` outputs.
void transformBack(std::size_t side, const float* from, std::size_t point, std::size_t channel,
                   const SquareOutputs& outputs) noexcept;

}  // namespace livedream::kernels
