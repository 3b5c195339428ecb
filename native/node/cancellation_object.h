#pragma once

#include <napi.h>

#include <memory>
#include <utility>
#include <vector>

#include "cancellation.h"
#include "dream/worker.h"

namespace livedream::node {

// What JavaScript knows as Cancellation: one for each job.
class CancellationObject : public Napi::ObjectWrap<CancellationObject> {
 public:
  static Napi::Function define(Napi::Env env);
  // Throws a TypeError where `value` is no Cancellation of this environment.
  static CancellationObject& from(const Napi::Value& value);

  explicit CancellationObject(const Napi::CallbackInfo& info);

  const std::shared_ptr<Cancellation>& cancellation() const noexcept { return cancellation_; }
  // A worker to tell when a job that waits there is cancelled; a call may have jobs on several, and any number on each.
  void watch(const std::shared_ptr<Worker>& worker);

 private:
  void cancel(const Napi::CallbackInfo& info);

  std::shared_ptr<Cancellation> cancellation_ = std::make_shared<Cancellation>();
  std::vector<std::weak_ptr<Worker>> workers_;
};

}  // namespace livedream::node
