#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "dream/dream_run.h"
#include "dream/model.h"
#include "dream/plan.h"
#include "dream/stream_run.h"
#include "dream/weights.h"
#include "dream/workspace.h"

namespace livedream {

struct EngineSettings {
  std::string device = "CPU:0";
  std::size_t program_cache_bytes = 0;
  int threads = 0;
  double gpu_memory_fraction = 0;
  Precision precision = Precision::kFloat32;
};

// Counters since the engine was made.
struct Statistics {
  std::uint64_t graph_imports = 0;
  std::uint64_t weight_uploads = 0;
  std::uint64_t programs_built = 0;
  std::uint64_t programs_evicted = 0;
  std::uint64_t programs_cached = 0;
  std::uint64_t program_bytes = 0;
  std::uint64_t weight_bytes = 0;
  std::uint64_t steps = 0;
};

// A model resident on one device, with what was compiled for it. All but statistics() is for the worker's thread, where
// it is also destroyed.
class Engine {
 public:
  explicit Engine(EngineSettings settings) : settings_(std::move(settings)) {}

  // Puts the model's weights on the device. Throws Error, and then keeps the model that it had.
  void load(std::shared_ptr<const Model> model);
  DreamResult dream(const Plan& plan, const Picture& picture, const Cancellation& cancellation, Watch watch);
  // Up and down without a dream.
  std::shared_ptr<const KeptFrame> upload(const tensorflow::TF_Tensor* picture) const;
  tensorflow::TensorHandle download(const KeptFrame& frame, bool floats) const;
  Timings warmUp(const Plan& plan, const Cancellation& cancellation);
  // Frames of streams, one of each, as many as the plan has pictures.
  std::vector<StreamFrame> dreamFrames(const Plan& plan, const std::vector<StreamSource>& sources,
                                       const Cancellation& cancellation);
  // A state as it was, to go on with what was kept elsewhere: the last source and what was changed of it, on the host.
  std::shared_ptr<const StreamState> restore(const tensorflow::TF_Tensor* source, const tensorflow::TF_Tensor* change,
                                             StreamHold hold) const;
  // What such frames need, with their steps.
  Timings warmUpStream(const Plan& plan, const Cancellation& cancellation);
  GradientResult gradient(const Plan& plan, const Picture& picture, const Cancellation& cancellation);
  // What every operation of every step of a dream took; by ordinary kernels, one step after the other.
  std::vector<ProgramTrace> trace(const Plan& plan, const Picture& picture, const Cancellation& cancellation);
  std::vector<float> answers(const Plan& plan, const Picture& picture, const Cancellation& cancellation);
  tensorflow::TensorHandle features(const Plan& plan, const Picture& guide, const Cancellation& cancellation);

  // From any thread.
  Statistics statistics() const;

 private:
  template <typename Run>
  auto onWorkspace(const Plan& plan, const Cancellation& cancellation, Watch watch, Run run);
  void publish(std::uint64_t steps);
  // Throws where nothing was loaded, or the frame is another engine's.
  void check(const KeptFrame* frame) const;

  EngineSettings settings_;
  std::shared_ptr<const Model> model_;
  tensorflow::ContextSettings context_;         // of home_ and the workspaces
  std::shared_ptr<const Home> home_;            // of the weights and of frames that stay
  std::unique_ptr<Weights> weights_;            // of the model
  std::unique_ptr<WorkspaceCache> workspaces_;  // with handles to the weights, so destroyed first
  mutable std::mutex mutex_;                    // guards statistics_
  Statistics statistics_;
};

}  // namespace livedream
