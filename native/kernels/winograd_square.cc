#include "kernels/winograd_square.h"

#include <algorithm>
#include <cstring>

#include "kernels/lanes.h"
#include "kernels/winograd_filter.h"

namespace livedream::kernels {

namespace {

using Loose = float __attribute__((vector_size(kLanes * sizeof(float)), aligned(sizeof(float))));

// By reference: how such vectors are passed depends on the processor.
LIVEDREAM_INLINE void load(const float* from, Lanes& to) noexcept { to = *reinterpret_cast<const Loose*>(from); }
LIVEDREAM_INLINE void store(const Lanes& values, float* to) noexcept { *reinterpret_cast<Loose*>(to) = values; }

LIVEDREAM_INLINE void loadSome(const float* from, std::size_t count, Lanes& to) noexcept {
  Line line{};
  std::memcpy(line.values, from, count * sizeof(float));
  load(line.values, to);
}

// With the points 0, a, -a, b, -b and infinity; a squared is 1/2 and b squared 2, so that their product is 1.
constexpr float kNear = 0.70710678118654752F;
constexpr float kFar = 1.41421356237309505F;

// Six inputs at the points, and back from the points to four outputs, three or two. What points of opposite signs share
// is added up once. `to_step` lies between values that are written.
LIVEDREAM_INLINE void toPoints(const Lanes* x, Lanes* to, std::size_t to_step) noexcept {
  const Lanes near_even = x[4] - 2.0F * x[2];
  const Lanes near_odd = kNear * x[3] - 2.0F * kNear * x[1];
  const Lanes far_even = x[4] - 0.5F * x[2];
  const Lanes far_odd = kFar * x[3] - 0.5F * kFar * x[1];
  to[0] = x[0] - 2.5F * x[2] + x[4];
  to[to_step] = near_even + near_odd;
  to[2 * to_step] = near_even - near_odd;
  to[3 * to_step] = far_even + far_odd;
  to[4 * to_step] = far_even - far_odd;
  to[5 * to_step] = x[1] - 2.5F * x[3] + x[5];
}

template <std::size_t kSide>
LIVEDREAM_INLINE void fromPoints(const Lanes* x, Lanes* to, std::size_t to_step) noexcept {
  const Lanes near_even = x[1] + x[2];
  const Lanes near_odd = x[1] - x[2];
  const Lanes far_even = x[3] + x[4];
  const Lanes far_odd = x[3] - x[4];
  to[0] = x[0] + near_even + far_even;
  to[to_step] = kNear * near_odd + kFar * far_odd;
  if constexpr (kSide > 2) to[2 * to_step] = 0.5F * near_even + 2.0F * far_even;
  if constexpr (kSide > 3) to[3 * to_step] = 0.5F * kNear * near_odd + 2.0F * kFar * far_odd;
  to[(kSide - 1) * to_step] += x[5];
}

// The inputs of one column, six rows; where `kWhole` all are there, a whole line of each.
template <bool kWhole>
LIVEDREAM_INLINE void loadColumn(const SquareInputs& inputs, std::size_t column, std::size_t channel,
                                 Lanes* x) noexcept {
  const auto from = inputs.first + static_cast<std::ptrdiff_t>(column * inputs.channels + channel);
  const auto step = static_cast<std::ptrdiff_t>(inputs.row);
  const Range rows = kWhole ? Range{0, kWinogradSquare} : inputs.rows;
  const std::size_t count = kWhole ? kLanes : std::min(kLanes, inputs.channels - channel);
  for (std::size_t row = rows.first; row < rows.last; ++row) {
    const float* pixel = inputs.picture + (from + static_cast<std::ptrdiff_t>(row) * step);
    count == kLanes ? load(pixel, x[row]) : loadSome(pixel, count, x[row]);
  }
}

template <bool kWhole>
LIVEDREAM_INLINE void transformLine(const SquareInputs& inputs, std::size_t channel, float* to,
                                    std::size_t point) noexcept {
  Lanes columns[kWinogradPoints];
  for (std::size_t column = 0; column < kWinogradSquare; ++column) {
    Lanes x[kWinogradSquare] = {};
    const bool there = column >= inputs.columns.first && column < inputs.columns.last;
    if (kWhole || there) loadColumn<kWhole>(inputs, column, channel, x);
    toPoints(x, columns + column, kWinogradSquare);
  }
  for (std::size_t row = 0; row < kWinogradSquare; ++row) {
    Lanes points[kWinogradSquare];
    toPoints(columns + row * kWinogradSquare, points, 1);
    for (std::size_t i = 0; i < kWinogradSquare; ++i)
      store(points[i], to + channel + (row * kWinogradSquare + i) * point);
  }
}

LIVEDREAM_INLINE void finish(const SquareOutputs& outputs, std::size_t at, const Lanes& values,
                             std::size_t count) noexcept {
  Line line{};
  const float* mask = outputs.mask != nullptr ? outputs.mask + at : nullptr;
  store(values, line.values);
  for (std::size_t lane = 0; lane < count; ++lane) {
    const float value = line.values[lane];
    const bool kept = mask != nullptr ? mask[lane] > 0 : !outputs.relu || !(value <= 0);
    line.values[lane] = kept ? value : 0;
  }
  std::memcpy(outputs.first + at, line.values, count * sizeof(float));
}

LIVEDREAM_INLINE void finishWhole(const SquareOutputs& outputs, std::size_t at, const Lanes& values) noexcept {
  Lanes kept = values;
  if (outputs.mask != nullptr) {
    Lanes mask;
    load(outputs.mask + at, mask);
    kept = mask > 0.0F ? values : Lanes{};
  } else if (outputs.relu) {
    kept = values <= 0.0F ? Lanes{} : values;
  }
  store(kept, outputs.first + at);
}

// `from` is the square's first line at the first point; points lie `point` floats apart.
template <std::size_t kSide>
LIVEDREAM_INLINE void transformBackTo(const float* from, std::size_t point, std::size_t channel, std::size_t count,
                                      const SquareOutputs& outputs) noexcept {
  Lanes rows[kSide * kWinogradSquare];
  for (std::size_t column = 0; column < kWinogradSquare; ++column) {
    Lanes x[kWinogradSquare];
    for (std::size_t row = 0; row < kWinogradSquare; ++row)
      load(from + (row * kWinogradSquare + column) * point, x[row]);
    fromPoints<kSide>(x, rows + column, kWinogradSquare);
  }
  Lanes bias{};
  if (outputs.bias != nullptr) loadSome(outputs.bias + channel, count, bias);
  for (std::size_t row = 0; row < outputs.rows; ++row) {
    Lanes values[kSide];
    fromPoints<kSide>(rows + row * kWinogradSquare, values, 1);
    for (std::size_t column = 0; column < outputs.columns; ++column) {
      const std::size_t at = row * outputs.row + column * outputs.channels + channel;
      if (count == kLanes) {
        finishWhole(outputs, at, values[column] + bias);
      } else {
        finish(outputs, at, values[column] + bias, count);
      }
    }
  }
}

}  // namespace

LIVEDREAM_LANES void transformSquare(const SquareInputs& inputs, float* to, std::size_t point) noexcept {
  const bool inside = inputs.rows.count() == kWinogradSquare && inputs.columns.count() == kWinogradSquare;
  const std::size_t lines = inside ? inputs.channels / kLanes * kLanes : 0;
  std::size_t channel = 0;
  for (; channel < lines; channel += kLanes) transformLine<true>(inputs, channel, to, point);
  for (; channel < inputs.channels; channel += kLanes) transformLine<false>(inputs, channel, to, point);
}

LIVEDREAM_LANES void transformBack(std::size_t side, const float* from, std::size_t point, std::size_t channel,
                                   const SquareOutputs& outputs) noexcept {
  const std::size_t count = std::min(kLanes, outputs.channels - channel);
  if (side == 4) return transformBackTo<4>(from, point, channel, count, outputs);
  if (side == 3) return transformBackTo<3>(from, point, channel, count, outputs);
  transformBackTo<2>(from, point, channel, count, outputs);
}

}  // namespace livedream::kernels
