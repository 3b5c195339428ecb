#pragma once

#include <napi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "dream/engine.h"
#include "dream/worker.h"
#include "node/channel.h"
#include "node/promise_job.h"

namespace livedream::node {

// What JavaScript knows as Engine: an engine and the worker that alone touches it. Lives on the
// JavaScript thread that made it. While a job is under way the object is kept from the garbage collector and the
// process from ending; without one, neither.
class EngineObject : public Napi::ObjectWrap<EngineObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit EngineObject(const Napi::CallbackInfo& info);
  EngineObject(const EngineObject&) = delete;
  EngineObject& operator=(const EngineObject&) = delete;
  ~EngineObject() override;

 private:
  Napi::Value load(const Napi::CallbackInfo& info);
  Napi::Value warmUp(const Napi::CallbackInfo& info);
  Napi::Value dream(const Napi::CallbackInfo& info);
  Napi::Value gradient(const Napi::CallbackInfo& info);
  Napi::Value trace(const Napi::CallbackInfo& info);
  Napi::Value answers(const Napi::CallbackInfo& info);
  Napi::Value features(const Napi::CallbackInfo& info);
  Napi::Value upload(const Napi::CallbackInfo& info);
  Napi::Value download(const Napi::CallbackInfo& info);
  // engine_stream.cc
  Napi::Value dreamFrames(const Napi::CallbackInfo& info);
  Napi::Value warmUpStream(const Napi::CallbackInfo& info);
  Napi::Value saveState(const Napi::CallbackInfo& info);
  Napi::Value restoreState(const Napi::CallbackInfo& info);
  Napi::Value statistics(const Napi::CallbackInfo& info);
  Napi::Value dispose(const Napi::CallbackInfo& info);

  template <typename Result, typename Work, typename Convert>
  std::unique_ptr<PromiseJob<Result>> job(Work work, Convert convert) {
    return std::make_unique<PromiseJob<Result>>(
        Env(), [engine = engine_, work = std::move(work)]() mutable -> Result { return work(*engine); },
        std::move(convert));
  }
  // What the engine does with a plan and a picture, with nothing but a result.
  template <typename Result, typename Write>
  Napi::Value ofPicture(const Napi::CallbackInfo& info,
                        Result (Engine::*work)(const Plan&, const Picture&, const Cancellation&), Write write);
  // Posts it; `settled` is called on this thread when it settles, also where it is refused.
  Napi::Promise post(std::unique_ptr<PromiseJobBase> job, const std::function<void()>& settled = {});
  void begin();
  void settle();
  std::int64_t heldBytes() const;
  void reportMemory(std::int64_t bytes);
  void shutDown() noexcept;

  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Channel> channel_;
  std::shared_ptr<Worker> worker_;  // delivers through the channel
  std::vector<Napi::Promise::Deferred> disposals_;
  bool disposing_ = false;
  bool disposed_ = false;
  int jobs_ = 0;
  std::int64_t reported_bytes_ = 0;
};

}  // namespace livedream::node
