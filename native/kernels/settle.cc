#include "kernels/settle.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "kernels/lanes.h"
#include "kernels/parallel.h"
#include "kernels/range.h"

namespace livedream::kernels {

namespace {

constexpr std::size_t kChannels = 3;
// Whose sums are added up in floats.
constexpr std::size_t kChunk = 1024;

struct Sums {
  std::array<float, kChannels> colours{};
  float magnitude = 0;
};

LIVEDREAM_INLINE void count(Sums& sums, const float* change, std::size_t pixels) noexcept {
  float red = 0;
  float green = 0;
  float blue = 0;
  float magnitude = 0;
  for (std::size_t i = 0; i < pixels; ++i) {
    const float* pixel = change + i * kChannels;
    red += pixel[0];
    green += pixel[1];
    blue += pixel[2];
    magnitude += std::abs(pixel[0]) + std::abs(pixel[1]) + std::abs(pixel[2]);
  }
  sums = {{red, green, blue}, magnitude};
}

LIVEDREAM_LANES void letIn(const SettlePictures& p, float blend, const Range& range, Sums& sums) noexcept {
  for (std::size_t i = range.first; i < range.last; ++i) {
    const float part = 1 - blend * p.confidence[i];
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
      const std::size_t at = i * kChannels + channel;
      p.change[at] = p.carried[at] + (p.dreamed[at] - p.start[at]) * part;
    }
  }
  count(sums, p.change + range.first * kChannels, range.count());
}

LIVEDREAM_LANES void hold(const SettlePictures& p, float allowed, const std::array<float, kChannels>& off,
                          const Range& range, Sums& sums) noexcept {
  constexpr float kWhite = 255;
  for (std::size_t i = range.first; i < range.last; ++i) {
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
      const std::size_t at = i * kChannels + channel;
      const float moved = p.picture[at] + (p.change[at] * allowed - off[channel]);
      const float result = std::min(std::max(moved, 0.0F), kWhite);
      p.result[at] = result;
      p.change[at] = result - p.picture[at];
    }
  }
  count(sums, p.change + range.first * kChannels, range.count());
}

// The means over all pixels of what `work` does to chunks of them.
Settled meansOf(std::size_t pixels, const std::function<void(const Range&, Sums&)>& work) {
  const std::size_t chunks = (pixels + kChunk - 1) / kChunk;
  std::vector<Sums> sums(chunks);
  const std::size_t parts = std::min(chunks, partsFor(pixels * kChannels * sizeof(float) * 4));
  inParallel(parts, [&](std::size_t part) {
    const Range own = Range::part(chunks, part, parts);
    for (std::size_t chunk = own.first; chunk < own.last; ++chunk) {
      work({chunk * kChunk, std::min(pixels, (chunk + 1) * kChunk)}, sums[chunk]);
    }
  });
  std::array<double, kChannels> colours{};
  double magnitude = 0;
  for (const Sums& each : sums) {
    magnitude += each.magnitude;
    for (std::size_t channel = 0; channel < kChannels; ++channel) colours.at(channel) += each.colours.at(channel);
  }
  Settled means;
  const auto all = static_cast<double>(pixels);
  means.strength = static_cast<float>(magnitude / (all * kChannels));
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    means.mean.at(channel) = static_cast<float>(colours.at(channel) / all);
  }
  return means;
}

}  // namespace

Settled settle(const SettlePictures& pictures, const SettleWeights& weights) {
  const Settled before =
      meansOf(pictures.pixels, [&](const Range& range, Sums& sums) { letIn(pictures, weights.blend, range, sums); });
  const float allowed = weights.most / std::max(before.strength, weights.most);
  std::array<float, kChannels> off{};
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    off.at(channel) = (before.mean.at(channel) * allowed - weights.mean.at(channel)) * weights.held;
  }
  return meansOf(pictures.pixels, [&](const Range& range, Sums& sums) { hold(pictures, allowed, off, range, sums); });
}

}  // namespace livedream::kernels
