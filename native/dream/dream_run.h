#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "cancellation.h"
#include "dream/ascent.h"
#include "dream/kept_frame.h"
#include "dream/plan.h"
#include "dream/workspace.h"

namespace livedream {

struct Timings {
  double queued = 0;
  double compile = 0;
  double steps = 0;
  double transfer = 0;
  double total = 0;
  std::uint64_t programs_built = 0;
  Compilations compilations;
};

struct DreamResult {
  tensorflow::TensorHandle picture;  // uint8 or float32, as a Frame is, on the host; null where it was kept
  std::shared_ptr<const KeptFrame> frame;
  std::vector<float> objectives;
  std::vector<bool> moved;  // whether any gradient of a picture was not zero everywhere
  Timings timings;
};

struct GradientResult {
  tensorflow::TensorHandle gradient;
  float objective = 0;
};

// One dream on one workspace: up once, taken apart (Pyramid), climbed octave by octave on the device (Ascent), down
// once. Made and used on the engine's thread for the length of one job.
class DreamRun {
 public:
  DreamRun(WorkspaceCache& cache, const Plan& plan, const Cancellation& cancellation, Watch watch)
      : kept_(cache.forPicture(plan.octaves.back())),
        workspace_(*kept_),
        cache_(cache),
        plan_(plan),
        cancellation_(cancellation),
        ascent_(workspace_, cache, plan, cancellation, std::move(watch)) {}

  // `picture` is as a Frame is, of the last octave. A frame that is to be kept goes to `home`.
  DreamResult dream(const Picture& picture, const std::shared_ptr<const Home>& home);
  // Builds, compiles and runs once every program that the plan needs.
  Timings warmUp();
  GradientResult gradient(const Picture& picture);
  // Dreams as `dream` does, with every step's programs run by the tracer; the picture is given up.
  void trace(const Picture& picture, Tracer& tracer);
  // What the channels of the objective's first layer answer: see Answer.
  std::vector<float> answers(const Picture& picture);
  // What a guide's part of the objective's first term is, on the host: Ascent::features.
  tensorflow::TensorHandle features(const Picture& guide);

  std::uint64_t steps() const noexcept { return ascent_.record().steps_done; }

  // For what makes more of a dream than DreamRun does: StreamRun.
  const Workspace& workspace() const noexcept { return workspace_; }
  Ascent& ascent() noexcept { return ascent_; }
  // From a picture of the last octave's size to what all octaves make of it. It is held to `source`, of that size too;
  // null is the picture itself.
  Frame climb(Frame picture, const Frame* source = nullptr);
  // What was climbed as it is to be seen, where that is another: finished().
  std::optional<Frame> finish(const Frame& climbed) const;
  // So far, but for the total.
  Timings timings() const noexcept;

 private:
  Frame uploaded(const Picture& picture);

  std::shared_ptr<Workspace> kept_;  // for the length of the run
  Workspace& workspace_;
  WorkspaceCache& cache_;
  const Plan& plan_;
  const Cancellation& cancellation_;
  Ascent ascent_;
  AscentRecord prefetched_;  // beside the ascent
  double transfer_ = 0;
  double total_ = 0;
};

}  // namespace livedream
