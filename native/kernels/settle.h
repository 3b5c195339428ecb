#pragma once

#include <array>
#include <cstddef>

namespace livedream::kernels {

// What becomes of a dream that was laid on what was carried along: dream/coherence.h says why.
struct SettleWeights {
  float blend = 0;
  float usual = 0;
  float most = 0;
  std::array<float, 3> mean{};
  float held = 0;
};

// How much stronger than on average a dream may become in one place.
constexpr float kMostLocally = 1.6F;

// How much of its local mean a change loses with every frame: what is coarse outlasts every move, and what is fine is
// lost a little, so that a dream would become blotches.
constexpr float kCoarseLoss = 0.15F;

// Pictures [height, width, 3].
struct SettlePictures {
  std::size_t height = 0;
  std::size_t width = 0;
  const float* picture = nullptr;
  const float* carried = nullptr;
  const float* start = nullptr;
  const float* dreamed = nullptr;
  float* result = nullptr;
  float* change = nullptr;
};

// How much the result is changed on average, and each colour. On all threads; what is added up does not depend on how
// many there are.
struct Settled {
  float strength = 0;
  std::array<float, 3> mean{};
};
Settled settle(const SettlePictures& pictures, const SettleWeights& weights);

}  // namespace livedream::kernels
