#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "dream/plan.h"
#include "dream/workspace.h"
#include "tensorflow/context.h"

namespace livedream {

struct Progress {
  int octave = 0;
  int iteration = 0;
  float objective = 0;
};

struct Timings {
  double queued = 0;
  double compile = 0;
  double steps = 0;
  double transfer = 0;
  double total = 0;
  std::uint64_t programs_built = 0;
};

struct DreamResult {
  tensorflow::TensorHandle picture;  // uint8 or float32, [height, width, 3], on the host
  std::vector<float> objectives;
  Timings timings;
};

struct GradientResult {
  tensorflow::TensorHandle gradient;
  float objective = 0;
};

// Set from any thread, looked at between steps. May outlive the run.
class Cancellation {
 public:
  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
};

// One dream on one workspace: up once, every octave on the device, down once. Made and used on the engine's thread for
// the length of one job.
class DreamRun {
 public:
  DreamRun(Workspace& workspace, const Plan& plan, const Cancellation& cancellation,
           std::function<void(const Progress&)> on_progress);

  // `picture` is uint8 or float32, [height, width, 3] of the last octave.
  DreamResult dream(const tensorflow::TF_Tensor* picture);
  // Builds, compiles and runs once every program that the plan needs.
  Timings warmUp();
  GradientResult gradient(const tensorflow::TF_Tensor* picture);

  std::uint64_t steps() const noexcept { return steps_; }

 private:
  using Handle = tensorflow::EagerHandle;
  struct Step {
    Handle picture;
    std::vector<float> statistics;
  };

  Handle toFloat(const tensorflow::TF_Tensor* picture);
  Handle resize(const Handle& picture, const Octave& octave);
  // The detail that each octave adds to the enlarged one before it; the first of the pair is the smallest picture.
  Handle split(Handle picture, std::vector<Handle>& details);
  Handle grow(const Handle& picture, const Handle& detail, const Octave& octave);
  Step step(const Handle& picture, std::size_t octave, int iteration);
  Step stepInOne(const Handle& picture, const Octave& octave, const Handle& shift);
  Step stepInBatches(const Handle& picture, const Octave& octave, const Handle& shift);
  std::vector<Handle> cut(const Handle& picture, const Octave& octave, const Handle& shift);
  std::vector<Handle> gradientOf(const Handle& tiles, const Octave& octave);
  Handle iterate(Handle picture, std::size_t octave);
  tensorflow::TensorHandle finish(Handle picture);
  // What every call of a program may take.
  Bindings bindings() const;
  Handle shiftFor(std::size_t octave, int iteration);
  const Program& program(Task task, const Octave& octave);
  void throwIfCancelled() const;

  Workspace& workspace_;
  const Plan& plan_;
  const Cancellation& cancellation_;
  std::function<void(const Progress&)> on_progress_;
  std::vector<Handle> terms_;  // what the objective's terms take
  Handle step_size_;
  std::vector<float> objectives_;
  Timings timings_;
  std::uint64_t steps_ = 0;
};

}  // namespace livedream
