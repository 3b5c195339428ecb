#include "dream/dream_run.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "dream/frame.h"
#include "dream/prefetch.h"
#include "dream/pyramid.h"
#include "dream/stopwatch.h"

namespace livedream {

Timings DreamRun::timings() const noexcept {
  const AscentRecord& record = ascent_.record();
  Timings timings;
  timings.compile = record.compile;
  timings.steps = record.steps;
  timings.transfer = transfer_;
  timings.total = total_;
  timings.programs_built = record.programs_built + prefetched_.programs_built;
  timings.compilations.compiled = record.compilations.compiled + prefetched_.compilations.compiled;
  timings.compilations.from_disk = record.compilations.from_disk + prefetched_.compilations.from_disk;
  return timings;
}

Frame DreamRun::uploaded(const Picture& picture) {
  const Stopwatch transfer(transfer_);
  return toFrame(workspace_.place(), picture);
}

Frame DreamRun::climb(Frame picture, const Frame* source) {
  const Place place = workspace_.place();
  std::optional<Pyramid> pyramid;
  Frame current;
  {
    const Stopwatch transfer(transfer_);
    ascent_.hold(holdsOf(place, plan_, source == nullptr ? picture : *source));
    pyramid.emplace(place, plan_.octaves, std::move(picture), plan_.tileable);
    current = pyramid->takeSmallest();
  }
  for (std::size_t octave = 0; octave < plan_.octaves.size(); ++octave) {
    if (octave > 0) {
      const Stopwatch transfer(transfer_);
      current = pyramid->grow(current, octave);
      if (plan_.mask) current = heldOutside(place, current, ascent_.holdOf(octave));
    }
    current = ascent_.climb(std::move(current), octave);
  }
  return current;
}

std::optional<Frame> DreamRun::finish(const Frame& climbed) const {
  return finished(workspace_.place(), plan_, climbed, ascent_.holdOf(plan_.octaves.size() - 1));
}

void DreamRun::trace(const Picture& picture, Tracer& tracer) {
  ascent_.throwIfCancelled();
  ascent_.traceBy(&tracer);
  climb(uploaded(picture));
  ascent_.traceBy(nullptr);
}

DreamResult DreamRun::dream(const Picture& picture, const std::shared_ptr<const Home>& home) {
  DreamResult result;
  {
    const Stopwatch total(total_);
    ascent_.throwIfCancelled();
    Prefetch prefetch(workspace_, cache_, plan_, cancellation_);
    const Frame current = climb(uploaded(picture));
    prefetched_ = prefetch.finish();
    const Stopwatch transfer(transfer_);
    const std::optional<Frame> made = finish(current);
    const Frame& seen = made ? *made : current;
    if (plan_.output == Plan::Output::kFrame) {
      result.frame = keep(home, seen);
    } else {
      result.picture = toHost(workspace_.place(), seen, plan_.output == Plan::Output::kFloats);
    }
  }
  result.objectives = ascent_.record().objectives;
  result.moved = ascent_.record().moved;
  result.timings = timings();
  return result;
}

Timings DreamRun::warmUp() {
  {
    const Stopwatch total(total_);
    for (std::size_t octave = 0; octave < plan_.octaves.size(); ++octave) {
      ascent_.warmUp(octave);
    }
  }
  return timings();
}

std::vector<float> DreamRun::answers(const Picture& picture) {
  return ascent_.answers(toFrame(workspace_.place(), picture));
}

tensorflow::TensorHandle DreamRun::features(const Picture& guide) {
  return tensorflow::download(ascent_.features(toFrame(workspace_.place(), guide)));
}

GradientResult DreamRun::gradient(const Picture& picture) {
  const Ascent::Gradient gradient = ascent_.gradient(toFrame(workspace_.place(), picture));
  return {tensorflow::download(gradient.values), gradient.objective};
}

}  // namespace livedream
