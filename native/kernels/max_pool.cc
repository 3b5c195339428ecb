#include "kernels/max_pool.h"

#include <algorithm>
#include <cstring>

#include "kernels/lanes.h"
#include "kernels/masked_sum.h"

namespace livedream::kernels {

namespace {

// By reference: how such vectors are returned differs between processors.
LIVEDREAM_INLINE void load(const float* from, Lanes& lanes) noexcept { std::memcpy(&lanes, from, sizeof(lanes)); }

// Hands a window's gradient to the first x that is the window's greatest, channel by channel. What is left of it stays
// in registers over all of the window: half the time of a pass for each x [measured].
// `ahead` values of x stand before dx's first.
LIVEDREAM_LANES void handOut(const std::vector<MaxPoolGradient::Value>& window, const float* x, const float* y,
                             const float* gradient, std::size_t channels, std::size_t ahead, float* dx) noexcept {
  constexpr Lanes kNone{};
  std::size_t i = 0;
  for (; i + kLanes <= channels; i += kLanes) {
    Lanes most;
    Lanes left;
    Lanes seen;
    Lanes sum;
    load(y + i, most);
    load(gradient + i, left);
    for (const auto& value : window) {
      load(x + value.offset + i, seen);
      const auto hit = seen == most;
      if (value.mine) {
        float* to = dx + (value.offset + i - ahead);
        load(to, sum);
        sum += hit ? left : kNone;
        std::memcpy(to, &sum, sizeof(sum));
      }
      left = hit ? kNone : left;
    }
  }
  for (; i < channels; ++i) {
    float left = gradient[i];
    for (const auto& value : window) {
      if (x[value.offset + i] != y[i]) continue;
      if (value.mine) dx[value.offset + i - ahead] += left;
      left = 0;
    }
  }
}

}  // namespace

Reached::Reached(const PoolAxis& axis, std::size_t from, std::size_t to) noexcept {
  while (first < axis.output && axis.end(first) <= from) ++first;
  last = first;
  while (last < axis.output && axis.begin(last) < to) ++last;
}

void MaxPoolGradient::window(const PoolBand& band, std::size_t row, std::size_t column) {
  const std::size_t channels = pool_.channels;
  window_.clear();
  for (std::size_t i = pool_.rows.begin(row); i < pool_.rows.end(row); ++i) {
    for (std::size_t j = pool_.columns.begin(column); j < pool_.columns.end(column); ++j) {
      const std::size_t offset = ((i - band.first_input) * pool_.columns.input + j) * channels;
      window_.push_back({offset, i >= band.first && i < band.last});
    }
  }
  const std::size_t at = ((row - band.first_output) * pool_.columns.output + column) * channels;
  const std::size_t ahead = (band.first - band.first_input) * pool_.columns.input * channels;
  handOut(window_, band.x, band.y + at, band.gradient + at, channels, ahead, band.dx);
}

void MaxPoolGradient::run(const PoolBand& band) {
  const std::size_t row_size = pool_.columns.input * pool_.channels;
  const std::size_t size = (band.last - band.first) * row_size;
  std::fill(band.dx, band.dx + size, 0.0F);
  const Reached outputs(pool_.rows, band.first, band.last);
  for (std::size_t row = outputs.first; row < outputs.last; ++row) {
    for (std::size_t column = 0; column < pool_.columns.output; ++column) window(band, row, column);
  }
  if (masked_) maskedSum(band.x + (band.first - band.first_input) * row_size, {band.dx}, size, band.dx);
}

}  // namespace livedream::kernels
