#include "node/stream_state_object.h"

#include <cstdint>
#include <utility>

#include "node/addon_data.h"

namespace livedream::node {

namespace {

// Tells this class's objects from all others; a random number.
constexpr napi_type_tag kStreamStateTag = {0x8e02c5d71b96f34aULL, 0x395fa8c0d2647e1bULL};

}  // namespace

Napi::Function StreamStateObject::define(Napi::Env env) { return DefineClass(env, "StreamState", {}); }

StreamStateObject::StreamStateObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<StreamStateObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&kStreamStateTag);
}

StreamStateObject::~StreamStateObject() { hold(nullptr); }

void StreamStateObject::hold(std::shared_ptr<const StreamState> state) {
  const auto bytesOf = [](const std::shared_ptr<const StreamState>& held) {
    return held ? static_cast<std::int64_t>(held->bytes()) : 0;
  };
  const std::int64_t change = bytesOf(state) - bytesOf(state_);
  if (change != 0) Napi::MemoryManagement::AdjustExternalMemory(Env(), change);
  state_ = std::move(state);
}

Napi::Value StreamStateObject::create(Napi::Env env, std::shared_ptr<const StreamState> state) {
  Napi::Object object = addonData(env).stream_state_class.New({});
  object.Set("width", static_cast<double>(state->change->width()));
  object.Set("height", static_cast<double>(state->change->height()));
  Unwrap(object)->hold(std::move(state));
  return object;
}

std::shared_ptr<const StreamState> StreamStateObject::find(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kStreamStateTag)) return nullptr;
  return Unwrap(value.As<Napi::Object>())->state_;
}

}  // namespace livedream::node
