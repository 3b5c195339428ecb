#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "flow/plane.h"

namespace livedream::flow {

// Interleaved RGB, 0..255, [height, width, 3].
struct Pixels {
  std::variant<const std::uint8_t*, const float*> data;
  std::size_t height = 0;
  std::size_t width = 0;
};

// One picture's brightness (Rec. 601) at half the size, a quarter, and so on, with how it changes to the right and
// downwards. Immutable once made.
struct BrightnessLevel {
  Plane brightness;
  Plane right;  // central differences
  Plane down;
};

// The size of a picture's largest level, and how many of its pixels one of that is wide.
struct LargestLevel {
  std::size_t scale = 1;
  std::size_t height = 0;
  std::size_t width = 0;
};
LargestLevel largestLevel(std::size_t height, std::size_t width) noexcept;

class BrightnessPyramid {
 public:
  explicit BrightnessPyramid(const Pixels& pixels);

  // From the largest to the smallest.
  const std::vector<BrightnessLevel>& levels() const noexcept { return levels_; }

 private:
  std::vector<BrightnessLevel> levels_;
};

}  // namespace livedream::flow
