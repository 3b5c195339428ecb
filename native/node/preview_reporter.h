#pragma once

#include <napi.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "dream/watch.h"
#include "node/channel.h"

namespace livedream::node {

// Carries pictures of a dream under way to a JavaScript function: one at a time, and the next no sooner than the
// interval after the function was given the last. Made and released on JavaScript's thread.
class PreviewReporter : public std::enable_shared_from_this<PreviewReporter> {
 public:
  PreviewReporter(Napi::Function callback, std::chrono::milliseconds interval, std::shared_ptr<Channel> channel);

  // From the worker's thread.
  bool wanted() const;
  void show(Preview preview);
  // On JavaScript's thread: calls the function with the picture that waits.
  void call(Napi::Env env);
  // On JavaScript's thread, when the dream has settled: nothing is called any more.
  void release();

 private:
  using Clock = std::chrono::steady_clock;

  Napi::FunctionReference callback_;
  std::chrono::milliseconds interval_;
  std::shared_ptr<Channel> channel_;
  mutable std::mutex mutex_;  // guards the two below
  std::optional<Preview> waiting_;
  Clock::time_point due_;
};

}  // namespace livedream::node
