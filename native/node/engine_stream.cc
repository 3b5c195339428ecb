#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "node/cancellation_object.h"
#include "node/engine_object.h"
#include "node/fields.h"
#include "node/from_javascript.h"
#include "node/stream_state_object.h"
#include "node/to_javascript.h"

// What an engine does for streams.

namespace livedream::node {

namespace {

using State = std::shared_ptr<const StreamState>;

Coherence readCoherence(const Napi::Object& object) {
  return {static_cast<float>(number(object, "blend")), static_cast<float>(number(object, "strength")),
          static_cast<float>(number(object, "sceneCut"))};
}

StreamSource readSource(const Napi::Object& frame, Octave size) {
  size.pictures = 1;
  const State before = StreamStateObject::find(frame.Get("before"));
  if (before && (before->change->height() != size.height || before->change->width() != size.width)) {
    fail(frame.Env(), "before", "of a frame of the last octave's size");
  }
  return {readPixels(frame.Get("source"), size), before, readCoherence(frame.Get("coherence").As<Napi::Object>())};
}

const char* nameOf(Carry carry) noexcept {
  switch (carry) {
    case Carry::kFirst:
      return "first";
    case Carry::kCut:
      return "cut";
    case Carry::kCarried:
      return "carried";
  }
  return "";
}

Napi::Value writeFrame(Napi::Env env, StreamFrame& frame) {
  auto object = writeDream(env, frame.dream).As<Napi::Object>();
  object.Set("state", StreamStateObject::create(env, std::move(frame.state)));
  object.Set("carry", nameOf(frame.carry));
  object.Set("confidence", Napi::Number::New(env, frame.confidence));
  object.Set("strength", Napi::Number::New(env, frame.strength));
  object.Set("flow", Napi::Number::New(env, frame.flow));
  object.Set("settle", Napi::Number::New(env, frame.settle));
  return object;
}

struct SavedState {
  tensorflow::TensorHandle change;
  StreamHold hold;
};

Napi::Value writeSaved(Napi::Env env, SavedState& saved) {
  Napi::Array mean = Napi::Array::New(env, saved.hold.mean.size());
  for (std::size_t i = 0; i < saved.hold.mean.size(); ++i) {
    mean.Set(static_cast<std::uint32_t>(i), Napi::Number::New(env, saved.hold.mean[i]));
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("change", writePixels(env, std::move(saved.change)));
  object.Set("strength", Napi::Number::New(env, saved.hold.strength));
  object.Set("mean", mean);
  return object;
}

StreamHold readHold(const Napi::Object& object) {
  StreamHold hold;
  hold.strength = static_cast<float>(number(object, "strength"));
  const std::vector<double> mean = numbers(object, "mean");
  if (mean.size() != hold.mean.size()) fail(object.Env(), "mean", "three numbers");
  for (std::size_t i = 0; i < mean.size(); ++i) hold.mean.at(i) = static_cast<float>(mean[i]);
  return hold;
}

}  // namespace

Napi::Value EngineObject::dreamFrames(const Napi::CallbackInfo& info) {
  const auto plan = std::make_shared<const Plan>(readPlan(info[0].As<Napi::Object>()));
  const auto given = info[1].As<Napi::Array>();
  if (given.Length() != static_cast<std::uint32_t>(plan->octaves.back().pictures)) {
    fail(info.Env(), "frames", "as many as the plan has pictures");
  }
  std::vector<StreamSource> sources;
  for (std::uint32_t i = 0; i < given.Length(); ++i) {
    sources.push_back(readSource(given.Get(i).As<Napi::Object>(), plan->octaves.back()));
  }
  CancellationObject& canceller = CancellationObject::from(info[2]);
  const auto cancellation = canceller.cancellation();
  auto dreaming =
      job<std::vector<StreamFrame>>([plan, sources = std::move(sources), cancellation](
                                        Engine& engine) { return engine.dreamFrames(*plan, sources, *cancellation); },
                                    [](Napi::Env env, std::vector<StreamFrame>& frames) -> Napi::Value {
                                      Napi::Array list = Napi::Array::New(env, frames.size());
                                      for (std::size_t i = 0; i < frames.size(); ++i) {
                                        list.Set(static_cast<std::uint32_t>(i), writeFrame(env, frames[i]));
                                      }
                                      return list;
                                    });
  dreaming->cancelledBy(cancellation);
  canceller.watch(worker_);
  return post(std::move(dreaming));
}

Napi::Value EngineObject::warmUpStream(const Napi::CallbackInfo& info) {
  const auto plan = std::make_shared<const Plan>(readPlan(info[0].As<Napi::Object>()));
  CancellationObject& canceller = CancellationObject::from(info[1]);
  const auto cancellation = canceller.cancellation();
  auto warming =
      job<Timings>([plan, cancellation](Engine& engine) { return engine.warmUpStream(*plan, *cancellation); },
                   [](Napi::Env env, Timings& timings) { return writeTimings(env, timings); });
  warming->cancelledBy(cancellation);
  canceller.watch(worker_);
  return post(std::move(warming));
}

Napi::Value EngineObject::saveState(const Napi::CallbackInfo& info) {
  const State state = StreamStateObject::find(info[0]);
  if (!state) throw Napi::TypeError::New(info.Env(), "livedream's binding expects a stream's state.");
  return post(job<SavedState>(
      [state](Engine& engine) {
        return SavedState{engine.download(*state->change, true), state->hold};
      },
      writeSaved));
}

Napi::Value EngineObject::restoreState(const Napi::CallbackInfo& info) {
  const auto saved = info[0].As<Napi::Object>();
  Octave size;
  size.width = count(saved, "width");
  size.height = count(saved, "height");
  const SharedTensor source = readPixels(saved.Get("source"), size);
  const SharedTensor change = readPixels(saved.Get("change"), size);
  const StreamHold hold = readHold(saved);
  return post(
      job<State>([source, change, hold](Engine& engine) { return engine.restore(source.get(), change.get(), hold); },
                 [](Napi::Env env, State& state) { return StreamStateObject::create(env, std::move(state)); }));
}

}  // namespace livedream::node
