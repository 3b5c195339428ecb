#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/range.h"

namespace livedream::kernels {

// One axis of a pool.
struct PoolAxis {
  std::size_t input = 0;
  std::size_t output = 0;
  std::size_t window = 1;
  std::size_t stride = 1;
  std::size_t before = 0;  // what the padding adds in front

  // The first value of an output's window that there is, and the first after it.
  std::size_t begin(std::size_t at) const noexcept {
    const std::size_t from = at * stride;
    return from < before ? 0 : from - before;
  }
  std::size_t end(std::size_t at) const noexcept {
    const std::size_t to = at * stride + window - before;
    return to < input ? to : input;
  }
  // The inputs of a range of outputs, and the outputs whose windows reach into a range of inputs.
  Range inputsOf(const Range& outputs) const noexcept;
  Range outputsOf(const Range& inputs) const noexcept;
};

// Which of a window's values is the greatest, in reading order; of equal ones the first, as in TensorFlow.
using Choice = std::uint8_t;
// That none has the gradient, as a Relu before the pool would have stopped it.
constexpr Choice kNoChoice = 255;

// Of a picture, [rows, columns, channels]. Any thread; bands of rows may be computed side by side.
struct MaxPool {
  PoolAxis rows;
  PoolAxis columns;
  std::size_t channels = 0;
  // Whether a value that is not positive is no choice.
  bool masked = false;

  // `x` begins at row rows.inputsOf(outputs).first, `y` and `choices` at row outputs.first.
  void run(const float* x, const Range& outputs, float* y, Choice* choices) const noexcept;
  // The gradient by x in rows `inputs`, at whose first `dx` begins; `gradient` and `choices` begin at row
  // rows.outputsOf(inputs).first.
  void runGradient(const float* gradient, const Choice* choices, const Range& inputs, float* dx) const noexcept;
};

}  // namespace livedream::kernels
