#pragma once

#include <cstdint>

#include "dream/network.h"

namespace livedream {

// What a node of LRN (local response normalization) says of itself: y = x / d^beta, d = bias + alpha * (the sum of the
// squares of the channels at most `radius` away).
struct Response {
  std::int64_t radius;
  float bias;
  float alpha;
  float beta;
};

Response responseOf(const NetworkNode& node);

}  // namespace livedream
