#pragma once

#include <napi.h>

#include <memory>

#include "dream/kept_frame.h"

namespace livedream::node {

// What JavaScript knows as a frame: a picture that stays on an engine's device, with its width and height. Made by the
// engine's upload() and dream() only.
class FrameObject : public Napi::ObjectWrap<FrameObject> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(Napi::Env env, std::shared_ptr<const KeptFrame> frame);
  // The frame that `value` is; null where it is none.
  static std::shared_ptr<const KeptFrame> find(const Napi::Value& value);

  explicit FrameObject(const Napi::CallbackInfo& info);

 private:
  std::shared_ptr<const KeptFrame> frame_;
};

}  // namespace livedream::node
