#include "node/preview_reporter.h"

#include <utility>

#include "node/to_javascript.h"

namespace livedream::node {

namespace {

class PreviewMessage final : public Message {
 public:
  explicit PreviewMessage(std::shared_ptr<PreviewReporter> reporter) : reporter_(std::move(reporter)) {}
  void deliver(Napi::Env env) override { reporter_->call(env); }

 private:
  std::shared_ptr<PreviewReporter> reporter_;
};

}  // namespace

PreviewReporter::PreviewReporter(Napi::Function callback, std::chrono::milliseconds interval,
                                 std::shared_ptr<Channel> channel)
    : callback_(Napi::Persistent(callback)), interval_(interval), channel_(std::move(channel)) {
  // As of a ProgressReporter.
  callback_.SuppressDestruct();
}

bool PreviewReporter::wanted() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !waiting_ && Clock::now() >= due_;
}

void PreviewReporter::show(Preview preview) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_ = std::move(preview);
  }
  channel_->post(std::make_unique<PreviewMessage>(shared_from_this()));
}

void PreviewReporter::call(Napi::Env env) {
  std::optional<Preview> preview;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    preview.swap(waiting_);
    due_ = Clock::now() + interval_;
  }
  if (callback_.IsEmpty() || !preview) return;
  Napi::Object value = Napi::Object::New(env);
  value.Set("octave", preview->octave);
  value.Set("iteration", preview->iteration);
  value.Set("width", static_cast<double>(preview->width));
  value.Set("height", static_cast<double>(preview->height));
  value.Set("data", writePixels(env, std::move(preview->picture)));
  callback_.Call({value});
}

void PreviewReporter::release() { callback_.Reset(); }

}  // namespace livedream::node
