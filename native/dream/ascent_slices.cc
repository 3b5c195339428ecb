// The part of Ascent whose steps a compiled loop goes through.

#include <algorithm>
#include <chrono>

#include "dream/ascent.h"
#include "dream/compiled_loop.h"
#include "dream/stopwatch.h"
#include "error.h"

namespace livedream {

using tensorflow::EagerHandle;

namespace {

// A GPU is given slices ahead of what it has done. What they tell is fetched a few times a second, and no more of them
// wait than a cancelled dream may go on for.
constexpr std::chrono::milliseconds kBetweenReports{250};
constexpr std::size_t kMostWaiting = 8;

}  // namespace

bool Ascent::isCompiled(std::size_t octave) const noexcept {
  return plan_.mode.loop == Loop::kCompiled && plan_.iterations[octave] > 0;
}

Frame Ascent::runSlice(const Frame& picture, std::size_t octave, int first, std::vector<Slice>& done) {
  throwIfCancelled();
  const Octave& o = plan_.octaves[octave];
  const std::int64_t steps = stepsInSlice(plan_.iterations[octave]);
  const auto active = static_cast<std::int32_t>(std::min<std::int64_t>(plan_.iterations[octave] - first, steps));
  std::vector<std::int32_t> shifts;
  for (int i = 0; i < steps; ++i) {
    const auto shift = shiftFor(octave, first + i);
    shifts.insert(shifts.end(), shift.begin(), shift.end());
  }
  const EagerHandle shifts_there = workspace_.integers(shifts, {steps, 2});
  const EagerHandle active_there = workspace_.integers({active}, {});
  const Pauses before = pauses();
  double elapsed = 0;
  std::vector<EagerHandle> results;
  try {
    const Stopwatch stopwatch(elapsed);
    Bindings values = termBindings(terms_);
    bindUpdate(values, octave).add("picture", picture).add("shifts", shifts_there).add("active", active_there);
    results = run(workspace_, Task::kClimb, o, values, steps);
  } catch (Error& error) {
    error.octave = static_cast<int>(octave);
    error.iteration = first;
    throw;
  }
  recordTime(elapsed, before);
  record_.steps_done += static_cast<std::uint64_t>(active);
  done.push_back({first, active, std::move(results[1])});
  return std::move(results[0]);
}

void Ascent::recordSlices(std::vector<Slice>& slices, std::size_t octave) {
  const std::size_t each = kStatistics * plan_.objectives.size();
  for (const Slice& slice : slices) {
    const auto steps = static_cast<std::size_t>(slice.steps);
    std::vector<float> statistics;
    {
      const Stopwatch stopwatch(record_.steps);
      statistics = tensorflow::floatsOf(slice.statistics, steps * each);
    }
    for (std::size_t i = 0; i < steps; ++i) {
      const auto first = statistics.begin() + static_cast<std::ptrdiff_t>(i * each);
      record({first, first + static_cast<std::ptrdiff_t>(each)}, octave, slice.first + static_cast<int>(i));
    }
  }
  slices.clear();
}

Frame Ascent::climbCompiled(Frame frame, std::size_t octave) {
  using Clock = std::chrono::steady_clock;
  std::vector<Slice> waiting;
  auto reported = Clock::now();
  const int iterations = plan_.iterations[octave];
  for (int first = 0; first < iterations; first += static_cast<int>(stepsInSlice(iterations))) {
    frame = runSlice(frame, octave, first, waiting);
    if (waiting.size() < kMostWaiting && Clock::now() - reported < kBetweenReports) continue;
    recordSlices(waiting, octave);
    const int done = std::min(first + static_cast<int>(stepsInSlice(iterations)), iterations);
    if (done < iterations) show(frame, octave, done);
    reported = Clock::now();
  }
  recordSlices(waiting, octave);
  show(frame, octave, iterations);
  return frame;
}

}  // namespace livedream
