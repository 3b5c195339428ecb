#include "dream/engine.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "error.h"
#include "kernels/parallel.h"

namespace livedream {

namespace {

// Of the device "CPU:2" 3: TensorFlow numbers them from 0.
int processorsFor(const std::string& device) {
  constexpr std::string_view kProcessor = "CPU:";
  if (device.rfind(kProcessor, 0) != 0) return 1;
  return 1 + std::atoi(device.c_str() + kProcessor.size());
}

}  // namespace

void Engine::load(std::shared_ptr<const Model> model) {
  if (!tensorflow::isLibraryOpen()) throw Error(code::kInternal, "The library was not opened.");
  const std::shared_ptr<const WeightValues> values = model->values();
  if (!values) throw Error(code::kInternal, "The model's weights were released.");
  tensorflow::ContextSettings context;
  context.gpu = settings_.device.rfind("GPU", 0) == 0;
  context.gpu_memory_fraction = settings_.gpu_memory_fraction;
  context.processors = processorsFor(settings_.device);
  context.threads = settings_.threads;
  kernels::useThreads(settings_.threads);
  const tensorflow::Device device = tensorflow::Context(context).device(settings_.device);
  // All or nothing: a model that cannot be put there leaves the one before as it was.
  auto home = home_ ? home_ : std::make_shared<const Home>(context, device);
  const Network& network = model->network();
  std::optional<const Network> reduced;
  if (settings_.precision != Precision::kFloat32) reduced.emplace(network, Mode{false, settings_.precision, {}});
  const Network& computed = reduced ? *reduced : network;
  auto weights = std::make_unique<Weights>(*values, computed.weightTypes(), home);
  auto workspaces =
      std::make_unique<WorkspaceCache>(model->network(), *weights, context, device, settings_.program_cache_bytes);
  context_ = context;
  home_ = std::move(home);
  workspaces_ = std::move(workspaces);
  weights_ = std::move(weights);
  model_ = std::move(model);
  const std::lock_guard<std::mutex> lock(mutex_);
  statistics_.graph_imports += 1;
  statistics_.weight_uploads += weights_->uploads();
  statistics_.weight_bytes = computed.weightBytes();
}

template <typename Run>
auto Engine::onWorkspace(const Plan& plan, const Cancellation& cancellation, Watch watch, Run run) {
  check(nullptr);
  if (plan.mode.precision != settings_.precision) {
    throw Error(code::kInternal, "The plan's precision is not that of the engine's weights.");
  }
  std::optional<DreamRun> dream_run;
  dream_run.emplace(*workspaces_, plan, cancellation, std::move(watch));
  // Also when the run throws: what it built stays and counts. The run ends first, as it keeps its workspaces from being
  // evicted.
  struct Publisher {
    Engine& engine;
    std::optional<DreamRun>& dream_run;
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;
    ~Publisher() {
      const std::uint64_t steps = dream_run->steps();
      dream_run.reset();
      engine.publish(steps);
    }
  } const publisher{*this, dream_run};
  return run(*dream_run);
}

void Engine::check(const KeptFrame* frame) const {
  if (!model_) throw Error(code::kInternal, "No model was loaded.");
  if (frame != nullptr && !frame->livesIn(*home_)) throw Error(code::kInternal, "The frame is another engine's.");
}

DreamResult Engine::dream(const Plan& plan, const Picture& picture, const Cancellation& cancellation, Watch watch) {
  check(picture.frame.get());
  return onWorkspace(plan, cancellation, std::move(watch), [&](DreamRun& run) { return run.dream(picture, home_); });
}

std::shared_ptr<const KeptFrame> Engine::upload(const tensorflow::TF_Tensor* picture) const {
  check(nullptr);
  return std::make_shared<const KeptFrame>(home_, toFrame(home_->place(), picture));
}

tensorflow::TensorHandle Engine::download(const KeptFrame& frame, bool floats) const {
  check(&frame);
  return toHost(home_->place(), frame.pixels(), floats);
}

Timings Engine::warmUp(const Plan& plan, const Cancellation& cancellation) {
  return onWorkspace(plan, cancellation, {}, [](DreamRun& run) { return run.warmUp(); });
}

std::vector<StreamFrame> Engine::dreamFrames(const Plan& plan, const std::vector<StreamSource>& sources,
                                             const Cancellation& cancellation) {
  for (const StreamSource& source : sources) check(source.before ? source.before->change.get() : nullptr);
  return onWorkspace(plan, cancellation, {}, [&](DreamRun& run) { return StreamRun(run, plan).dream(sources, home_); });
}

std::shared_ptr<const StreamState> Engine::restore(const tensorflow::TF_Tensor* source,
                                                   const tensorflow::TF_Tensor* change, StreamHold hold) const {
  check(nullptr);
  return restoreState(home_, source, change, hold);
}

Timings Engine::warmUpStream(const Plan& plan, const Cancellation& cancellation) {
  return onWorkspace(plan, cancellation, {}, [&](DreamRun& run) {
    run.warmUp();
    StreamRun(run, plan).warmUp();
    return run.timings();
  });
}

GradientResult Engine::gradient(const Plan& plan, const Picture& picture, const Cancellation& cancellation) {
  check(picture.frame.get());
  return onWorkspace(plan, cancellation, {}, [&](DreamRun& run) { return run.gradient(picture); });
}

std::vector<ProgramTrace> Engine::trace(const Plan& plan, const Picture& picture, const Cancellation& cancellation) {
  check(picture.frame.get());
  if (plan.mode.xla || plan.mode.loop != Loop::kNative) {
    throw Error(code::kInternal, "Only steps by ordinary kernels can be traced.");
  }
  Tracer tracer(context_);
  onWorkspace(plan, cancellation, {}, [&](DreamRun& run) { run.trace(picture, tracer); });
  return tracer.take();
}

std::vector<float> Engine::answers(const Plan& plan, const Picture& picture, const Cancellation& cancellation) {
  check(picture.frame.get());
  return onWorkspace(plan, cancellation, {}, [&](DreamRun& run) { return run.answers(picture); });
}

tensorflow::TensorHandle Engine::features(const Plan& plan, const Picture& guide, const Cancellation& cancellation) {
  check(guide.frame.get());
  return onWorkspace(plan, cancellation, {}, [&](DreamRun& run) { return run.features(guide); });
}

void Engine::publish(std::uint64_t steps) {
  workspaces_->trim();
  const std::lock_guard<std::mutex> lock(mutex_);
  statistics_.steps += steps;
  statistics_.programs_built = workspaces_->built();
  statistics_.programs_evicted = workspaces_->evicted();
  statistics_.programs_cached = workspaces_->programs();
  statistics_.program_bytes = workspaces_->bytes();
}

Statistics Engine::statistics() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return statistics_;
}

}  // namespace livedream
