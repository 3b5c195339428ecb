#include "kernels/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace livedream::kernels {

namespace {

// Below this a second thread is not yet awake when the first is done: some 20 to 50 us [measured].
constexpr std::size_t kBytesWorthAThread = std::size_t{256} << 10U;

struct Job {
  Job(std::size_t count, const std::function<void(std::size_t)>& run) : parts(count), part(run) {}

  // Takes parts until none is left. `part` lives as long as one is unfinished.
  void help() {
    for (std::size_t taken = next++; taken < parts; taken = next++) {
      try {
        part(taken);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex);
        if (!fault) fault = std::current_exception();
      }
      if (++done < parts) continue;
      const std::lock_guard<std::mutex> lock(mutex);
      finished.notify_all();
    }
  }

  void wait() {
    std::unique_lock<std::mutex> lock(mutex);
    finished.wait(lock, [this] { return done == parts; });
    if (fault) std::rethrow_exception(fault);
  }

  const std::size_t parts;
  const std::function<void(std::size_t)>& part;
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  std::mutex mutex;  // guards fault
  std::condition_variable finished;
  std::exception_ptr fault;
};

class Pool {
 public:
  // With fewer threads where the system gives no more.
  explicit Pool(std::size_t threads) noexcept {
    try {
      for (; helpers_ + 1 < threads; ++helpers_) std::thread([this] { work(); }).detach();
    } catch (const std::system_error&) {
    }
  }

  std::size_t helpers() const noexcept { return helpers_; }

  void run(const std::shared_ptr<Job>& job, std::size_t helpers) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (std::size_t i = 0; i < helpers; ++i) jobs_.push_back(job);
    }
    for (std::size_t i = 0; i < helpers; ++i) wanted_.notify_one();
    job->help();
    job->wait();
  }

 private:
  [[noreturn]] void work() {
    for (;;) {
      std::shared_ptr<Job> job;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wanted_.wait(lock, [this] { return !jobs_.empty(); });
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job->help();
    }
  }

  std::size_t helpers_ = 0;
  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<std::shared_ptr<Job>> jobs_;
};

std::atomic<int> asked_threads{-1};

// Never destroyed: its threads wait on it until the process ends, as TensorFlow's do.
Pool& pool() {
  static auto& instance = *new Pool(threadCount());  // NOLINT(cppcoreguidelines-owning-memory)
  return instance;
}

}  // namespace

std::size_t threadCount() noexcept {
  static const std::size_t count = [] {
    const int asked = std::max(asked_threads.load(), 0);
    const std::size_t most = std::max(1U, std::thread::hardware_concurrency());
    return asked == 0 ? most : std::min(most, static_cast<std::size_t>(asked));
  }();
  return count;
}

void useThreads(int threads) noexcept {
  int unasked = -1;
  asked_threads.compare_exchange_strong(unasked, threads);
}

void inParallel(std::size_t parts, const std::function<void(std::size_t)>& part) {
  if (parts <= 1 || threadCount() == 1) {
    for (std::size_t i = 0; i < parts; ++i) part(i);
    return;
  }
  pool().run(std::make_shared<Job>(parts, part), std::min(parts - 1, pool().helpers()));
}

std::size_t partsFor(std::size_t bytes) noexcept {
  // Two a thread, so that one that wakes late does less of it.
  return std::clamp<std::size_t>(bytes / kBytesWorthAThread, 1, 2 * threadCount());
}

}  // namespace livedream::kernels
