#pragma once

#include <cstddef>

#include "dream/plan.h"

namespace livedream {

// One picture of RGB, interleaved, `pixels` of them.
struct Pixels {
  const float* source = nullptr;
  const float* mask = nullptr;  // 0..1, one a pixel; null is 1 everywhere
  std::size_t pixels = 0;
};

// The dream's luminance with the source's colour: the luma of BT.709, whose primaries are sRGB's, is the dream's, and
// what the colours differ from it by is the source's.
void keepLuminance(float* dreamed, const Pixels& of) noexcept;

// The source's palette: the linear map of the dream's colours whose mean and covariance are the source's and that moves
// them least, that of Monge and Kantorovich (F. Pitie and A. Kokaram, "The linear Monge-Kantorovitch linear colour
// mapping for example-based colour transfer", CVMP 2007). With a mask each pixel counts for both as much as it is
// dreamed.
void keepPalette(float* dreamed, const Pixels& of) noexcept;

// What is left to do when a picture was climbed: its colours, then `blend` of the source, then the limit; and where the
// mask is 0 the source itself.
void finishPicture(float* dreamed, const Pixels& of, KeepColour keep, float blend, float limit) noexcept;

}  // namespace livedream
