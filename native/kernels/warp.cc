#include "kernels/warp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "kernels/lanes.h"
#include "picture_shape.h"

namespace livedream::kernels {

namespace {

constexpr std::size_t kTaps = 4;

// A pixel and one float of the next.
using Pixel = float __attribute__((vector_size(4 * sizeof(float))));

LIVEDREAM_INLINE Pixel loadPixel(const float* from) noexcept {
  Pixel pixel;
  std::memcpy(&pixel, from, sizeof(pixel));
  return pixel;
}

// The weights of the four pixels around a place that is `t` of a pixel beyond the second, by Keys' cubic
// convolution.
LIVEDREAM_INLINE std::array<float, kTaps> spline(float t) noexcept {
  const float square = t * t;
  const float cube = square * t;
  return {kKeys * (cube - 2 * square + t), (kKeys + 2) * cube - (kKeys + 3) * square + 1,
          -(kKeys + 2) * cube + (2 * kKeys + 3) * square - kKeys * t, kKeys * (square - cube)};
}

// A place between pixels, along one side.
struct Place {
  std::ptrdiff_t before = 0;
  float part = 0;
};

LIVEDREAM_INLINE Place placeAt(float at, std::size_t side) noexcept {
  const float clamped = std::clamp(at, 0.0F, static_cast<float>(side - 1));
  const auto before = static_cast<std::ptrdiff_t>(clamped);
  return {before, clamped - static_cast<float>(before)};
}

LIVEDREAM_INLINE void writePixel(const Pixel& pixel, float* to) noexcept {
  for (std::size_t channel = 0; channel < kColours; ++channel) to[channel] = pixel[channel];
}

// Near the edges, where taps fall beyond them.
LIVEDREAM_INLINE void warpAtEdge(const float* picture, const WarpSize& size, const Place& x, const Place& y,
                                 float* to) noexcept {
  const auto across = spline(x.part);
  const auto down = spline(y.part);
  const auto inside = [](std::ptrdiff_t at, std::size_t side) {
    return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, static_cast<std::ptrdiff_t>(side) - 1));
  };
  for (std::size_t channel = 0; channel < kColours; ++channel) {
    float sum = 0;
    for (std::size_t row = 0; row < kTaps; ++row) {
      const std::size_t line = inside(y.before + static_cast<std::ptrdiff_t>(row) - 1, size.height) * size.width;
      float along = 0;
      for (std::size_t tap = 0; tap < kTaps; ++tap) {
        const std::size_t column = inside(x.before + static_cast<std::ptrdiff_t>(tap) - 1, size.width);
        along += across[tap] * picture[(line + column) * kColours + channel];
      }
      sum += down[row] * along;
    }
    to[channel] = sum;
  }
}

}  // namespace

LIVEDREAM_LANES void warpRow(const float* picture, const WarpSize& size, const float* motion, std::size_t row,
                             float* to) noexcept {
  const std::size_t stride = size.width * kColours;
  const auto height = static_cast<std::ptrdiff_t>(size.height);
  const auto width = static_cast<std::ptrdiff_t>(size.width);
  for (std::size_t column = 0; column < size.width; ++column) {
    const Place x = placeAt(static_cast<float>(column) + motion[2 * column], size.width);
    const Place y = placeAt(static_cast<float>(row) + motion[2 * column + 1], size.height);
    float* result = to + column * kColours;
    // Four floats are read of each pixel, so one more has to follow the last.
    if (x.before < 1 || y.before < 1 || x.before + 3 >= width || y.before + 2 >= height) {
      warpAtEdge(picture, size, x, y, result);
      continue;
    }
    const auto across = spline(x.part);
    const auto down = spline(y.part);
    const float* first = picture + (static_cast<std::size_t>(y.before) - 1) * stride +
                         (static_cast<std::size_t>(x.before) - 1) * kColours;
    Pixel sum{};
    for (std::size_t line = 0; line < kTaps; ++line, first += stride) {
      sum += down[line] * (across[0] * loadPixel(first) + across[1] * loadPixel(first + kColours) +
                           across[2] * loadPixel(first + 2 * kColours) + across[3] * loadPixel(first + 3 * kColours));
    }
    writePixel(sum, result);
  }
}

}  // namespace livedream::kernels
