#pragma once

#include <napi.h>

#include <memory>

namespace livedream::node {

// Something to be done on JavaScript's thread.
class Message {
 public:
  Message() = default;
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  virtual ~Message() = default;

  virtual void deliver(Napi::Env env) = 0;
  // Instead of deliver() when the environment is being torn down: JavaScript must not be touched any more.
  virtual void abandon() noexcept {}
};

// The way from any thread to JavaScript's, over a thread-safe function. Made and closed on JavaScript's thread.
// Messages are few: one a job, and at most one report and one preview a job at a time (see ProgressReporter), so its
// queue is bounded by the worker's.
class Channel {
 public:
  Channel(Napi::Env env, const char* name);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() { close(); }

  // From any thread.
  void post(std::unique_ptr<Message> message) noexcept;

  // On JavaScript's thread: the process stays alive between the two.
  void hold() noexcept;
  void release() noexcept;

  // On JavaScript's thread; what is posted later is abandoned. Idempotent.
  void close() noexcept;

 private:
  napi_env env_;
  napi_threadsafe_function function_ = nullptr;
  int holds_ = 0;
};

}  // namespace livedream::node
