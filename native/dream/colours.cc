#include "dream/colours.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "dream/symmetric_matrix.h"
#include "picture_shape.h"

namespace livedream {

namespace {

// Red, green and blue of luma, ITU-R BT.709.
constexpr std::array<float, kColours> kLuma{0.2126F, 0.7152F, 0.0722F};
// The variance of what rounding to whole levels changes: a grey or even picture has none of its own.
constexpr double kRounding = 1.0 / 12;

struct ColourStatistics {
  double weight = 0;  // of all pixels
  std::array<double, kColours> mean{};
  Matrix3 covariance{};
};

double weightOf(const Pixels& of, std::size_t pixel) noexcept { return of.mask == nullptr ? 1 : of.mask[pixel]; }

ColourStatistics statisticsOf(const float* values, const Pixels& of) noexcept {
  ColourStatistics found;
  double& total = found.weight;
  for (std::size_t pixel = 0; pixel < of.pixels; ++pixel) {
    const double weight = weightOf(of, pixel);
    total += weight;
    for (std::size_t i = 0; i < kColours; ++i) found.mean[i] += weight * values[pixel * kColours + i];
  }
  if (total == 0) return found;
  for (double& mean : found.mean) mean /= total;
  for (std::size_t pixel = 0; pixel < of.pixels; ++pixel) {
    const double weight = weightOf(of, pixel);
    std::array<double, kColours> from{};
    for (std::size_t i = 0; i < kColours; ++i) from[i] = values[pixel * kColours + i] - found.mean[i];
    for (std::size_t i = 0; i < kColours; ++i) {
      for (std::size_t j = 0; j < kColours; ++j) found.covariance[i][j] += weight * from[i] * from[j];
    }
  }
  for (std::size_t i = 0; i < kColours; ++i) {
    for (std::size_t j = 0; j < kColours; ++j) found.covariance[i][j] /= total;
    found.covariance[i][i] += kRounding;
  }
  return found;
}

}  // namespace

void keepLuminance(float* dreamed, const Pixels& of) noexcept {
  for (std::size_t pixel = 0; pixel < of.pixels; ++pixel) {
    float* to = dreamed + pixel * kColours;
    const float* from = of.source + pixel * kColours;
    float lighter = 0;
    for (std::size_t i = 0; i < kColours; ++i) lighter += kLuma[i] * (to[i] - from[i]);
    for (std::size_t i = 0; i < kColours; ++i) to[i] = from[i] + lighter;
  }
}

void keepPalette(float* dreamed, const Pixels& of) noexcept {
  const ColourStatistics is = statisticsOf(dreamed, of);
  // A small mask may be seen no more at a small octave.
  if (is.weight == 0) return;
  const ColourStatistics wanted = statisticsOf(of.source, of);
  const Matrix3 root = squareRoot(is.covariance);
  const Matrix3 inverse = inverseSquareRoot(is.covariance);
  const Matrix3 middle = squareRoot(product(product(root, wanted.covariance), root));
  const Matrix3 map = product(product(inverse, middle), inverse);
  for (std::size_t pixel = 0; pixel < of.pixels; ++pixel) {
    float* to = dreamed + pixel * kColours;
    const std::array<double, kColours> from{to[0] - is.mean[0], to[1] - is.mean[1], to[2] - is.mean[2]};
    for (std::size_t i = 0; i < kColours; ++i) {
      double value = wanted.mean[i];
      for (std::size_t j = 0; j < kColours; ++j) value += map[i][j] * from[j];
      to[i] = static_cast<float>(value);
    }
  }
}

void finishPicture(float* dreamed, const Pixels& of, KeepColour keep, float blend, float limit) noexcept {
  if (keep == KeepColour::kLuminance) keepLuminance(dreamed, of);
  if (keep == KeepColour::kPalette) keepPalette(dreamed, of);
  for (std::size_t at = 0; at < of.pixels * kColours; ++at) {
    const float source = of.source[at];
    float value = dreamed[at];
    if (blend > 0) value += blend * (source - value);
    if (limit < kUnlimited) value = std::clamp(value, source - limit, source + limit);
    if (of.mask != nullptr && of.mask[at / kColours] == 0) value = source;
    dreamed[at] = value;
  }
}

}  // namespace livedream
