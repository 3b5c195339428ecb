#pragma once

#include <napi.h>

#include <memory>

#include "dream/stream_run.h"

namespace livedream::node {

// What JavaScript knows of what a frame of a stream leaves to the next: its width and height. Made by the engine's
// dreamFrames() only.
class StreamStateObject : public Napi::ObjectWrap<StreamStateObject> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(Napi::Env env, std::shared_ptr<const StreamState> state);
  // The state that `value` is; null where it is none.
  static std::shared_ptr<const StreamState> find(const Napi::Value& value);

  explicit StreamStateObject(const Napi::CallbackInfo& info);
  ~StreamStateObject() override;
  StreamStateObject(const StreamStateObject&) = delete;
  StreamStateObject& operator=(const StreamStateObject&) = delete;

 private:
  // Tells V8 what hangs on this small object, so that states of frames that nobody needs are collected in time.
  void hold(std::shared_ptr<const StreamState> state);

  std::shared_ptr<const StreamState> state_;
};

}  // namespace livedream::node
