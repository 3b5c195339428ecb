#include "flow/refinement.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
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
// How often the weights are taken anew, and how many sweeps follow each time.
constexpr int kRounds = 5;
constexpr int kSweeps = 4;
constexpr float kOverrelaxation = 1.6F;
// Rows that are relaxed side by side; they see each other's edges as the round before left them.
constexpr std::size_t kLeastRows = 40;
constexpr std::size_t kMostParts = 4;

// What the energy is linear in around the motion that the refinement starts from.
struct Slopes {
  explicit Slopes(const Plane& like)
      : moved(like.height(), like.width()),
        change(like.height(), like.width()),
        right(like.height(), like.width()),
        down(like.height(), like.width()),
        change_right(like.height(), like.width()),
        change_down(like.height(), like.width()),
        right_right(like.height(), like.width()),
        right_down(like.height(), like.width()),
        down_down(like.height(), like.width()) {}

  Plane moved;   // there, where here moves to
  Plane change;  // there less here
  Plane right;
  Plane down;
  Plane change_right;
  Plane change_down;
  Plane right_right;
  Plane right_down;
  Plane down_down;
};

// a_u * u + a_both * v + (smoothness of u) = b_u, and the same for v.
struct Equations {
  explicit Equations(const Plane& like)
      : a_u(like.height(), like.width()),
        a_both(like.height(), like.width()),
        a_v(like.height(), like.width()),
        b_u(like.height(), like.width()),
        b_v(like.height(), like.width()),
        steady(like.height(), like.width()),
        held_right(like.height(), like.width()),
        held_down(like.height(), like.width()),
        inverse_u(like.height(), like.width()),
        inverse_v(like.height(), like.width()) {}

  Plane a_u;
  Plane a_both;
  Plane a_v;
  Plane b_u;
  Plane b_v;
  Plane steady;      // how smooth the motion is to be here
  Plane held_right;  // how much a pixel is held to the next one, 0 beyond the edges
  Plane held_down;   // and to that below
  Plane inverse_u;   // of all that u is multiplied by
  Plane inverse_v;
};

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

// What is around a row's pixels: to the left, to the right, above and below.
using Around = std::array<const float*, 4>;

LIVEDREAM_LANES void addTo(const float* a, const float* b, std::size_t count, float* sum) noexcept {
  for (std::size_t x = 0; x < count; ++x) sum[x] = a[x] + b[x];
}

Around heldAround(const Equations& equations, std::ptrdiff_t y) noexcept {
  const float* beside = equations.held_right.row(y);
  return {beside - 1, beside, equations.held_down.row(y - 1), equations.held_down.row(y)};
}

