#include "node/cancellation_object.h"

#include <algorithm>

namespace livedream::node {

namespace {

// Tells this class's objects from all others, whatever realm or copy of the addon they come from; a random number.
constexpr napi_type_tag kCancellationTag = {0x3f1c8a52d96e4b07ULL, 0x9b24e7710c5d48a3ULL};

}  // namespace

CancellationObject::CancellationObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<CancellationObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&kCancellationTag);
}

Napi::Function CancellationObject::define(Napi::Env env) {
  return DefineClass(env, "Cancellation", {InstanceMethod("cancel", &CancellationObject::cancel)});
}

CancellationObject& CancellationObject::from(const Napi::Value& value) {
  const Napi::Env env = value.Env();
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kCancellationTag)) {
    throw Napi::TypeError::New(env, "livedream's binding expects a Cancellation.");
  }
  return *Unwrap(value.As<Napi::Object>());
}

void CancellationObject::watch(const std::shared_ptr<Worker>& worker) {
  const auto is_it = [&](const std::weak_ptr<Worker>& watched) { return watched.lock() == worker; };
  if (std::none_of(workers_.begin(), workers_.end(), is_it)) workers_.push_back(worker);
}

void CancellationObject::cancel(const Napi::CallbackInfo& /*info*/) {
  cancellation_->cancel();
  for (const std::weak_ptr<Worker>& watched : workers_) {
    if (const std::shared_ptr<Worker> worker = watched.lock()) worker->refuseCancelled();
  }
}

}  // namespace livedream::node
