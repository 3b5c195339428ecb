#include "kernels/max_pool.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "kernels/lanes.h"

namespace livedream::kernels {

namespace {

using Integers = std::int32_t __attribute__((vector_size(kLanes * sizeof(std::int32_t))));
using Choices = Choice __attribute__((vector_size(kLanes * sizeof(Choice))));

// The part of a window that there is: rows and columns of the input, and its place in the whole window.
struct Window {
  Range rows;
  Range columns;
  std::size_t above = 0;  // rows of it that are padding
  std::size_t left = 0;
  std::size_t width = 1;  // of the whole window

  Window(const MaxPool& pool, std::size_t row, std::size_t column) noexcept
      : rows{pool.rows.begin(row), pool.rows.end(row)},
        columns{pool.columns.begin(column), pool.columns.end(column)},
        above(rows.first + pool.rows.before - row * pool.rows.stride),
        left(columns.first + pool.columns.before - column * pool.columns.stride),
        width(pool.columns.window) {}

  int place(std::size_t row, std::size_t column) const noexcept {
    return static_cast<int>((row - rows.first + above) * width + column - columns.first + left);
  }
};

// By reference: how such vectors are returned differs between processors.
template <typename Vector, typename T>
LIVEDREAM_INLINE void load(const T* from, Vector& lanes) noexcept {
  std::memcpy(&lanes, from, sizeof(lanes));
}

// A window's greatest value and its place, of each of `channels`; x begins at row `first_row`. NaN is none, as in
// TensorFlow.
LIVEDREAM_LANES void choose(const MaxPool& pool, const Window& window, const float* x, std::size_t first_row, float* y,
                            Choice* choices) noexcept {
  const std::size_t channels = pool.channels;
  const std::size_t row_size = pool.columns.input * channels;
  const Lanes least = Lanes{} + (pool.masked ? 0.0F : -std::numeric_limits<float>::infinity());
  std::size_t i = 0;
  for (; i + kLanes <= channels; i += kLanes) {
    Lanes most = Lanes{} - std::numeric_limits<float>::infinity();
    Integers place = Integers{} + window.place(window.rows.first, window.columns.first);
    for (std::size_t row = window.rows.first; row < window.rows.last; ++row) {
      const float* from = x + (row - first_row) * row_size + i;
      for (std::size_t column = window.columns.first; column < window.columns.last; ++column) {
        Lanes seen;
        load(from + column * channels, seen);
        const auto greater = seen > most;
        const Integers here = Integers{} + window.place(row, column);
        most = greater ? seen : most;
        place = greater ? here : place;
      }
    }
    std::memcpy(y + i, &most, sizeof(most));
    const Integers none = Integers{} + int{kNoChoice};
    place = most > least ? place : none;
    const Choices narrow = __builtin_convertvector(place, Choices);
    std::memcpy(choices + i, &narrow, sizeof(narrow));
  }
  for (; i < channels; ++i) {
    float most = -std::numeric_limits<float>::infinity();
    int place = window.place(window.rows.first, window.columns.first);
    for (std::size_t row = window.rows.first; row < window.rows.last; ++row) {
      for (std::size_t column = window.columns.first; column < window.columns.last; ++column) {
        const float seen = x[(row - first_row) * row_size + column * channels + i];
        if (!(seen > most)) continue;
        most = seen;
        place = window.place(row, column);
      }
    }
    y[i] = most;
    choices[i] = !(most > least[0]) ? kNoChoice : static_cast<Choice>(place);
  }
}

// Adds a window's gradient where its greatest value stood; `mine` are the rows that dx has.
LIVEDREAM_LANES void handOut(const MaxPool& pool, const Window& window, const float* gradient, const Choice* choices,
                             const Range& mine, float* dx) noexcept {
  constexpr Lanes kNone{};
  const std::size_t channels = pool.channels;
  const std::size_t row_size = pool.columns.input * channels;
  const std::size_t first = std::max(window.rows.first, mine.first);
  const std::size_t last = std::min(window.rows.last, mine.last);
  std::size_t i = 0;
  for (; i + kLanes <= channels; i += kLanes) {
    Choices narrow;
    Lanes given;
    load(choices + i, narrow);
    load(gradient + i, given);
    const Integers chosen = __builtin_convertvector(narrow, Integers);
    for (std::size_t row = first; row < last; ++row) {
      float* to_row = dx + (row - mine.first) * row_size + i;
      for (std::size_t column = window.columns.first; column < window.columns.last; ++column) {
        float* to = to_row + column * channels;
        Lanes sum;
        load(to, sum);
        sum += chosen == window.place(row, column) ? given : kNone;
        std::memcpy(to, &sum, sizeof(sum));
      }
    }
  }
  for (; i < channels; ++i) {
    for (std::size_t row = first; row < last; ++row) {
      for (std::size_t column = window.columns.first; column < window.columns.last; ++column) {
        if (choices[i] != window.place(row, column)) continue;
        dx[(row - mine.first) * row_size + column * channels + i] += gradient[i];
      }
    }
  }
}

}  // namespace

Range PoolAxis::inputsOf(const Range& outputs) const noexcept {
  if (outputs.count() == 0) return {};
  return {begin(outputs.first), std::max(begin(outputs.first), end(outputs.last - 1))};
}

Range PoolAxis::outputsOf(const Range& inputs) const noexcept {
  Range found;
  while (found.first < output && end(found.first) <= inputs.first) ++found.first;
  found.last = found.first;
  while (found.last < output && begin(found.last) < inputs.last) ++found.last;
  return found;
}

void MaxPool::run(const float* x, const Range& outputs, float* y, Choice* choices) const noexcept {
  const std::size_t first_row = rows.inputsOf(outputs).first;
  std::size_t at = 0;
  for (std::size_t row = outputs.first; row < outputs.last; ++row) {
    for (std::size_t column = 0; column < columns.output; ++column, at += channels) {
      choose(*this, Window(*this, row, column), x, first_row, y + at, choices + at);
    }
  }
}

void MaxPool::runGradient(const float* gradient, const Choice* choices, const Range& inputs, float* dx) const noexcept {
  std::fill(dx, dx + inputs.count() * columns.input * channels, 0.0F);
  const Range outputs = rows.outputsOf(inputs);
  std::size_t at = 0;
  for (std::size_t row = outputs.first; row < outputs.last; ++row) {
    for (std::size_t column = 0; column < columns.output; ++column, at += channels) {
      handOut(*this, Window(*this, row, column), gradient + at, choices + at, inputs, dx);
    }
  }
}

}  // namespace livedream::kernels
