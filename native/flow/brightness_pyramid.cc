#include "flow/brightness_pyramid.h"

#include <algorithm>
#include <utility>

#include "kernels/lanes.h"
#include "kernels/parallel.h"
#include "kernels/range.h"
#include "picture_shape.h"

namespace livedream::flow {

namespace {

using kernels::inParallel;
using kernels::Range;

// Below this side motion is looked for at the picture's own size; above, half of it is as good: DIS's "finest scale" of
// 1 is what OpenCV's medium preset has, too.
constexpr std::size_t kLeastHalved = 64;
// A patch of 8 pixels finds motion of about its own size; levels go on until that is a quarter of the picture.
constexpr std::size_t kSmallestSide = 30;
// Parts of a picture that are worked on in turn by as many threads as there are; the same everywhere, so that sums are
// rounded alike.
constexpr std::size_t kParts = 4;

constexpr float kRed = 0.299F;
constexpr float kGreen = 0.587F;
constexpr float kBlue = 0.114F;

template <typename T>
LIVEDREAM_INLINE float brightnessOf(const T* pixel) noexcept {
  return kRed * static_cast<float>(pixel[0]) + kGreen * static_cast<float>(pixel[1]) +
         kBlue * static_cast<float>(pixel[2]);
}

template <typename T>
LIVEDREAM_INLINE void brightnessRow(const T* from, std::size_t count, float* to) noexcept {
  for (std::size_t x = 0; x < count; ++x) to[x] = brightnessOf(from + x * kColours);
}

LIVEDREAM_LANES void brightnessOfBytes(const std::uint8_t* from, std::size_t count, float* to) noexcept {
  brightnessRow(from, count, to);
}

LIVEDREAM_LANES void brightnessOfFloats(const float* from, std::size_t count, float* to) noexcept {
  brightnessRow(from, count, to);
}

LIVEDREAM_LANES void meanOfSquares(const float* above, const float* below, std::size_t count, float* to) noexcept {
  constexpr float kQuarter = 0.25F;
  for (std::size_t x = 0; x < count; ++x) {
    to[x] = kQuarter * (above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1]);
  }
}

LIVEDREAM_LANES void differences(const float* above, const float* here, const float* below, std::size_t count,
                                 float* right, float* down) noexcept {
  constexpr float kHalf = 0.5F;
  for (std::size_t x = 0; x < count; ++x) right[x] = kHalf * (here[x + 1] - (here - 1)[x]);
  for (std::size_t x = 0; x < count; ++x) down[x] = kHalf * (below[x] - above[x]);
}

Plane brightnessPlane(const Pixels& pixels) {
  Plane plane(pixels.height, pixels.width);
  inParallel(kParts, [&](std::size_t part) {
    const Range rows = Range::part(pixels.height, part, kParts);
    for (std::size_t y = rows.first; y < rows.last; ++y) {
      float* to = plane.row(static_cast<std::ptrdiff_t>(y));
      const std::size_t at = y * pixels.width * kColours;
      if (const auto* bytes = std::get_if<const std::uint8_t*>(&pixels.data)) {
        brightnessOfBytes(*bytes + at, pixels.width, to);
      } else {
        brightnessOfFloats(std::get<const float*>(pixels.data) + at, pixels.width, to);
      }
    }
  });
  plane.replicateEdges();
  return plane;
}

// An odd side's last pixel is joined with its own copy beyond the edge.
Plane halved(const Plane& from) {
  Plane to((from.height() + 1) / 2, (from.width() + 1) / 2);
  for (std::size_t y = 0; y < to.height(); ++y) {
    const auto above = static_cast<std::ptrdiff_t>(2 * y);
    meanOfSquares(from.row(above), from.row(above + 1), to.width(), to.row(static_cast<std::ptrdiff_t>(y)));
  }
  to.replicateEdges();
  return to;
}

BrightnessLevel levelOf(Plane brightness) {
  BrightnessLevel level{std::move(brightness), {}, {}};
  const Plane& from = level.brightness;
  level.right = Plane(from.height(), from.width());
  level.down = Plane(from.height(), from.width());
  for (std::ptrdiff_t y = 0; y < static_cast<std::ptrdiff_t>(from.height()); ++y) {
    differences(from.row(y - 1), from.row(y), from.row(y + 1), from.width(), level.right.row(y), level.down.row(y));
  }
  level.right.replicateEdges();
  level.down.replicateEdges();
  return level;
}

}  // namespace

LargestLevel largestLevel(std::size_t height, std::size_t width) noexcept {
  if (std::min(height, width) < kLeastHalved) return {1, height, width};
  return {2, (height + 1) / 2, (width + 1) / 2};
}

BrightnessPyramid::BrightnessPyramid(const Pixels& pixels) {
  Plane plane = brightnessPlane(pixels);
  if (largestLevel(pixels.height, pixels.width).scale > 1) plane = halved(plane);
  for (;;) {
    const bool last = std::max(plane.height(), plane.width()) <= kSmallestSide ||
                      std::min(plane.height(), plane.width()) < static_cast<std::size_t>(Plane::kBorder);
    Plane next = last ? Plane() : halved(plane);
    levels_.push_back(levelOf(std::move(plane)));
    if (last) return;
    plane = std::move(next);
  }
}

}  // namespace livedream::flow
