#pragma once

#include <napi.h>

#include <memory>
#include <mutex>

#include "dream/watch.h"
#include "node/channel.h"

namespace livedream::node {

// Carries a dream's progress to a JavaScript function. At most one report is under way: a newer one replaces what it
// says, so a busy event loop makes reports fewer, never more. Made and released on JavaScript's thread.
class ProgressReporter : public std::enable_shared_from_this<ProgressReporter> {
 public:
  ProgressReporter(Napi::Function callback, std::shared_ptr<Channel> channel);

  // From the worker's thread.
  void report(const Progress& progress);
  // On JavaScript's thread: calls the function with the latest progress.
  void call(Napi::Env env);
  // On JavaScript's thread, when the dream has settled: nothing is called any more.
  void release();

 private:
  Napi::FunctionReference callback_;
  std::shared_ptr<Channel> channel_;
  std::mutex mutex_;  // guards the two below
  Progress latest_;
  bool under_way_ = false;
};

}  // namespace livedream::node
