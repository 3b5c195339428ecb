#include "dream/ascent.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "dream/gradient_graph.h"
#include "dream/gradient_normalization.h"
#include "dream/jitter.h"
#include "dream/stopwatch.h"
#include "dream/update.h"
#include "error.h"
#include "tensorflow/shared_handle.h"

namespace livedream {

using tensorflow::EagerHandle;
using tensorflow::floatsOf;

Ascent::Ascent(Workspace& workspace, WorkspaceCache& cache, const Plan& plan, const Cancellation& cancellation,
               Watch watch)
    : workspace_(workspace),
      cache_(cache),
      plan_(plan),
      cancellation_(cancellation),
      watch_(std::move(watch)),
      terms_(putTerms(workspace)),
      holds_(plan.octaves.size()) {}

Ascent::Terms Ascent::putTerms(const Workspace& workspace) const {
  Terms terms;
  const auto put = [&](const std::string& name, const std::vector<float>& values, const tensorflow::Shape& shape) {
    const auto tensor = tensorflow::makeTensor(values, shape);
    terms.emplace(name, workspace.context().upload(tensor.get(), workspace.device()));
  };
  const auto pictures = static_cast<std::int64_t>(plan_.objectives.size());
  for (std::size_t i = 0; i < plan_.objective().size(); ++i) {
    const Term& first = plan_.objective()[i];
    const std::int64_t channels = workspace.channels(first.layer);
    std::vector<float> values;
    for (const Objective& objective : plan_.objectives) {
      const std::vector<float> argument = termArgument(objective[i], channels);
      values.insert(values.end(), argument.begin(), argument.end());
    }
    put(numbered("term", i), values, termArgumentShape(first, channels, pictures));
    if (first.guide) put(numbered("guide", i), first.guide->values, guideShape(first, channels));
  }
  return terms;
}

Bindings& Ascent::bindUpdate(Bindings& bindings, std::size_t octave) {
  const auto [entry, fresh] = updates_.try_emplace(octave);
  UpdateValues& values = entry->second;
  const auto put = [this](const tensorflow::TensorHandle& tensor) {
    return workspace_.context().upload(tensor.get(), workspace_.device());
  };
  const bool smooth = plan_.normalize == Normalize::kSmooth;
  if (fresh) {
    values.step = put(tensorflow::makeScalar(plan_.step[octave]));
    values.chroma = put(tensorflow::makeScalar(plan_.chroma));
    values.limit = put(tensorflow::makeScalar(plan_.limit));
    values.total_variation = put(tensorflow::makeScalar(plan_.total_variation));
    values.l2 = put(tensorflow::makeScalar(plan_.l2));
    if (smooth) {
      const std::int64_t radius = smoothingRadius(plan_.sigma, plan_.octaves[octave]);
      const SmoothingFilters filters = smoothingFilters(plan_.sigma, radius);
      values.rows = put(tensorflow::makeTensor(filters.rows, smoothingRowsShape(radius)));
      values.columns = put(tensorflow::makeTensor(filters.columns, smoothingColumnsShape(radius)));
    }
  }
  bindings.add("step", values.step).add("chroma", values.chroma).add("limit", values.limit);
  bindings.add("total_variation", values.total_variation).add("l2", values.l2);
  const Hold& hold = holds_[octave];
  if (hold.source) bindings.add("source", hold.source);
  if (hold.mask) bindings.add("mask", hold.mask);
  if (hold.regions) bindings.add("regions", hold.regions);
  if (smooth) bindings.add("smoothing_rows", values.rows).add("smoothing_columns", values.columns);
  return bindings;
}

Ascent::Site& Ascent::tileSite(const Octave& octave) {
  const auto [site, fresh] = tile_sites_.try_emplace({octave.tile_height, octave.tile_width, octave.batch});
  if (fresh) {
    site->second.workspace = cache_.forTiles(octave);
    site->second.terms = putTerms(*site->second.workspace);
  }
  return site->second;
}

void Ascent::throwIfCancelled() const {
  if (cancellation_.cancelled()) throw Error(code::kAborted, "The dream was cancelled.");
}

TaskSpec Ascent::specOf(Task task, const Octave& octave, std::int64_t steps) const {
  TaskSpec spec{task, octave, plan_.objective(), plan_.mode, updateOf(plan_, octave), steps};
  spec.regions = static_cast<std::int64_t>(plan_.regions.size());
  return spec;
}

bool Ascent::ready(std::size_t octave) const {
  const Octave& o = plan_.octaves[octave];
  if (o.batches() == 1) return workspace_.compiled(specOf(Task::kStep, o));
  return workspace_.compiled(specOf(Task::kCut, o)) && workspace_.compiled(specOf(Task::kAscend, o)) &&
         cache_.forTiles(o)->compiled(specOf(Task::kGradient, o));
}

std::vector<EagerHandle> Ascent::run(Workspace& workspace, Task task, const Octave& octave, const Bindings& bindings,
                                     std::int64_t steps) {
  if (tracer_ != nullptr) return tracer_->run(workspace, specOf(task, octave, steps), bindings);
  const Program& found = workspace.program(specOf(task, octave, steps), record_.programs_built);
  return workspace.run(found, bindings, record_.compilations);
}

std::vector<EagerHandle> Ascent::follow(Task task, const TrackingSize& tracking, const Bindings& bindings) {
  Octave single = plan_.octaves.back();
  single.pictures = single.batch = 1;
  TaskSpec spec = specOf(task, single);
  spec.tracking = tracking;
  spec.by_kernel = workspace_.device().type == "CPU";
  const Pauses before = pauses();
  double elapsed = 0;
  std::vector<EagerHandle> results;
  {
    const Stopwatch stopwatch(elapsed);
    const Program& found = workspace_.program(spec, record_.programs_built);
    results = workspace_.run(found, bindings, record_.compilations);
  }
  if (pauses().count > before.count) record_.compile += elapsed;
  return results;
}

std::array<std::int32_t, 2> Ascent::shiftFor(std::size_t octave, int iteration) const {
  if (!plan_.jitter) return {0, 0};
  const Octave& o = plan_.octaves[octave];
  return jitterShift(plan_.seed, static_cast<std::uint32_t>(octave), static_cast<std::uint32_t>(iteration), o.height,
                     o.width);
}

Bindings Ascent::termBindings(const Terms& terms) {
  Bindings bindings;
  for (const auto& [name, values] : terms) bindings.add(name, values);
  return bindings;
}

Ascent::Step Ascent::stepInOne(const Frame& picture, std::size_t octave, const EagerHandle& shift) {
  const Octave& o = plan_.octaves[octave];
  Bindings values = termBindings(terms_);
  bindUpdate(values, octave).add("picture", picture).add("shift", shift);
  std::vector<EagerHandle> results = run(workspace_, Task::kStep, o, values);
  return {std::move(results[0]), floatsOf(results[1], kStatistics * plan_.objectives.size())};
}

std::vector<Frame> Ascent::cut(const Frame& picture, const Octave& octave, const EagerHandle& shift) {
  return run(workspace_, Task::kCut, octave, Bindings().add("picture", picture).add("shift", shift));
}

Ascent::TileGradient Ascent::gradientOf(const Frame& tiles, const Octave& octave) {
  Site& site = tileSite(octave);
  Workspace& workspace = *site.workspace;
  const Frame shared = tensorflow::shareInto(workspace.context(), workspace.device(), tiles);
  Bindings values = termBindings(site.terms);
  TileGradient found;
  found.results = run(workspace, Task::kGradient, octave, values.add("tiles", shared));
  found.gradient = tensorflow::shareInto(workspace_.context(), workspace_.device(), found.results[0]);
  found.objective = tensorflow::shareInto(workspace_.context(), workspace_.device(), found.results[1]);
  return found;
}

Ascent::Step Ascent::stepInBatches(const Frame& picture, std::size_t octave, const EagerHandle& shift) {
  const Octave& o = plan_.octaves[octave];
  std::vector<TileGradient> found;
  for (Frame& tiles : cut(picture, o, shift)) {
    throwIfCancelled();
    found.push_back(gradientOf(tiles, o));
    tiles.reset();
  }
  Bindings values;
  bindUpdate(values, octave).add("picture", picture).add("shift", shift);
  for (std::size_t i = 0; i < found.size(); ++i) {
    values.add(numbered("objective", i), found[i].objective).add(numbered("gradient", i), found[i].gradient);
  }
  std::vector<EagerHandle> results = run(workspace_, Task::kAscend, o, values);
  return {std::move(results[0]), floatsOf(results[1], kStatistics * plan_.objectives.size())};
}

Ascent::Step Ascent::step(const Frame& picture, std::size_t octave, int iteration) {
  throwIfCancelled();
  if (tracer_ != nullptr) tracer_->at(octave, iteration);
  const Octave& o = plan_.octaves[octave];
  const auto by = shiftFor(octave, iteration);
  const EagerHandle shift = workspace_.integers({by.begin(), by.end()}, {2});
  const Pauses before = pauses();
  double elapsed = 0;
  Step result;
  try {
    const Stopwatch stopwatch(elapsed);
    result = o.batches() == 1 ? stepInOne(picture, octave, shift) : stepInBatches(picture, octave, shift);
  } catch (Error& error) {
    error.octave = static_cast<int>(octave);
    error.iteration = iteration;
    throw;
  }
  recordTime(elapsed, before);
  ++record_.steps_done;
  return result;
}

Ascent::Pauses Ascent::pauses() const noexcept {
  const Compilations& all = record_.compilations;
  return {record_.programs_built + all.compiled + all.from_disk + all.awaited, all.ran};
}

// TensorFlow and XLA compile a function when it first runs: the time of the step that waits for it is the compiler's,
// but for what is known to come after.
void Ascent::recordTime(double milliseconds, const Pauses& before) noexcept {
  const Pauses after = pauses();
  const double ran = after.count > before.count ? after.ran - before.ran : milliseconds;
  record_.steps += ran;
  record_.compile += milliseconds - ran;
}

void Ascent::record(const std::vector<float>& statistics, std::size_t octave, int iteration) {
  const std::size_t pictures = plan_.objectives.size();
  const auto of = [&](Statistic statistic, std::size_t picture) { return statistics[statistic * pictures + picture]; };
  record_.moved.resize(pictures);
  float objectives = 0;
  for (std::size_t picture = 0; picture < pictures; ++picture) {
    const float mean = of(kGradientMean, picture);
    if (!std::isfinite(of(kPictureSum, picture)) || !std::isfinite(mean)) {
      Error error(code::kNotFinite, "The picture turned to NaN or infinity in octave " + std::to_string(octave) +
                                        " at iteration " + std::to_string(iteration) + ".");
      error.octave = static_cast<int>(octave);
      error.iteration = iteration;
      throw error;
    }
    if (mean != 0) record_.moved[picture] = true;
    record_.objectives.push_back(of(kObjective, picture));
    objectives += of(kObjective, picture);
  }
  if (!watch_.progress) return;
  watch_.progress({static_cast<int>(octave), iteration + 1, objectives / static_cast<float>(pictures)});
}

void Ascent::warmUp(std::size_t octave) {
  constexpr float kGrey = 128;
  const Frame frame = plainFrame(workspace_.place(), plan_.octaves[octave], kGrey);
  holds_[octave] = plainHold(workspace_.place(), plan_, plan_.octaves[octave]);
  std::vector<Slice> done;
  if (isCompiled(octave)) {
    runSlice(frame, octave, 0, done);
  } else {
    step(frame, octave, 0);
  }
}

Frame Ascent::climb(Frame frame, std::size_t octave) {
  if (isCompiled(octave)) return climbCompiled(std::move(frame), octave);
  for (int iteration = 0; iteration < plan_.iterations[octave]; ++iteration) {
    Step next = step(frame, octave, iteration);
    record(next.statistics, octave, iteration);
    frame = std::move(next.picture);
    show(frame, octave, iteration + 1);
  }
  return frame;
}

void Ascent::show(const Frame& frame, std::size_t octave, int iteration) const {
  if (!watch_.wants_preview || !watch_.wants_preview()) return;
  const Octave& o = plan_.octaves[octave];
  const Place place = workspace_.place();
  const std::optional<Frame> made = finished(place, plan_, frame, holds_[octave]);
  watch_.preview(
      {static_cast<int>(octave), iteration, o.width, o.height, toHost(place, made ? *made : frame, /*floats=*/false)});
}

std::vector<float> Ascent::answers(const Frame& frame) {
  throwIfCancelled();
  const std::vector<EagerHandle> results =
      run(workspace_, Task::kAnswers, plan_.octaves.back(), Bindings().add("picture", frame));
  const std::int64_t channels = workspace_.channels(plan_.objective().front().layer);
  return floatsOf(results.front(), kAnswerKinds * static_cast<std::size_t>(channels));
}

Frame Ascent::features(const Frame& frame) {
  throwIfCancelled();
  const std::vector<EagerHandle> results =
      run(workspace_, Task::kFeatures, plan_.octaves.back(), Bindings().add("picture", frame));
  return copied(workspace_.place(), results.front());
}

Ascent::Gradient Ascent::gradient(const Frame& frame) {
  const Octave& octave = plan_.octaves.back();
  const EagerHandle none = workspace_.integers({0, 0}, {2});
  std::vector<TileGradient> found;
  Gradient result;
  for (const Frame& tiles : cut(frame, octave, none)) {
    throwIfCancelled();
    found.push_back(gradientOf(tiles, octave));
    result.objective += floatsOf(found.back().objective, 1).front() / static_cast<float>(octave.tiles());
  }
  Bindings values;
  for (std::size_t i = 0; i < found.size(); ++i) values.add(numbered("gradient", i), found[i].gradient);
  const std::vector<EagerHandle> joined = run(workspace_, Task::kJoin, octave, values);
  // Joining one tile only reshapes it: the memory would still be the tiles' workspace's.
  result.values = copied(workspace_.place(), joined.front());
  return result;
}

}  // namespace livedream
