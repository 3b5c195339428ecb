#include "node/engine_object.h"

#include <chrono>
#include <utility>

#include "node/addon_data.h"
#include "node/cancellation_object.h"
#include "node/frame_object.h"
#include "node/from_javascript.h"
#include "node/model_object.h"
#include "node/preview_reporter.h"
#include "node/progress_reporter.h"
#include "node/to_javascript.h"
#include "node/traces.h"

namespace livedream::node {

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Nothing {};

}  // namespace

Napi::Function EngineObject::define(Napi::Env env) {
  return DefineClass(
      env, "Engine",
      {InstanceMethod("load", &EngineObject::load), InstanceMethod("warmUp", &EngineObject::warmUp),
       InstanceMethod("dream", &EngineObject::dream), InstanceMethod("gradient", &EngineObject::gradient),
       InstanceMethod("trace", &EngineObject::trace), InstanceMethod("answers", &EngineObject::answers),
       InstanceMethod("features", &EngineObject::features), InstanceMethod("upload", &EngineObject::upload),
       InstanceMethod("download", &EngineObject::download), InstanceMethod("dreamFrames", &EngineObject::dreamFrames),
       InstanceMethod("warmUpStream", &EngineObject::warmUpStream),
       InstanceMethod("saveState", &EngineObject::saveState),
       InstanceMethod("restoreState", &EngineObject::restoreState),
       InstanceMethod("statistics", &EngineObject::statistics), InstanceMethod("dispose", &EngineObject::dispose)});
}

EngineObject::EngineObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EngineObject>(info) {
  if (!info[0].IsObject()) throw Napi::TypeError::New(info.Env(), "livedream's binding expects settings.");
  Settings settings = readSettings(info[0].As<Napi::Object>());
  engine_ = std::make_shared<Engine>(std::move(settings.engine));
  channel_ = std::make_shared<Channel>(info.Env(), "livedream");
  worker_ = std::make_shared<Worker>(settings.queue_limit, deliverThrough(channel_));
  addonData(info.Env()).exit_hooks.add(this, [this] { shutDown(); });
}

EngineObject::~EngineObject() {
  // A Dreamer that was forgotten instead of disposed of: what V8 was told of goes with it.
  reportMemory(0);
  addonData(Env()).exit_hooks.remove(this);
  shutDown();
}

// The engine is freed here unless the worker did so already; nothing of TensorFlow is left to garbage collection.
void EngineObject::shutDown() noexcept {
  worker_->stop();
  engine_.reset();
  channel_->close();
}

void EngineObject::begin() {
  if (jobs_++ == 0) Ref();
  channel_->hold();
}

void EngineObject::settle() {
  channel_->release();
  if (!disposed_) reportMemory(heldBytes());
  if (--jobs_ == 0) Unref();
}

std::int64_t EngineObject::heldBytes() const {
  const Statistics now = engine_ ? engine_->statistics() : Statistics{};
  return static_cast<std::int64_t>(now.weight_bytes + now.program_bytes);
}

// Tells V8 what hangs on this small object, so that a forgotten Dreamer is collected in time.
void EngineObject::reportMemory(std::int64_t bytes) {
  const std::int64_t change = bytes - reported_bytes_;
  Napi::MemoryManagement::AdjustExternalMemory(Env(), change);
  addonData(Env()).external_bytes += change;
  reported_bytes_ = bytes;
}

Napi::Promise EngineObject::post(std::unique_ptr<PromiseJobBase> job, const std::function<void()>& settled) {
  begin();
  job->onSettled([this, settled] {
    if (settled) settled();
    settle();
  });
  return postTo(*worker_, Env(), std::move(job));
}

Napi::Value EngineObject::load(const Napi::CallbackInfo& info) {
  const std::shared_ptr<const Model> model = ModelObject::from(info[0]).model();
  return post(job<Nothing>(
      [model](Engine& engine) {
        engine.load(model);
        return Nothing{};
      },
      [](Napi::Env env, Nothing& /*nothing*/) { return env.Undefined(); }));
}

Napi::Value EngineObject::warmUp(const Napi::CallbackInfo& info) {
  const Plan plan = readPlan(info[0].As<Napi::Object>());
  CancellationObject& canceller = CancellationObject::from(info[1]);
  const auto cancellation = canceller.cancellation();
  auto warming = job<Timings>([plan, cancellation](Engine& engine) { return engine.warmUp(plan, *cancellation); },
                              [](Napi::Env env, Timings& timings) { return writeTimings(env, timings); });
  warming->cancelledBy(cancellation);
  canceller.watch(worker_);
  return post(std::move(warming));
}

