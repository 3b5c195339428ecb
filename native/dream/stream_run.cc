#include "dream/stream_run.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "dream/stopwatch.h"
#include "flow/tracking.h"
#include "picture_shape.h"

namespace livedream {

using tensorflow::dataOf;
using tensorflow::EagerHandle;
using tensorflow::Shape;
using tensorflow::TF_FLOAT;

namespace {

// How fast brightness is led back to where it was, a frame; fast enough for what drifts, slow enough not to flicker.
constexpr float kHeld = 0.2F;
// That a picture is changed by on average, where it was not changed at all.
constexpr float kLeastShare = 1e-3F;
// More than a picture can be changed by, with room for a product.
constexpr float kUnheld = 1e6F;

flow::Pixels pixelsOf(const tensorflow::TF_Tensor* source) {
  const Shape shape = tensorflow::shapeOf(source);
  const auto height = static_cast<std::size_t>(shape.at(1));
  const auto width = static_cast<std::size_t>(shape.at(2));
  if (tensorflow::api().TF_TensorType(source) == TF_FLOAT) return {dataOf<float>(source), height, width};
  return {dataOf<std::uint8_t>(source), height, width};
}

tensorflow::TensorHandle tensorOf(const flow::Tracking& tracking) {
  const std::size_t height = tracking.motion.height();
  const std::size_t width = tracking.motion.width();
  auto tensor =
      tensorflow::allocateTensor(TF_FLOAT, {1, static_cast<std::int64_t>(height), static_cast<std::int64_t>(width), 3});
  auto* to = dataOf<float>(tensor.get());
  for (std::size_t row = 0; row < height; ++row) {
    const auto y = static_cast<std::ptrdiff_t>(row);
    const float* u = tracking.motion.u.row(y);
    const float* v = tracking.motion.v.row(y);
    const float* confidence = tracking.confidence.row(y);
    for (std::size_t x = 0; x < width; ++x) {
      *to++ = u[x];
      *to++ = v[x];
      *to++ = confidence[x];
    }
  }
  return tensor;
}

Frame plain(const Place& place, const Shape& shape) {
  const std::vector<float> zeros(static_cast<std::size_t>(tensorflow::elementCount(shape)));
  return place.context.upload(tensorflow::makeTensor(zeros, shape).get(), place.device);
}

}  // namespace

std::size_t StreamState::bytes() const noexcept {
  const auto pixels = static_cast<std::size_t>(change->height() * change->width());
  std::size_t floats = pixels * kColours;
  for (const flow::BrightnessLevel& level : seen->levels()) {
    floats += 3 * level.brightness.height() * level.brightness.width();
  }
  return floats * sizeof(float);
}

std::shared_ptr<const StreamState> restoreState(const std::shared_ptr<const Home>& home,
                                                const tensorflow::TF_Tensor* source,
                                                const tensorflow::TF_Tensor* change, const StreamHold& hold) {
  auto state = std::make_shared<StreamState>();
  state->seen = std::make_shared<const flow::BrightnessPyramid>(pixelsOf(source));
  state->change = std::make_shared<const KeptFrame>(home, copied(home->place(), toFrame(home->place(), change)));
  state->hold = hold;
  return state;
}

StreamRun::Begun StreamRun::fresh(const Frame& picture) const {
  const Octave& size = plan_.octaves.back();
  const Place place = run_.workspace().place();
  return {copied(place, picture), plain(place, {1, size.height, size.width, 3})};
}

StreamRun::Begun StreamRun::carried(const Frame& picture, const Frame& change, const Frame& tracking) const {
  const Octave& size = plan_.octaves.back();
  const TrackingSize from = trackingSize(size);
  std::vector<EagerHandle> results = run_.ascent().follow(
      Task::kCarry, from, Bindings().add("picture", picture).add("change", change).add("tracking", tracking));
  return {std::move(results[0]), std::move(results[1])};
}

std::vector<EagerHandle> StreamRun::settle(const Frame& picture, const Begun& begun, const Frame& dreamed,
                                           const StreamState* held, const Coherence& coherence) const {
  const Place place = run_.workspace().place();
  const auto put = [&](const tensorflow::TensorHandle& tensor) {
    return place.context.upload(tensor.get(), place.device);
  };
  const float most = held != nullptr ? std::max(held->hold.strength, kLeastShare) * coherence.strength : kUnheld;
  const std::array<float, 3> mean = held != nullptr ? held->hold.mean : std::array<float, 3>{};
  const EagerHandle blend = put(tensorflow::makeScalar(coherence.blend));
  const EagerHandle limit = put(tensorflow::makeScalar(most));
  const EagerHandle towards = put(tensorflow::makeTensor(std::vector<float>(mean.begin(), mean.end()), {3}));
  const EagerHandle usual =
      put(tensorflow::makeScalar(held != nullptr ? std::max(held->hold.strength, kLeastShare) : 1));
  const EagerHandle how_far = put(tensorflow::makeScalar(held != nullptr ? kHeld : 0));
  Bindings values;
  values.add("picture", picture).add("change", begun.change);
  values.add("start", begun.start).add("dreamed", dreamed).add("blend", blend);
  values.add("most", limit).add("mean", towards).add("held", how_far).add("usual", usual);
  return run_.ascent().follow(Task::kSettle, {}, values);
}

StreamRun::UnderWay StreamRun::begin(const StreamSource& source) const {
  run_.ascent().throwIfCancelled();
  const Place place = run_.workspace().place();
  UnderWay frame;
  StreamFrame& result = frame.result;
  frame.state = std::make_shared<StreamState>();
  const StreamState* before = source.before.get();
  std::optional<flow::Tracking> tracking;
  {
    const Stopwatch flow(result.flow);
    auto seen = std::make_shared<const flow::BrightnessPyramid>(pixelsOf(source.picture.get()));
    if (before != nullptr) {
      tracking = flow::track(*seen, *before->seen);
      result.confidence = tracking->mean_confidence;
    }
    frame.state->seen = std::move(seen);
  }
  const bool known = tracking && result.confidence >= source.coherence.scene_cut;
  result.carry = known ? Carry::kCarried : before != nullptr ? Carry::kCut : Carry::kFirst;
  frame.held = known ? before : nullptr;
  run_.ascent().throwIfCancelled();
  frame.picture = toFrame(place, source.picture.get());
  const Stopwatch settling(result.settle);
  frame.begun = known ? carried(frame.picture, before->change->share(place),
                                place.context.upload(tensorOf(*tracking).get(), place.device))
                      : fresh(frame.picture);
  return frame;
}

std::vector<Frame> StreamRun::climb(const std::vector<UnderWay>& frames) {
  const Place place = run_.workspace().place();
  std::vector<Frame> results;
  results.reserve(frames.size());
  if (frames.size() == 1) {
    results.push_back(run_.climb(copied(place, frames.front().begun.start), &frames.front().picture));
    return results;
  }
  std::vector<const Frame*> starts;
  std::vector<const Frame*> sources;
  for (const UnderWay& frame : frames) {
    starts.push_back(&frame.begun.start);
    sources.push_back(&frame.picture);
  }
  const Frame source = joined(place, sources);
  const Frame dreamed = run_.climb(joined(place, starts), &source);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    results.push_back(partOf(place, dreamed, plan_.octaves.back(), static_cast<std::int64_t>(i)));
  }
  return results;
}

