#include "flow/tracking.h"

#include <cstddef>
#include <vector>

#include "flow/optical_flow.h"
#include "flow/sampling.h"
#include "kernels/parallel.h"
#include "kernels/range.h"

namespace livedream::flow {

namespace {

using kernels::inParallel;
using kernels::Range;

constexpr std::size_t kTrackingParts = 4;
// How far a pixel may be led astray, there and back, in pixels squared: of its way, and in any case (Sundaram, Brox,
// Keutzer 2010, "Dense point trajectories by GPU-accelerated large displacement optical flow", equation 5).
constexpr float kOfWay = 0.01F;
constexpr float kInAnyCase = 0.5F;
// Grey levels by which it may look otherwise.
constexpr float kChange = 24;
// Pixels over the edge that are taken for the edge.
constexpr float kOverEdge = 0.5F;

// Halves where `amount` is `limit`, and falls fast beyond.
float trust(float amount, float limit) noexcept {
  const float ratio = amount / limit;
  return 1 / (1 + ratio * ratio);
}

struct Row {
  std::vector<float> seen;
  std::vector<float> back_u;
  std::vector<float> back_v;
};

}  // namespace

Tracking track(const BrightnessPyramid& now, const BrightnessPyramid& before) {
  Tracking tracking;
  tracking.motion = findMotion(now, before);
  // The way back need not be as exact: a level less costs a third.
  const std::size_t level = now.levels().size() > 1 ? 1 : 0;
  const Plane& brightness = now.levels().front().brightness;
  Field back = findMotion(before, now, level);
  if (level > 0) back = doubled(back, brightness);
  const std::size_t height = brightness.height();
  const std::size_t width = brightness.width();
  tracking.confidence = Plane(height, width);
  std::vector<double> sums(height);
  inParallel(kTrackingParts, [&](std::size_t part) {
    const Range rows = Range::part(height, part, kTrackingParts);
    Row row{std::vector<float>(width), std::vector<float>(width), std::vector<float>(width)};
    for (std::size_t line = rows.first; line < rows.last; ++line) {
      const auto y = static_cast<std::ptrdiff_t>(line);
      sampleRow(before.levels().front().brightness, tracking.motion, y, row.seen.data());
      sampleRow(back.u, tracking.motion, y, row.back_u.data());
      sampleRow(back.v, tracking.motion, y, row.back_v.data());
      const float* u = tracking.motion.u.row(y);
      const float* v = tracking.motion.v.row(y);
      for (std::size_t x = 0; x < width; ++x) {
        const float to_x = static_cast<float>(x) + u[x];
        const float to_y = static_cast<float>(line) + v[x];
        const bool inside = to_x >= -kOverEdge && to_x <= static_cast<float>(width - 1) + kOverEdge &&
                            to_y >= -kOverEdge && to_y <= static_cast<float>(height - 1) + kOverEdge;
        const float astray_u = u[x] + row.back_u[x];
        const float astray_v = v[x] + row.back_v[x];
        const float way = u[x] * u[x] + v[x] * v[x] + row.back_u[x] * row.back_u[x] + row.back_v[x] * row.back_v[x];
        const float returned = trust(astray_u * astray_u + astray_v * astray_v, kOfWay * way + kInAnyCase);
        const float confidence = inside ? returned * trust(brightness.row(y)[x] - row.seen[x], kChange) : 0;
        tracking.confidence.row(y)[x] = confidence;
        sums[line] += confidence;
      }
    }
  });
  double sum = 0;
  for (const double each : sums) sum += each;
  tracking.mean_confidence = static_cast<float>(sum / static_cast<double>(height * width));
  return tracking;
}

}  // namespace livedream::flow
