#include "dream/prefetch.h"

#include <cstddef>
#include <system_error>
#include <utility>

#include "error.h"

namespace livedream {

namespace {

// Only on a CPU: on a GPU XLA tries out kernels while it compiles, and times them; what is dreamed meanwhile would
// spoil that, for good in the cache on disk. And only for steps each for itself: a compiled loop would be gone through
// whole.
bool wanted(const Workspace& workspace, const Plan& plan) {
  return plan.prefetch && plan.mode.xla && plan.mode.loop != Loop::kCompiled && workspace.device().type == "CPU";
}

}  // namespace

Prefetch::Prefetch(Workspace& workspace, WorkspaceCache& cache, const Plan& plan, const Cancellation& cancellation)
    : plan_(plan) {
  if (!wanted(workspace, plan)) return;
  Ascent ascent(workspace, cache, plan, cancellation, {});
  bool ready = true;
  for (std::size_t octave = 1; octave < plan.octaves.size(); ++octave) ready = ready && ascent.ready(octave);
  if (ready) return;
  try {
    thread_ = std::thread([this, moved = std::move(ascent)]() mutable { run(moved); });
  } catch (const std::system_error&) {
    // No thread to be had: each octave compiles its own.
  }
}

Prefetch::~Prefetch() {
  stopping_ = true;
  join();
}

const AscentRecord& Prefetch::finish() {
  join();
  return record_;
}

void Prefetch::run(Ascent& ascent) noexcept {
  try {
    for (std::size_t octave = 1; octave < plan_.octaves.size() && !stopping_; ++octave) {
      if (!ascent.ready(octave)) ascent.warmUp(octave);
    }
  } catch (const std::exception&) {
    // The step that needs it meets the same; cancelled, none does.
  }
  record_ = ascent.record();
}

void Prefetch::join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace livedream
