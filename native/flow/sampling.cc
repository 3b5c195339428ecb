#include "flow/sampling.h"

#include <algorithm>

namespace livedream::flow {

void sampleRow(const Plane& plane, const Field& motion, std::ptrdiff_t y, float* to) noexcept {
  const float* u = motion.u.row(y);
  const float* v = motion.v.row(y);
  const auto most_x = static_cast<float>(plane.width() - 1);
  const auto most_y = static_cast<float>(plane.height() - 1);
  const std::ptrdiff_t stride = plane.stride();
  const float* first = plane.row(0);
  for (std::size_t x = 0; x < motion.width(); ++x) {
    const float at_x = std::clamp(static_cast<float>(x) + u[x], 0.0F, most_x);
    const float at_y = std::clamp(static_cast<float>(y) + v[x], 0.0F, most_y);
    const auto left = static_cast<std::ptrdiff_t>(at_x);
    const auto above = static_cast<std::ptrdiff_t>(at_y);
    const float right_part = at_x - static_cast<float>(left);
    const float below_part = at_y - static_cast<float>(above);
    const float* four = first + above * stride + left;
    const float high = four[0] + (four[1] - four[0]) * right_part;
    const float low = four[stride] + (four[stride + 1] - four[stride]) * right_part;
    to[x] = high + (low - high) * below_part;
  }
}

}  // namespace livedream::flow
