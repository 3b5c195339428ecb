#include "flow/energy.h"

#include <vector>

#include "flow/sampling.h"
#include "kernels/inverse_root.h"
#include "kernels/lanes.h"
#include "kernels/parallel.h"
#include "kernels/range.h"

namespace livedream::flow {

namespace {

using kernels::inParallel;
using kernels::inverseRoot;
using kernels::Range;

// DIS's own weights (Kroeger et al. 2016, section 2.3), but the smoothness, which is OpenCV's.
constexpr float kBrightnessWeight = 5;
constexpr float kSlopeWeight = 10;
constexpr float kSmoothness = 20;
constexpr float kRobust = 1e-6F;     // squared
constexpr float kSteepness = 1e-2F;  // squared
LIVEDREAM_LANES void halfDifference(const float* before, const float* after, std::size_t count, float* to) noexcept {
  constexpr float kHalf = 0.5F;
  for (std::size_t x = 0; x < count; ++x) to[x] = kHalf * (after[x] - before[x]);
}

LIVEDREAM_LANES void meanAndChange(const float* here, const float* there, std::size_t count, float* mean,
                                   float* change) noexcept {
  constexpr float kHalf = 0.5F;
  for (std::size_t x = 0; x < count; ++x) {
    const float difference = there[x] - here[x];
    mean[x] = kHalf * (there[x] + here[x]);
    change[x] = difference;
  }
}

template <typename Work>
void forRows(std::size_t height, std::size_t parts, const Work& work) {
  inParallel(parts, [&](std::size_t part) {
    const Range rows = Range::part(height, part, parts);
    for (std::size_t y = rows.first; y < rows.last; ++y) work(static_cast<std::ptrdiff_t>(y));
  });
}

// One row's view of everything that its equations need.
struct EquationRow {
  const float* change;
  const float* right;
  const float* down;
  const float* change_right;
  const float* change_down;
  const float* right_right;
  const float* right_down;
  const float* down_down;
  const float* start_u;
  const float* start_v;
  std::array<const float*, 3> u;  // above, here, below
  std::array<const float*, 3> v;
};

LIVEDREAM_LANES void equationsOfRow(const EquationRow& row, std::size_t count, float* a_u, float* a_both, float* a_v,
                                    float* b_u, float* b_v, float* steady) noexcept {
  constexpr float kHalf = 0.5F;
  LIVEDREAM_INDEPENDENT
  for (std::size_t x = 0; x < count; ++x) {
    const float right = row.right[x];
    const float down = row.down[x];
    const float right_right = row.right_right[x];
    const float right_down = row.right_down[x];
    const float down_down = row.down_down[x];
    const float moved_u = row.u[1][x] - row.start_u[x];
    const float moved_v = row.v[1][x] - row.start_v[x];
    const float norm = 1 / (right * right + down * down + kSteepness);
    const float rest = row.change[x] + right * moved_u + down * moved_v;
    const float weight = kBrightnessWeight * norm * inverseRoot(rest * rest * norm + kRobust);
    const float norm_right = 1 / (right_right * right_right + right_down * right_down + kSteepness);
    const float norm_down = 1 / (right_down * right_down + down_down * down_down + kSteepness);
    const float rest_right = row.change_right[x] + right_right * moved_u + right_down * moved_v;
    const float rest_down = row.change_down[x] + right_down * moved_u + down_down * moved_v;
    const float both =
        kSlopeWeight * inverseRoot(rest_right * rest_right * norm_right + rest_down * rest_down * norm_down + kRobust);
    const float of_right = both * norm_right;
    const float of_down = both * norm_down;
    const float uu = weight * right * right + of_right * right_right * right_right + of_down * right_down * right_down;
    const float uv = weight * right * down + of_right * right_right * right_down + of_down * right_down * down_down;
    const float vv = weight * down * down + of_right * right_down * right_down + of_down * down_down * down_down;
    const float ut = weight * right * row.change[x] + of_right * right_right * row.change_right[x] +
                     of_down * right_down * row.change_down[x];
    const float vt = weight * down * row.change[x] + of_right * right_down * row.change_right[x] +
                     of_down * down_down * row.change_down[x];
    a_u[x] = uu;
    a_both[x] = uv;
    a_v[x] = vv;
    b_u[x] = uu * row.start_u[x] + uv * row.start_v[x] - ut;
    b_v[x] = uv * row.start_u[x] + vv * row.start_v[x] - vt;
    const float u_right = kHalf * (row.u[1][x + 1] - (row.u[1] - 1)[x]);
    const float u_down = kHalf * (row.u[2][x] - row.u[0][x]);
    const float v_right = kHalf * (row.v[1][x + 1] - (row.v[1] - 1)[x]);
    const float v_down = kHalf * (row.v[2][x] - row.v[0][x]);
    steady[x] = kHalf * kSmoothness *
                inverseRoot(u_right * u_right + u_down * u_down + v_right * v_right + v_down * v_down + kRobust);
  }
}

LIVEDREAM_LANES void addTo(const float* a, const float* b, std::size_t count, float* sum) noexcept {
  for (std::size_t x = 0; x < count; ++x) sum[x] = a[x] + b[x];
}

LIVEDREAM_LANES void inverseRow(const float* a, const Around& held, std::size_t count, float* inverse) noexcept {
  // A picture of one pixel is held to nothing.
  for (std::size_t x = 0; x < count; ++x) {
    inverse[x] = 1 / (a[x] + held[0][x] + held[1][x] + held[2][x] + held[3][x] + kRobust);
  }
}

}  // namespace

Around heldAround(const Equations& equations, std::ptrdiff_t y) noexcept {
  const float* beside = equations.held_right.row(y);
  return {beside - 1, beside, equations.held_down.row(y - 1), equations.held_down.row(y)};
}

void slopesOf(const BrightnessLevel& here, const BrightnessLevel& there, const Field& motion, std::size_t parts,
              Slopes& slopes) {
  const Plane& brightness = here.brightness;
  const std::size_t width = brightness.width();
  Plane& moved = slopes.moved;
  forRows(brightness.height(), parts, [&](std::ptrdiff_t y) {
    sampleRow(there.brightness, motion, y, moved.row(y));
    const float* still = brightness.row(y);
    float* change = slopes.change.row(y);
    for (std::size_t x = 0; x < width; ++x) change[x] = moved.row(y)[x] - still[x];
  });
  moved.replicateEdges();
  forRows(brightness.height(), parts, [&](std::ptrdiff_t y) {
    std::vector<float> difference(width);
    halfDifference(moved.row(y) - 1, moved.row(y) + 1, width, difference.data());
    meanAndChange(here.right.row(y), difference.data(), width, slopes.right.row(y), slopes.change_right.row(y));
    halfDifference(moved.row(y - 1), moved.row(y + 1), width, difference.data());
    meanAndChange(here.down.row(y), difference.data(), width, slopes.down.row(y), slopes.change_down.row(y));
  });
  slopes.right.replicateEdges();
  slopes.down.replicateEdges();
  forRows(brightness.height(), parts, [&](std::ptrdiff_t y) {
    halfDifference(slopes.right.row(y) - 1, slopes.right.row(y) + 1, width, slopes.right_right.row(y));
    halfDifference(slopes.right.row(y - 1), slopes.right.row(y + 1), width, slopes.right_down.row(y));
    halfDifference(slopes.down.row(y - 1), slopes.down.row(y + 1), width, slopes.down_down.row(y));
  });
}

void equationsOf(const Slopes& slopes, const Field& start, const Field& motion, std::size_t parts,
                 Equations& equations) {
  forRows(motion.height(), parts, [&](std::ptrdiff_t y) {
    const EquationRow row{slopes.change.row(y),
                          slopes.right.row(y),
                          slopes.down.row(y),
                          slopes.change_right.row(y),
                          slopes.change_down.row(y),
                          slopes.right_right.row(y),
                          slopes.right_down.row(y),
                          slopes.down_down.row(y),
                          start.u.row(y),
                          start.v.row(y),
                          {motion.u.row(y - 1), motion.u.row(y), motion.u.row(y + 1)},
                          {motion.v.row(y - 1), motion.v.row(y), motion.v.row(y + 1)}};
    equationsOfRow(row, motion.width(), equations.a_u.row(y), equations.a_both.row(y), equations.a_v.row(y),
                   equations.b_u.row(y), equations.b_v.row(y), equations.steady.row(y));
  });
  forRows(motion.height(), parts, [&](std::ptrdiff_t y) {
    const float* steady = equations.steady.row(y);
    addTo(steady, steady + 1, motion.width() - 1, equations.held_right.row(y));
    if (y + 1 < static_cast<std::ptrdiff_t>(motion.height())) {
      addTo(steady, equations.steady.row(y + 1), motion.width(), equations.held_down.row(y));
    }
  });
  forRows(motion.height(), parts, [&](std::ptrdiff_t y) {
    const Around held = heldAround(equations, y);
    inverseRow(equations.a_u.row(y), held, motion.width(), equations.inverse_u.row(y));
    inverseRow(equations.a_v.row(y), held, motion.width(), equations.inverse_v.row(y));
  });
}

}  // namespace livedream::flow
