#include "node/frame_object.h"

#include <utility>

#include "node/addon_data.h"

namespace livedream::node {

namespace {

// Tells this class's objects from all others; a random number.
constexpr napi_type_tag kFrameTag = {0x17b9e60d4c8fa235ULL, 0xc46d03f91e7b582aULL};

}  // namespace

Napi::Function FrameObject::define(Napi::Env env) { return DefineClass(env, "Frame", {}); }

FrameObject::FrameObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<FrameObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&kFrameTag);
}

Napi::Value FrameObject::create(Napi::Env env, std::shared_ptr<const KeptFrame> frame) {
  Napi::Object object = addonData(env).frame_class.New({});
  object.Set("width", static_cast<double>(frame->width()));
  object.Set("height", static_cast<double>(frame->height()));
  Unwrap(object)->frame_ = std::move(frame);
  return object;
}

std::shared_ptr<const KeptFrame> FrameObject::find(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kFrameTag)) return nullptr;
  return Unwrap(value.As<Napi::Object>())->frame_;
}

}  // namespace livedream::node
