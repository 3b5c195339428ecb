#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "error.h"

namespace livedream {

// A piece of blocking work. Made on JavaScript's thread, run or refused on the worker's, then handed back to be
// settled.
class Job {
 public:
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;

  // Exactly one of the two is called.
  virtual void run() noexcept = 0;
  virtual void refuse(const Error& error) noexcept = 0;
  // From any thread, before or while it runs.
  virtual void cancel() noexcept {}
  virtual bool cancelled() const noexcept { return false; }
};

// One thread with a bounded queue, so that nothing blocks JavaScript's thread or takes one of libuv's four. Every job
// that was posted is delivered once, whatever happens.
//
// It must be stopped before the process runs static destructors: XLA's would be destroyed under a compilation, which
// then crashes or never ends (seen). See node/exit.h.
class Worker {
 public:
  using Deliver = std::function<void(std::unique_ptr<Job>)>;

  // `deliver` is called on the worker's thread, or on the poster's from stop() and refuseCancelled().
  Worker(std::size_t queue_limit, Deliver deliver);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Stops.
  ~Worker();

  // Takes the job, or throws ERR_LIVEDREAM_QUEUE_FULL or ERR_LIVEDREAM_DISPOSED and leaves it to the caller.
  void post(std::unique_ptr<Job>&& job);
  // Cancels what runs, refuses what waits, and runs `last` as the thread's last act, without waiting for it.
  void finish(std::unique_ptr<Job> last);
  // Refuses the jobs that were cancelled while they wait.
  void refuseCancelled();
  // Cancels what runs, refuses what waits, and waits for the thread: at most one step or one compilation. Idempotent.
  void stop() noexcept;

 private:
  void loop() noexcept;
  std::deque<std::unique_ptr<Job>> takeAll(bool only_cancelled);
  void refuseAll(bool only_cancelled, const Error& error);

  const std::size_t queue_limit_;
  const Deliver deliver_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Job>> queue_;
  std::unique_ptr<Job> last_;
  Job* running_ = nullptr;  // owned by loop()
  bool stopping_ = false;
  std::mutex join_mutex_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace livedream
