#include "flow/optical_flow.h"

#include <cstddef>
#include <utility>

#include "flow/patch_search.h"
#include "flow/refinement.h"

namespace livedream::flow {

namespace {

void scale(Plane& plane, float factor) noexcept {
  for (std::size_t y = 0; y < plane.height(); ++y) {
    float* row = plane.row(static_cast<std::ptrdiff_t>(y));
    for (std::size_t x = 0; x < plane.width(); ++x) row[x] *= factor;
  }
}

}  // namespace

Field doubled(const Field& motion, const Plane& like) {
  constexpr float kTwice = 2;
  Field larger(like.height(), like.width());
  enlarge(motion.u, kTwice, larger.u);
  enlarge(motion.v, kTwice, larger.v);
  scale(larger.u, kTwice);
  scale(larger.v, kTwice);
  return larger;
}

Field findMotion(const BrightnessPyramid& here, const BrightnessPyramid& there, std::size_t level) {
  const auto& levels = here.levels();
  const Plane& smallest = levels.back().brightness;
  Field motion(smallest.height(), smallest.width());
  for (std::size_t i = levels.size(); i-- > level;) {
    const BrightnessLevel& from = levels[i];
    if (i + 1 < levels.size()) motion = doubled(motion, from.brightness);
    searchPatches(from, there.levels()[i], motion);
    refine(from, there.levels()[i], motion);
  }
  return motion;
}

}  // namespace livedream::flow
