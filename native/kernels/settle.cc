#include "kernels/settle.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "kernels/lanes.h"
#include "kernels/local_mean.h"
#include "kernels/parallel.h"
#include "kernels/range.h"
#include "picture_shape.h"

namespace livedream::kernels {

namespace {

struct Sums {
  std::array<float, kColours> colours{};
  float magnitude = 0;
};

LIVEDREAM_INLINE void count(Sums& sums, const float* change, std::size_t pixels) noexcept {
  float red = 0;
  float green = 0;
  float blue = 0;
  float magnitude = 0;
  for (std::size_t i = 0; i < pixels; ++i) {
    const float* pixel = change + i * kColours;
    red += pixel[0];
    green += pixel[1];
    blue += pixel[2];
    magnitude += std::abs(pixel[0]) + std::abs(pixel[1]) + std::abs(pixel[2]);
  }
  sums = {{red, green, blue}, magnitude};
}

// The means of the carried dream around each pixel of a row.
struct LocalRow {
  const float* above;
  const float* below;
  float part;
  const Between* columns;
};

LIVEDREAM_LANES void letIn(const SettlePictures& p, const SettleWeights& weights, const LocalRow& local,
                           std::size_t row, Sums& sums) noexcept {
  const float usual = 1 / weights.usual;
  const float most = weights.most * kMostLocally;
  const std::size_t first = row * p.width;
  for (std::size_t x = 0; x < p.width; ++x) {
    const Between& place = local.columns[x];
    const auto around = [&](std::size_t value) {
      const std::size_t before = place.before * kLocalValues + value;
      const std::size_t after = place.after * kLocalValues + value;
      const float high = local.above[before] + (local.above[after] - local.above[before]) * place.part;
      const float low = local.below[before] + (local.below[after] - local.below[before]) * place.part;
      return high + (low - high) * local.part;
    };
    const float strength = around(0);
    const float kept = std::min(1.0F, most / std::max(strength, most));
    const float part = 1 - weights.blend * std::min(1.0F, strength * usual);
    for (std::size_t channel = 0; channel < kColours; ++channel) {
      const std::size_t at = (first + x) * kColours + channel;
      p.change[at] = (p.carried[at] - kCoarseLoss * around(channel + 1)) * kept + (p.dreamed[at] - p.start[at]) * part;
    }
  }
  count(sums, p.change + first * kColours, p.width);
}

LIVEDREAM_LANES void hold(const SettlePictures& p, float allowed, const std::array<float, kColours>& off,
                          std::size_t row, Sums& sums) noexcept {
  constexpr float kWhite = 255;
  for (std::size_t i = row * p.width; i < (row + 1) * p.width; ++i) {
    for (std::size_t channel = 0; channel < kColours; ++channel) {
      const std::size_t at = i * kColours + channel;
      const float moved = p.picture[at] + (p.change[at] * allowed - off[channel]);
      const float result = std::min(std::max(moved, 0.0F), kWhite);
      p.result[at] = result;
      p.change[at] = result - p.picture[at];
    }
  }
  count(sums, p.change + row * p.width * kColours, p.width);
}

// The means over all pixels of what `work` does to rows of them.
Settled meansOf(const SettlePictures& p, const std::function<void(std::size_t, Sums&)>& work) {
  std::vector<Sums> sums(p.height);
  const std::size_t pixels = p.height * p.width;
  const std::size_t parts = std::min(p.height, partsFor(pixels * kColours * sizeof(float) * 4));
  inParallel(parts, [&](std::size_t part) {
    const Range own = Range::part(p.height, part, parts);
    for (std::size_t row = own.first; row < own.last; ++row) work(row, sums[row]);
  });
  std::array<double, kColours> colours{};
  double magnitude = 0;
  for (const Sums& each : sums) {
    magnitude += each.magnitude;
    for (std::size_t channel = 0; channel < kColours; ++channel) colours.at(channel) += each.colours.at(channel);
  }
  Settled means;
  const auto all = static_cast<double>(pixels);
  means.strength = static_cast<float>(magnitude / (all * kColours));
  for (std::size_t channel = 0; channel < kColours; ++channel) {
    means.mean.at(channel) = static_cast<float>(colours.at(channel) / all);
  }
  return means;
}

}  // namespace

Settled settle(const SettlePictures& pictures, const SettleWeights& weights) {
  const Cells rows(pictures.height);
  const Cells columns(pictures.width);
  const std::vector<float> local = localMeans(pictures.carried, rows, columns);
  std::vector<Between> places(pictures.width);
  for (std::size_t x = 0; x < pictures.width; ++x) places[x] = betweenCells(columns, x);
  const Settled before = meansOf(pictures, [&](std::size_t row, Sums& sums) {
    const Between line = betweenCells(rows, row);
    const LocalRow at{local.data() + line.before * columns.count * kLocalValues,
                      local.data() + line.after * columns.count * kLocalValues, line.part, places.data()};
    letIn(pictures, weights, at, row, sums);
  });
  const float allowed = weights.most / std::max(before.strength, weights.most);
  std::array<float, kColours> off{};
  for (std::size_t channel = 0; channel < kColours; ++channel) {
    off.at(channel) = (before.mean.at(channel) * allowed - weights.mean.at(channel)) * weights.held;
  }
  return meansOf(pictures, [&](std::size_t row, Sums& sums) { hold(pictures, allowed, off, row, sums); });
}

}  // namespace livedream::kernels