LIVEDREAM_LANES void inverseRow(const float* a, const Around& held, std::size_t count, float* inverse) noexcept {
  // A picture of one pixel is held to nothing.
  for (std::size_t x = 0; x < count; ++x) {
    inverse[x] = 1 / (a[x] + held[0][x] + held[1][x] + held[2][x] + held[3][x] + kRobust);
  }
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

// A row that is relaxed. Each side has a pointer of its own, though two are to one row: that a pixel's right is the
// next one's left is something a compiler otherwise keeps in a register, and then makes no vector code.
struct RelaxedRow {
  float* u;
  float* v;
  Around u_around;
  Around v_around;
  Around held;
  const float* a_both;
  const float* b_u;
  const float* b_v;
  const float* inverse_u;
  const float* inverse_v;
  const float* mask;  // 1 for each second pixel, which is moved, 0 for its neighbours
};

LIVEDREAM_LANES void relaxRow(const RelaxedRow& row, std::size_t count) noexcept {
  const auto [u, v, u_around, v_around, held, a_both, b_u, b_v, inverse_u, inverse_v, mask] = row;
  LIVEDREAM_INDEPENDENT
  for (std::size_t x = 0; x < count; ++x) {
    const float left = held[0][x];
    const float right = held[1][x];
    const float above = held[2][x];
    const float below = held[3][x];
    const float around_u =
        left * u_around[0][x] + right * u_around[1][x] + above * u_around[2][x] + below * u_around[3][x];
    const float around_v =
        left * v_around[0][x] + right * v_around[1][x] + above * v_around[2][x] + below * v_around[3][x];
    const float moved = kOverrelaxation * mask[x];
    const float old_u = u[x];
    const float old_v = v[x];
    const float new_u = old_u + moved * ((b_u[x] + around_u - a_both[x] * old_v) * inverse_u[x] - old_u);
    v[x] = old_v + moved * ((b_v[x] + around_v - a_both[x] * new_u) * inverse_v[x] - old_v);
    u[x] = new_u;
  }
}

// A row of motion as it was.
struct KeptRow {
  KeptRow(const Plane& plane, std::ptrdiff_t y) : values(plane.row(y), plane.row(y) + plane.width()) {}
  std::vector<float> values;
};

struct Neighbours {
  Neighbours(const Field& motion, const Range& rows)
      : u_above(motion.u, static_cast<std::ptrdiff_t>(rows.first) - 1),
        u_below(motion.u, static_cast<std::ptrdiff_t>(rows.last)),
        v_above(motion.v, static_cast<std::ptrdiff_t>(rows.first) - 1),
        v_below(motion.v, static_cast<std::ptrdiff_t>(rows.last)) {}

  KeptRow u_above;
  KeptRow u_below;
  KeptRow v_above;
  KeptRow v_below;
};

// Red and black pixels in turn: neighbours are never moved together.
void relaxPart(const Equations& equations, const Range& rows, const Neighbours& beside,
               const std::array<std::vector<float>, 2>& masks, Field& motion) {
  for (int half = 0; half < 2 * kSweeps; ++half) {
    for (std::size_t line = rows.first; line < rows.last; ++line) {
      const auto y = static_cast<std::ptrdiff_t>(line);
      const bool first = line == rows.first;
      const bool last = line + 1 == rows.last;
      const auto around = [&](const Plane& plane, const KeptRow& above, const KeptRow& below) {
        const float* here = plane.row(y);
        return Around{here - 1, here + 1, first ? above.values.data() : plane.row(y - 1),
                      last ? below.values.data() : plane.row(y + 1)};
      };
      const RelaxedRow row{motion.u.row(y),
                           motion.v.row(y),
                           around(motion.u, beside.u_above, beside.u_below),
                           around(motion.v, beside.v_above, beside.v_below),
                           heldAround(equations, y),
                           equations.a_both.row(y),
                           equations.b_u.row(y),
                           equations.b_v.row(y),
                           equations.inverse_u.row(y),
                           equations.inverse_v.row(y),
                           masks[(line + static_cast<std::size_t>(half)) % 2].data()};
      relaxRow(row, motion.width());
    }
  }
}

// What a level is refined with. What lies beyond the edges of the equations is 0 from the beginning, and stays so.
struct Level {
  explicit Level(const Plane& like) : slopes(like), equations(like), start(like.height(), like.width()) {}

  Slopes slopes;
  Equations equations;
  Field start;
};

// Its thread's, for the next frame: memory that the system has to give anew costs a tenth of the time. Of large
// pictures nothing is kept.
Level& levelFor(const Plane& like, std::optional<Level>& own) {
  constexpr std::size_t kMostPixels = std::size_t{1} << 18U;
  constexpr std::size_t kMostLevels = 12;
  if (like.height() * like.width() > kMostPixels) return own.emplace(like);
  thread_local std::vector<std::unique_ptr<Level>> kept;
  for (const auto& level : kept) {
    if (level->start.height() == like.height() && level->start.width() == like.width()) return *level;
  }
  if (kept.size() >= kMostLevels) kept.erase(kept.begin());
  return *kept.emplace_back(std::make_unique<Level>(like));
}

}  // namespace

void refine(const BrightnessLevel& here, const BrightnessLevel& there, Field& motion) {
  const std::size_t height = motion.height();
  const std::size_t parts = std::clamp<std::size_t>(height / kLeastRows, 1, kMostParts);
  std::optional<Level> own;
  Level& level = levelFor(motion.u, own);
  Slopes& slopes = level.slopes;
  Equations& equations = level.equations;
  Field& start = level.start;
  start = motion;
  slopesOf(here, there, motion, parts, slopes);
  std::array<std::vector<float>, 2> masks{std::vector<float>(motion.width()), std::vector<float>(motion.width())};
  for (std::size_t x = 0; x < motion.width(); ++x) masks[x % 2][x] = 1;
  for (int round = 0; round < kRounds; ++round) {
    motion.u.replicateEdges();
    motion.v.replicateEdges();
    equationsOf(slopes, start, motion, parts, equations);
    std::vector<Neighbours> beside;
    for (std::size_t part = 0; part < parts; ++part) beside.emplace_back(motion, Range::part(height, part, parts));
    inParallel(parts, [&](std::size_t part) {
      relaxPart(equations, Range::part(height, part, parts), beside[part], masks, motion);
    });
  }
}

}  // namespace livedream::flow
