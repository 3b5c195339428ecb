#include "flow/refinement.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "flow/energy.h"
#include "kernels/lanes.h"
#include "kernels/parallel.h"
#include "kernels/range.h"

namespace livedream::flow {

namespace {

using kernels::inParallel;
using kernels::Range;

// How often the weights are taken anew, and how many sweeps follow each time.
constexpr int kRounds = 5;
constexpr int kSweeps = 4;
constexpr float kOverrelaxation = 1.6F;
// Rows that are relaxed side by side; they see each other's edges as the round before left them.
constexpr std::size_t kLeastRows = 40;
constexpr std::size_t kMostParts = 4;

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