void StreamRun::finish(UnderWay& frame, const Coherence& coherence, const Frame& dreamed,
                       const std::shared_ptr<const Home>& home) const {
  StreamFrame& result = frame.result;
  const Stopwatch settling(result.settle);
  const std::vector<EagerHandle> settled = settle(frame.picture, frame.begun, dreamed, frame.held, coherence);
  const std::vector<float> statistics = tensorflow::floatsOf(settled[2], kSettled);
  result.strength = statistics[kStrength];
  frame.state->hold =
      frame.held != nullptr
          ? frame.held->hold
          : StreamHold{result.strength, {statistics[kMeanRed], statistics[kMeanGreen], statistics[kMeanBlue]}};
  frame.state->change = keep(home, settled[1]);
  const Place place = run_.workspace().place();
  // What is carried along is the dream as it was climbed, or its colours would fade frame by frame.
  const std::optional<Frame> made = finished(place, plan_, settled[0], heldTo(place, plan_, frame.picture));
  result.dream.picture = toHost(place, made ? *made : settled[0], plan_.output == Plan::Output::kFloats);
  result.state = std::move(frame.state);
}

std::vector<StreamFrame> StreamRun::dream(const std::vector<StreamSource>& sources,
                                          const std::shared_ptr<const Home>& home) {
  std::vector<UnderWay> frames;
  double total = 0;
  {
    const Stopwatch all(total);
    frames.reserve(sources.size());
    for (const StreamSource& source : sources) frames.push_back(begin(source));
    const std::vector<Frame> dreamed = climb(frames);
    for (std::size_t i = 0; i < frames.size(); ++i) finish(frames[i], sources[i].coherence, dreamed[i], home);
  }
  const AscentRecord& record = run_.ascent().record();
  std::vector<StreamFrame> results;
  results.reserve(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    DreamResult& result = frames[i].result.dream;
    for (std::size_t step = i; step < record.objectives.size(); step += frames.size()) {
      result.objectives.push_back(record.objectives[step]);
    }
    result.moved = {record.moved[i]};
    result.timings = run_.timings();
    result.timings.total = total;
    results.push_back(std::move(frames[i].result));
  }
  return results;
}

void StreamRun::warmUp() {
  const Place place = run_.workspace().place();
  Octave size = plan_.octaves.back();
  size.pictures = 1;
  constexpr float kGrey = 128;
  const TrackingSize from = trackingSize(size);
  const Frame picture = plainFrame(place, size, kGrey);
  const Begun begun =
      carried(picture, plain(place, {1, size.height, size.width, 3}), plain(place, {1, from.rows, from.columns, 3}));
  settle(picture, begun, picture, nullptr, {});
}

}  // namespace livedream