Napi::Value EngineObject::dream(const Napi::CallbackInfo& info) {
  auto plan = std::make_shared<const Plan>(readPlan(info[0].As<Napi::Object>()));
  const Picture picture = readPicture(info[1], *plan);
  CancellationObject& canceller = CancellationObject::from(info[2]);
  const auto cancellation = canceller.cancellation();
  std::shared_ptr<ProgressReporter> reporter;
  if (info[3].IsFunction()) reporter = std::make_shared<ProgressReporter>(info[3].As<Napi::Function>(), channel_);
  std::shared_ptr<PreviewReporter> previews;
  if (info[4].IsFunction()) {
    const std::chrono::milliseconds interval{info[5].As<Napi::Number>().Int64Value()};
    previews = std::make_shared<PreviewReporter>(info[4].As<Napi::Function>(), interval, channel_);
  }
  const auto posted = Clock::now();
  auto dreaming = job<DreamResult>(
      [plan, picture, cancellation, reporter, previews, posted](Engine& engine) {
        const double queued = millisecondsSince(posted);
        Watch watch;
        if (reporter) watch.progress = [&reporter](const Progress& progress) { reporter->report(progress); };
        if (previews) {
          watch.wants_preview = [&previews] { return previews->wanted(); };
          watch.preview = [&previews](Preview preview) { previews->show(std::move(preview)); };
        }
        DreamResult result = engine.dream(*plan, picture, *cancellation, std::move(watch));
        result.timings.queued = queued;
        return result;
      },
      [](Napi::Env env, DreamResult& result) { return writeDream(env, result); });
  dreaming->cancelledBy(cancellation);
  canceller.watch(worker_);
  return post(std::move(dreaming), [reporter, previews] {
    if (reporter) reporter->release();
    if (previews) previews->release();
  });
}

template <typename Result, typename Write>
Napi::Value EngineObject::ofPicture(const Napi::CallbackInfo& info,
                                    Result (Engine::*work)(const Plan&, const Picture&, const Cancellation&),
                                    Write write) {
  const Plan plan = readPlan(info[0].As<Napi::Object>());
  const Picture picture = readPicture(info[1], plan);
  CancellationObject& canceller = CancellationObject::from(info[2]);
  const auto cancellation = canceller.cancellation();
  auto working = job<Result>(
      [work, plan, picture, cancellation](Engine& engine) { return (engine.*work)(plan, picture, *cancellation); },
      write);
  working->cancelledBy(cancellation);
  canceller.watch(worker_);
  return post(std::move(working));
}

Napi::Value EngineObject::gradient(const Napi::CallbackInfo& info) {
  return ofPicture(info, &Engine::gradient, writeGradient);
}

Napi::Value EngineObject::trace(const Napi::CallbackInfo& info) { return ofPicture(info, &Engine::trace, writeTraces); }

Napi::Value EngineObject::answers(const Napi::CallbackInfo& info) {
  return ofPicture(info, &Engine::answers, writeAnswers);
}

Napi::Value EngineObject::features(const Napi::CallbackInfo& info) {
  return ofPicture(info, &Engine::features, [](Napi::Env env, tensorflow::TensorHandle& features) {
    return writePixels(env, std::move(features));
  });
}

Napi::Value EngineObject::upload(const Napi::CallbackInfo& info) {
  Octave size;
  size.width = info[1].ToNumber().Int64Value();
  size.height = info[2].ToNumber().Int64Value();
  const SharedTensor pixels = readPixels(info[0], size);
  using Kept = std::shared_ptr<const KeptFrame>;
  return post(job<Kept>([pixels](Engine& engine) { return engine.upload(pixels.get()); },
                        [](Napi::Env env, Kept& frame) { return FrameObject::create(env, std::move(frame)); }));
}

Napi::Value EngineObject::download(const Napi::CallbackInfo& info) {
  const std::shared_ptr<const KeptFrame> frame = FrameObject::find(info[0]);
  if (!frame) throw Napi::TypeError::New(info.Env(), "livedream's binding expects a frame.");
  const bool floats = readOutput(info.Env(), info[1].ToString()) == Plan::Output::kFloats;
  return post(job<tensorflow::TensorHandle>(
      [frame, floats](Engine& engine) { return engine.download(*frame, floats); },
      [](Napi::Env env, tensorflow::TensorHandle& pixels) { return writePixels(env, std::move(pixels)); }));
}

Napi::Value EngineObject::statistics(const Napi::CallbackInfo& info) {
  return writeStatistics(info.Env(), engine_ ? engine_->statistics() : Statistics{}, reported_bytes_);
}

Napi::Value EngineObject::dispose(const Napi::CallbackInfo& info) {
  const auto deferred = Napi::Promise::Deferred::New(info.Env());
  if (disposed_) {
    deferred.Resolve(info.Env().Undefined());
    return deferred.Promise();
  }
  disposals_.push_back(deferred);
  if (disposing_) return deferred.Promise();
  disposing_ = true;
  begin();
  // The engine is destroyed on the worker's thread, as its last act; other jobs hold it no more by then.
  auto last = std::make_unique<PromiseJob<Nothing>>(
      info.Env(),
      [engine = std::exchange(engine_, nullptr)]() mutable {
        engine.reset();
        return Nothing{};
      },
      [this](Napi::Env env, Nothing& /*nothing*/) {
        for (const auto& waiting : disposals_) waiting.Resolve(env.Undefined());
        disposals_.clear();
        return env.Undefined();
      });
  last->onSettled([this] {
    disposed_ = true;
    worker_->stop();
    reportMemory(0);
    settle();
    if (jobs_ == 0) channel_->close();
  });
  worker_->finish(std::move(last));
  return deferred.Promise();
}

}  // namespace livedream::node
