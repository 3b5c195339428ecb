#pragma once

#include <atomic>
#include <thread>

#include "cancellation.h"
#include "dream/ascent.h"
#include "dream/plan.h"
#include "dream/workspace.h"

namespace livedream {

// Compiles what a dream's later octaves run, one octave after another, on a thread of its own, while the earlier ones
// are compiled and climbed: XLA makes machine code on all cores, but what comes before that on one. A step that needs
// what is being compiled waits for it (Program). What goes wrong here goes wrong once more in the step that needs it,
// and is told there. Made and used on the engine's thread for the length of one dream; all that is given outlives it.
class Prefetch {
 public:
  // Starts where the plan allows it and something is left to compile.
  Prefetch(Workspace& workspace, WorkspaceCache& cache, const Plan& plan, const Cancellation& cancellation);
  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;
  // Ends it after what is being compiled, which cannot be broken off.
  ~Prefetch();

  // Waits for the end; what was built and compiled.
  const AscentRecord& finish();

 private:
  void run(Ascent& ascent) noexcept;
  void join();

  const Plan& plan_;
  std::atomic<bool> stopping_{false};
  AscentRecord record_;  // the thread's until it has ended
  std::thread thread_;
};

}  // namespace livedream
