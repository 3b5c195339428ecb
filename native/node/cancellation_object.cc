#include "node/cancellation_object.h"

#include "node/addon_data.h"

namespace livedream::node {

Napi::Function CancellationObject::define(Napi::Env env) {
  return DefineClass(env, "Cancellation", {InstanceMethod("cancel", &CancellationObject::cancel)});
}

CancellationObject& CancellationObject::from(const Napi::Value& value) {
  const Napi::Env env = value.Env();
  if (!value.IsObject() || !value.As<Napi::Object>().InstanceOf(addonData(env).cancellation_class.Value())) {
    throw Napi::TypeError::New(env, "livedream's binding expects a Cancellation.");
  }
  return *Unwrap(value.As<Napi::Object>());
}

void CancellationObject::cancel(const Napi::CallbackInfo& /*info*/) {
  cancellation_->cancel();
  if (const std::shared_ptr<Worker> worker = worker_.lock()) worker->refuseCancelled();
}

}  // namespace livedream::node
