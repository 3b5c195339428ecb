#include "dream/worker.h"

#include <string>
#include <utility>

namespace livedream {

namespace {

const Error& disposed() {
  static const Error error(code::kDisposed, "The Dreamer was disposed of before this could run.");
  return error;
}

}  // namespace

Worker::Worker(std::size_t queue_limit, Deliver deliver)
    : queue_limit_(queue_limit), deliver_(std::move(deliver)), thread_([this] { loop(); }) {}

Worker::~Worker() { stop(); }

void Worker::post(std::unique_ptr<Job>&& job) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping_) throw Error(code::kDisposed, "The Dreamer was disposed of.");
    if (queue_.size() >= queue_limit_) {
      throw Error(code::kQueueFull, "The queue holds " + std::to_string(queue_limit_) + " jobs and is full.");
    }
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
}

std::deque<std::unique_ptr<Job>> Worker::takeAll(bool only_cancelled) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::deque<std::unique_ptr<Job>> taken;
  std::deque<std::unique_ptr<Job>> kept;
  for (auto& job : queue_) (only_cancelled && !job->cancelled() ? kept : taken).push_back(std::move(job));
  queue_ = std::move(kept);
  return taken;
}

void Worker::refuseAll(bool only_cancelled, const Error& error) {
  for (auto& job : takeAll(only_cancelled)) {
    job->refuse(error);
    deliver_(std::move(job));
  }
}

void Worker::refuseCancelled() { refuseAll(true, Error(code::kAborted, "The dream was cancelled while it waited.")); }

void Worker::finish(std::unique_ptr<Job> last) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (running_ != nullptr) running_->cancel();
    last_ = std::move(last);
  }
  refuseAll(false, disposed());
  wake_.notify_one();
}

void Worker::stop() noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (running_ != nullptr) running_->cancel();
  }
  refuseAll(false, disposed());
  wake_.notify_one();
  const std::lock_guard<std::mutex> lock(join_mutex_);
  if (thread_.joinable()) thread_.join();
}

void Worker::loop() noexcept {
  for (;;) {
    std::unique_ptr<Job> job;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) break;
      job = std::move(queue_.front());
      queue_.pop_front();
      running_ = job.get();
    }
    job->run();
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      running_ = nullptr;
    }
    deliver_(std::move(job));
  }
  if (last_) {
    last_->run();
    deliver_(std::move(last_));
  }
}

}  // namespace livedream
