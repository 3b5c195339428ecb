#pragma once

#include <napi.h>

#include <memory>

#include "dream/stream_run.h"

namespace livedream::node {

// What JavaScript knows of what a frame of a stream leaves to the next: its width and height. Made by the engine's
// dreamFrame() only.
class StreamStateObject : public Napi::ObjectWrap<StreamStateObject> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(Napi::Env env, std::shared_ptr<const StreamState> state);
  // The state that `value` is; null where it is none.
  static std::shared_ptr<const StreamState> find(const Napi::Value& value);

  explicit StreamStateObject(const Napi::CallbackInfo& info);

 private:
  std::shared_ptr<const StreamState> state_;
};

}  // namespace livedream::node
