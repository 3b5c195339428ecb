#include "dream/dream_run.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "dream/gradient_graph.h"
#include "dream/jitter.h"
#include "error.h"
#include "tensorflow/status.h"

namespace livedream {

using tensorflow::Call;
using tensorflow::TF_FLOAT;
using tensorflow::TF_UINT8;

namespace {

constexpr std::int64_t kColours = 3;

class Stopwatch {
 public:
  // Adds the time of its life to `milliseconds`.
  explicit Stopwatch(double& milliseconds) noexcept : milliseconds_(milliseconds) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() {
    milliseconds_ += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  double& milliseconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::vector<float> floatsOf(const tensorflow::EagerHandle& handle, std::size_t count) {
  const tensorflow::TensorHandle tensor = tensorflow::download(handle);
  const auto* values = tensorflow::dataOf<float>(tensor.get());
  return {values, values + count};
}

}  // namespace

DreamRun::DreamRun(Workspace& workspace, const Plan& plan, const Cancellation& cancellation,
                   std::function<void(const Progress&)> on_progress)
    : workspace_(workspace), plan_(plan), cancellation_(cancellation), on_progress_(std::move(on_progress)) {
  for (const Term& term : plan_.objective) {
    const std::int64_t channels = workspace_.channels(term.layer);
    const auto values = tensorflow::makeTensor(termArgument(term, channels), termArgumentShape(term, channels));
    terms_.push_back(workspace_.context().upload(values.get(), workspace_.device()));
  }
  step_size_ = workspace_.context().upload(tensorflow::makeScalar(plan_.step).get(), workspace_.device());
}

void DreamRun::throwIfCancelled() const {
  if (cancellation_.cancelled()) throw Error(code::kAborted, "The dream was cancelled.");
}

const Program& DreamRun::program(Task task, const Octave& octave) {
  const std::size_t before = workspace_.programs();
  const Program& found = workspace_.program(task, octave, plan_.objective, plan_.mode);
  timings_.programs_built += workspace_.programs() - before;
  return found;
}

DreamRun::Handle DreamRun::toFloat(const tensorflow::TF_Tensor* picture) {
  Handle uploaded = workspace_.context().upload(picture, workspace_.device());
  if (tensorflow::api().TF_TensorType(picture) == TF_FLOAT) return uploaded;
  return Call(workspace_.context(), "Cast", workspace_.device())
      .type("DstT", TF_FLOAT)
      .input(uploaded)
      .result("converting the picture");
}

DreamRun::Handle DreamRun::resize(const Handle& picture, const Octave& octave) {
  const auto& context = workspace_.context();
  const auto& device = workspace_.device();
  const auto int32 = [&](std::int32_t value) {
    return context.onHost(tensorflow::makeTensor(std::vector<std::int32_t>{value}, {1}).get());
  };
  const auto host = [&](const std::vector<std::int32_t>& values) {
    const auto size = static_cast<std::int64_t>(values.size());
    return context.onHost(tensorflow::makeTensor(values, {size}).get());
  };
  const Handle batch = Call(context, "ExpandDims", device).input(picture).input(int32(0)).result("preparing a resize");
  const Handle size = host({static_cast<std::int32_t>(octave.height), static_cast<std::int32_t>(octave.width)});
  const Handle resized = Call(context, "ResizeBilinear", device)
                             .boolean("half_pixel_centers", true)
                             .input(batch)
                             .input(size)
                             .result("resizing a picture");
  const Handle shape =
      host({static_cast<std::int32_t>(octave.height), static_cast<std::int32_t>(octave.width), kColours});
  return Call(context, "Reshape", device).input(resized).input(shape).result("resizing a picture");
}

DreamRun::Handle DreamRun::split(Handle picture, std::vector<Handle>& details) {
  const auto& context = workspace_.context();
  details.resize(plan_.octaves.size());
  for (std::size_t octave = plan_.octaves.size(); octave-- > 1;) {
    Handle smaller = resize(picture, plan_.octaves[octave - 1]);
    const Handle back = resize(smaller, plan_.octaves[octave]);
    details[octave] = Call(context, "Sub", workspace_.device()).input(picture).input(back).result("splitting octaves");
    picture = std::move(smaller);
  }
  return picture;
}

DreamRun::Handle DreamRun::grow(const Handle& picture, const Handle& detail, const Octave& octave) {
  const Handle enlarged = resize(picture, octave);
  return Call(workspace_.context(), "AddV2", workspace_.device())
      .input(enlarged)
      .input(detail)
      .result("merging octaves");
}

DreamRun::Handle DreamRun::shiftFor(std::size_t octave, int iteration) {
  std::vector<std::int32_t> shift{0, 0};
  if (plan_.jitter) {
    const Octave& o = plan_.octaves[octave];
    const auto random = jitterShift(plan_.seed, static_cast<std::uint32_t>(octave),
                                    static_cast<std::uint32_t>(iteration), o.height, o.width);
    shift.assign(random.begin(), random.end());
  }
  return workspace_.context().onHost(tensorflow::makeTensor(shift, {2}).get());
}

Bindings DreamRun::bindings() const {
  Bindings bindings;
  bindings.add("step", step_size_);
  for (std::size_t i = 0; i < terms_.size(); ++i) bindings.add(numbered("term", i), terms_[i]);
  return bindings;
}

DreamRun::Step DreamRun::stepInOne(const Handle& picture, const Octave& octave, const Handle& shift) {
  std::vector<Handle> results =
      workspace_.run(program(Task::kStep, octave), bindings().add("picture", picture).add("shift", shift));
  return {std::move(results[0]), floatsOf(results[1], kStatistics)};
}

std::vector<DreamRun::Handle> DreamRun::cut(const Handle& picture, const Octave& octave, const Handle& shift) {
  return workspace_.run(program(Task::kCut, octave), Bindings().add("picture", picture).add("shift", shift));
}

std::vector<DreamRun::Handle> DreamRun::gradientOf(const Handle& tiles, const Octave& octave) {
  return workspace_.run(program(Task::kGradient, octave), bindings().add("tiles", tiles));
}

DreamRun::Step DreamRun::stepInBatches(const Handle& picture, const Octave& octave, const Handle& shift) {
  std::vector<Handle> objectives;
  std::vector<Handle> gradients;
  for (Handle& tiles : cut(picture, octave, shift)) {
    throwIfCancelled();
    std::vector<Handle> results = gradientOf(tiles, octave);
    tiles.reset();
    gradients.push_back(std::move(results[0]));
    objectives.push_back(std::move(results[1]));
  }
  Bindings values = bindings().add("picture", picture).add("shift", shift);
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    values.add(numbered("objective", i), objectives[i]).add(numbered("gradient", i), gradients[i]);
  }
  std::vector<Handle> results = workspace_.run(program(Task::kAscend, octave), values);
  return {std::move(results[0]), floatsOf(results[1], kStatistics)};
}

DreamRun::Step DreamRun::step(const Handle& picture, std::size_t octave, int iteration) {
  throwIfCancelled();
  const Octave& o = plan_.octaves[octave];
  const Handle shift = shiftFor(octave, iteration);
  const std::uint64_t built = timings_.programs_built;
  double elapsed = 0;
  Step result;
  try {
    const Stopwatch stopwatch(elapsed);
    result = o.batches() == 1 ? stepInOne(picture, o, shift) : stepInBatches(picture, o, shift);
  } catch (Error& error) {
    error.octave = static_cast<int>(octave);
    error.iteration = iteration;
    throw;
  }
  // TensorFlow and XLA compile a function when it first runs: that step's time is the compiler's.
  (timings_.programs_built > built ? timings_.compile : timings_.steps) += elapsed;
  ++steps_;
  return result;
}

DreamRun::Handle DreamRun::iterate(Handle picture, std::size_t octave) {
  for (int iteration = 0; iteration < plan_.iterations; ++iteration) {
    Step next = step(picture, octave, iteration);
    if (!std::isfinite(next.statistics[kPictureSum]) || !std::isfinite(next.statistics[kGradientMean])) {
      Error error(code::kNotFinite, "The picture turned to NaN or infinity in octave " + std::to_string(octave) +
                                        " at iteration " + std::to_string(iteration) + ".");
      error.octave = static_cast<int>(octave);
      error.iteration = iteration;
      throw error;
    }
    picture = std::move(next.picture);
    objectives_.push_back(next.statistics[kObjective]);
    if (on_progress_) on_progress_({static_cast<int>(octave), iteration + 1, next.statistics[kObjective]});
  }
  return picture;
}

tensorflow::TensorHandle DreamRun::finish(Handle picture) {
  if (plan_.float_output) return tensorflow::download(picture);
  const auto& context = workspace_.context();
  const auto& device = workspace_.device();
  const auto scalar = [&](float value) { return context.upload(tensorflow::makeScalar(value).get(), device); };
  const Handle clipped =
      Call(context, "ClipByValue", device).input(picture).input(scalar(0)).input(scalar(255)).result("clipping");
  const Handle rounded = Call(context, "Round", device).input(clipped).result("rounding");
  const Handle bytes = Call(context, "Cast", device).type("DstT", TF_UINT8).input(rounded).result("rounding");
  return tensorflow::download(bytes);
}

DreamResult DreamRun::dream(const tensorflow::TF_Tensor* picture) {
  DreamResult result;
  {
    const Stopwatch total(timings_.total);
    throwIfCancelled();
    std::vector<Handle> details;
    Handle current;
    {
      const Stopwatch stopwatch(timings_.transfer);
      current = split(toFloat(picture), details);
      if (!plan_.start.empty()) {
        const Octave& before = plan_.octaves[plan_.first - 1];
        current = workspace_.context().upload(
            tensorflow::makeTensor(plan_.start, {before.height, before.width, kColours}).get(), workspace_.device());
      }
    }
    for (std::size_t octave = plan_.first; octave <= plan_.last; ++octave) {
      if (octave > 0) {
        const Stopwatch stopwatch(timings_.transfer);
        current = grow(current, details[octave], plan_.octaves[octave]);
        details[octave].reset();
      }
      current = iterate(std::move(current), octave);
    }
    const Stopwatch stopwatch(timings_.transfer);
    result.picture = finish(std::move(current));
  }
  result.objectives = std::move(objectives_);
  result.timings = timings_;
  return result;
}

Timings DreamRun::warmUp() {
  {
    const Stopwatch total(timings_.total);
    for (std::size_t octave = 0; octave < plan_.octaves.size(); ++octave) {
      const Octave& o = plan_.octaves[octave];
      const auto grey = tensorflow::allocateTensor(TF_FLOAT, {o.height, o.width, kColours});
      auto* values = tensorflow::dataOf<float>(grey.get());
      std::fill(values, values + o.height * o.width * kColours, 128.0F);
      step(workspace_.context().upload(grey.get(), workspace_.device()), octave, 0);
    }
  }
  return timings_;
}

GradientResult DreamRun::gradient(const tensorflow::TF_Tensor* picture) {
  const Octave& octave = plan_.octaves.back();
  const Handle none = workspace_.context().onHost(tensorflow::makeTensor(std::vector<std::int32_t>{0, 0}, {2}).get());
  std::vector<Handle> gradients;
  GradientResult result;
  for (const Handle& tiles : cut(toFloat(picture), octave, none)) {
    throwIfCancelled();
    std::vector<Handle> results = gradientOf(tiles, octave);
    gradients.push_back(std::move(results[0]));
    result.objective += floatsOf(results[1], 1).front() / static_cast<float>(octave.tiles());
  }
  Bindings values;
  for (std::size_t i = 0; i < gradients.size(); ++i) values.add(numbered("gradient", i), gradients[i]);
  result.gradient = tensorflow::download(workspace_.run(program(Task::kJoin, octave), values).front());
  return result;
}

}  // namespace livedream
