#include "dream/ascent.h"

#include <cmath>
#include <string>
#include <utility>

#include "dream/gradient_graph.h"
#include "dream/jitter.h"
#include "dream/stopwatch.h"
#include "error.h"
#include "tensorflow/shared_handle.h"

namespace livedream {

using tensorflow::EagerHandle;

namespace {

std::vector<float> floatsOf(const tensorflow::EagerHandle& handle, std::size_t count) {
  const tensorflow::TensorHandle tensor = tensorflow::download(handle);
  const auto* values = tensorflow::dataOf<float>(tensor.get());
  return {values, values + count};
}

}  // namespace

Ascent::Ascent(Workspace& workspace, WorkspaceCache& cache, const Plan& plan, const Cancellation& cancellation,
               std::function<void(const Progress&)> on_progress)
    : workspace_(workspace),
      cache_(cache),
      plan_(plan),
      cancellation_(cancellation),
      on_progress_(std::move(on_progress)),
      terms_(putTerms(workspace)),
      step_size_(workspace.context().upload(tensorflow::makeScalar(plan.step).get(), workspace.device())) {}

std::vector<EagerHandle> Ascent::putTerms(const Workspace& workspace) const {
  std::vector<EagerHandle> terms;
  for (const Term& term : plan_.objective) {
    const std::int64_t channels = workspace.channels(term.layer);
    const auto values = tensorflow::makeTensor(termArgument(term, channels), termArgumentShape(term, channels));
    terms.push_back(workspace.context().upload(values.get(), workspace.device()));
  }
  return terms;
}

Ascent::Site& Ascent::tileSite(const Octave& octave) {
  const auto [site, fresh] = tile_sites_.try_emplace({octave.tile_height, octave.tile_width});
  if (fresh) {
    site->second.workspace = cache_.forTiles(octave);
    site->second.terms = putTerms(*site->second.workspace);
  }
  return site->second;
}

void Ascent::throwIfCancelled() const {
  if (cancellation_.cancelled()) throw Error(code::kAborted, "The dream was cancelled.");
}

const Program& Ascent::program(Workspace& workspace, Task task, const Octave& octave) {
  const std::size_t before = workspace.programs();
  const Program& found = workspace.program(task, octave, plan_.objective, plan_.mode);
  record_.programs_built += workspace.programs() - before;
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

Bindings Ascent::termBindings(const std::vector<EagerHandle>& terms) {
  Bindings bindings;
  for (std::size_t i = 0; i < terms.size(); ++i) bindings.add(numbered("term", i), terms[i]);
  return bindings;
}

Ascent::Step Ascent::stepInOne(const Frame& picture, const Octave& octave, const EagerHandle& shift) {
  Bindings values = termBindings(terms_);
  values.add("step", step_size_).add("picture", picture).add("shift", shift);
  std::vector<EagerHandle> results = workspace_.run(program(workspace_, Task::kStep, octave), values);
  return {std::move(results[0]), floatsOf(results[1], kStatistics)};
}

std::vector<Frame> Ascent::cut(const Frame& picture, const Octave& octave, const EagerHandle& shift) {
  return workspace_.run(program(workspace_, Task::kCut, octave),
                        Bindings().add("picture", picture).add("shift", shift));
}

Ascent::TileGradient Ascent::gradientOf(const Frame& tiles, const Octave& octave) {
  Site& site = tileSite(octave);
  Workspace& workspace = *site.workspace;
  const Frame shared = tensorflow::shareInto(workspace.context(), workspace.device(), tiles);
  Bindings values = termBindings(site.terms);
  TileGradient found;
  found.results = workspace.run(program(workspace, Task::kGradient, octave), values.add("tiles", shared));
  found.gradient = tensorflow::shareInto(workspace_.context(), workspace_.device(), found.results[0]);
  found.objective = tensorflow::shareInto(workspace_.context(), workspace_.device(), found.results[1]);
  return found;
}

Ascent::Step Ascent::stepInBatches(const Frame& picture, const Octave& octave, const EagerHandle& shift) {
  std::vector<TileGradient> found;
  for (Frame& tiles : cut(picture, octave, shift)) {
    throwIfCancelled();
    found.push_back(gradientOf(tiles, octave));
    tiles.reset();
  }
  Bindings values;
  values.add("step", step_size_).add("picture", picture).add("shift", shift);
  for (std::size_t i = 0; i < found.size(); ++i) {
    values.add(numbered("objective", i), found[i].objective).add(numbered("gradient", i), found[i].gradient);
  }
  std::vector<EagerHandle> results = workspace_.run(program(workspace_, Task::kAscend, octave), values);
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
    record_.moved = record_.moved || next.statistics[kGradientMean] != 0;
    record_.objectives.push_back(next.statistics[kObjective]);
    if (on_progress_) on_progress_({static_cast<int>(octave), iteration + 1, next.statistics[kObjective]});
  }
  return frame;
}

Ascent::Gradient Ascent::gradient(const Frame& frame) {
  const Octave& octave = plan_.octaves.back();
  const EagerHandle none =
      workspace_.context().onHost(tensorflow::makeTensor(std::vector<std::int32_t>{0, 0}, {2}).get());
  std::vector<TileGradient> found;
  Gradient result;
  for (const Frame& tiles : cut(frame, octave, none)) {
    throwIfCancelled();
    found.push_back(gradientOf(tiles, octave));
    result.objective += floatsOf(found.back().objective, 1).front() / static_cast<float>(octave.tiles());
  }
  Bindings values;
  for (std::size_t i = 0; i < found.size(); ++i) values.add(numbered("gradient", i), found[i].gradient);
  const std::vector<EagerHandle> joined = workspace_.run(program(workspace_, Task::kJoin, octave), values);
  // Joining one tile only reshapes it: the memory would still be the tiles' workspace's.
  result.values = copied(workspace_.place(), joined.front());
  return result;
}

}  // namespace livedream
