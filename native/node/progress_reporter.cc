#include "node/progress_reporter.h"

#include <utility>

namespace livedream::node {

namespace {

class ProgressMessage final : public Message {
 public:
  explicit ProgressMessage(std::shared_ptr<ProgressReporter> reporter) : reporter_(std::move(reporter)) {}
  void deliver(Napi::Env env) override { reporter_->call(env); }

 private:
  std::shared_ptr<ProgressReporter> reporter_;
};

}  // namespace

ProgressReporter::ProgressReporter(Napi::Function callback, std::shared_ptr<Channel> channel)
    : callback_(Napi::Persistent(callback)), channel_(std::move(channel)) {
  // It may die on the worker's thread when the environment is torn down; release() frees it in every other case.
  callback_.SuppressDestruct();
}

void ProgressReporter::report(const Progress& progress) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    latest_ = progress;
    if (under_way_) return;
    under_way_ = true;
  }
  channel_->post(std::make_unique<ProgressMessage>(shared_from_this()));
}

void ProgressReporter::call(Napi::Env env) {
  Progress progress;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    progress = latest_;
    under_way_ = false;
  }
  if (callback_.IsEmpty()) return;
  Napi::Object value = Napi::Object::New(env);
  value.Set("octave", progress.octave);
  value.Set("iteration", progress.iteration);
  value.Set("objective", progress.objective);
  callback_.Call({value});
}

void ProgressReporter::release() { callback_.Reset(); }

}  // namespace livedream::node
