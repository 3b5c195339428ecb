#include "dream/ascent.h"

#include <cmath>
#include <string>
#include <utility>

#include "dream/gradient_graph.h"
#include "dream/jitter.h"
#include "dream/stopwatch.h"
#include "error.h"

namespace livedream {

using tensorflow::EagerHandle;

namespace {

std::vector<float> floatsOf(const tensorflow::EagerHandle& handle, std::size_t count) {
  const tensorflow::TensorHandle tensor = tensorflow::download(handle);
  const auto* values = tensorflow::dataOf<float>(tensor.get());
  return {values, values + count};
}

}  // namespace

Ascent::Ascent(Workspace& workspace, const Plan& plan, const Cancellation& cancellation,
               std::function<void(const Progress&)> on_progress)
    : workspace_(workspace), plan_(plan), cancellation_(cancellation), on_progress_(std::move(on_progress)) {
  for (const Term& term : plan_.objective) {
    const std::int64_t channels = workspace_.channels(term.layer);
    const auto values = tensorflow::makeTensor(termArgument(term, channels), termArgumentShape(term, channels));
    terms_.push_back(workspace_.context().upload(values.get(), workspace_.device()));
  }
  step_size_ = workspace_.context().upload(tensorflow::makeScalar(plan_.step).get(), workspace_.device());
}

void Ascent::throwIfCancelled() const {
  if (cancellation_.cancelled()) throw Error(code::kAborted, "The dream was cancelled.");
}

const Program& Ascent::program(Task task, const Octave& octave) {
  const std::size_t before = workspace_.programs();
  const Program& found = workspace_.program(task, octave, plan_.objective, plan_.mode);
  record_.programs_built += workspace_.programs() - before;
  return found;
}

EagerHandle Ascent::shiftFor(std::size_t octave, int iteration) const {
  std::vector<std::int32_t> shift{0, 0};
  if (plan_.jitter) {
    const Octave& o = plan_.octaves[octave];
    const auto random = jitterShift(plan_.seed, static_cast<std::uint32_t>(octave),
                                    static_cast<std::uint32_t>(iteration), o.height, o.width);
    shift.assign(random.begin(), random.end());
  }
  return workspace_.context().onHost(tensorflow::makeTensor(shift, {2}).get());
}

Bindings Ascent::bindings() const {
  Bindings bindings;
  bindings.add("step", step_size_);
  for (std::size_t i = 0; i < terms_.size(); ++i) bindings.add(numbered("term", i), terms_[i]);
  return bindings;
}

Ascent::Step Ascent::stepInOne(const Frame& picture, const Octave& octave, const EagerHandle& shift) {
  std::vector<EagerHandle> results =
      workspace_.run(program(Task::kStep, octave), bindings().add("picture", picture).add("shift", shift));
  return {std::move(results[0]), floatsOf(results[1], kStatistics)};
}

std::vector<Frame> Ascent::cut(const Frame& picture, const Octave& octave, const EagerHandle& shift) {
  return workspace_.run(program(Task::kCut, octave), Bindings().add("picture", picture).add("shift", shift));
}

std::vector<EagerHandle> Ascent::gradientOf(const Frame& tiles, const Octave& octave) {
  return workspace_.run(program(Task::kGradient, octave), bindings().add("tiles", tiles));
}

Ascent::Step Ascent::stepInBatches(const Frame& picture, const Octave& octave, const EagerHandle& shift) {
  std::vector<EagerHandle> objectives;
  std::vector<EagerHandle> gradients;
  for (Frame& tiles : cut(picture, octave, shift)) {
    throwIfCancelled();
    std::vector<EagerHandle> results = gradientOf(tiles, octave);
    tiles.reset();
    gradients.push_back(std::move(results[0]));
    objectives.push_back(std::move(results[1]));
  }
  Bindings values = bindings().add("picture", picture).add("shift", shift);
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    values.add(numbered("objective", i), objectives[i]).add(numbered("gradient", i), gradients[i]);
  }
  std::vector<EagerHandle> results = workspace_.run(program(Task::kAscend, octave), values);
  return {std::move(results[0]), floatsOf(results[1], kStatistics)};
}

Ascent::Step Ascent::step(const Frame& picture, std::size_t octave, int iteration) {
  throwIfCancelled();
  const Octave& o = plan_.octaves[octave];
  const EagerHandle shift = shiftFor(octave, iteration);
  const std::uint64_t built = record_.programs_built;
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
  (record_.programs_built > built ? record_.compile : record_.steps) += elapsed;
  ++record_.steps_done;
  return result;
}

Frame Ascent::climb(Frame frame, std::size_t octave) {
  for (int iteration = 0; iteration < plan_.iterations; ++iteration) {
    Step next = step(frame, octave, iteration);
    if (!std::isfinite(next.statistics[kPictureSum]) || !std::isfinite(next.statistics[kGradientMean])) {
      Error error(code::kNotFinite, "The picture turned to NaN or infinity in octave " + std::to_string(octave) +
                                        " at iteration " + std::to_string(iteration) + ".");
      error.octave = static_cast<int>(octave);
      error.iteration = iteration;
      throw error;
    }
    frame = std::move(next.picture);
    record_.objectives.push_back(next.statistics[kObjective]);
    if (on_progress_) on_progress_({static_cast<int>(octave), iteration + 1, next.statistics[kObjective]});
  }
  return frame;
}

Ascent::Gradient Ascent::gradient(const Frame& frame) {
  const Octave& octave = plan_.octaves.back();
  const EagerHandle none =
      workspace_.context().onHost(tensorflow::makeTensor(std::vector<std::int32_t>{0, 0}, {2}).get());
  std::vector<EagerHandle> gradients;
  Gradient result;
  for (const Frame& tiles : cut(frame, octave, none)) {
    throwIfCancelled();
    std::vector<EagerHandle> results = gradientOf(tiles, octave);
    gradients.push_back(std::move(results[0]));
    result.objective += floatsOf(results[1], 1).front() / static_cast<float>(octave.tiles());
  }
  Bindings values;
  for (std::size_t i = 0; i < gradients.size(); ++i) values.add(numbered("gradient", i), gradients[i]);
  result.values = std::move(workspace_.run(program(Task::kJoin, octave), values).front());
  return result;
}

}  // namespace livedream
