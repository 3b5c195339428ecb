#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "dream/dream_run.h"
#include "dream/network.h"
#include "dream/plan.h"
#include "dream/weights.h"
#include "dream/workspace.h"

namespace livedream {

struct SessionSettings {
  std::string device = "CPU:0";
  std::size_t program_cache_bytes = 0;
  int threads = 0;
};

// Counters since the session was made.
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

// A resident network on one device. All but statistics() is for the worker's thread, where it is also destroyed.
class Session {
 public:
  explicit Session(SessionSettings settings) : settings_(std::move(settings)) {}

  // Imports the graph and puts the weights on the device. Throws Error.
  const Network& load(const ModelSpec& model);
  Layer layer(const std::string& name) const;
  DreamResult dream(const Plan& plan, const tensorflow::TF_Tensor* picture, const Cancellation& cancellation,
                    std::function<void(const Progress&)> on_progress);
  Timings warmUp(const Plan& plan, const Cancellation& cancellation);
  GradientResult gradient(const Plan& plan, const tensorflow::TF_Tensor* picture, const Cancellation& cancellation);

  // From any thread.
  Statistics statistics() const;

 private:
  template <typename Run>
  auto onWorkspace(const Plan& plan, const Cancellation& cancellation, std::function<void(const Progress&)> on_progress,
                   Run run);
  void publish(std::uint64_t steps);
  const Network& network() const;

  SessionSettings settings_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Weights> weights_;            // of the network
  std::unique_ptr<WorkspaceCache> workspaces_;  // with handles to the weights, so destroyed first
  mutable std::mutex mutex_;                    // guards statistics_
  Statistics statistics_;
};

}  // namespace livedream
