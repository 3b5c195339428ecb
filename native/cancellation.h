#pragma once

#include <atomic>

#include "error.h"

namespace livedream {

// Set from any thread, looked at between steps. May outlive the run.
class Cancellation {
 public:
  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
};

inline void throwIfLoadCancelled(const Cancellation& cancellation) {
  if (cancellation.cancelled()) throw Error(code::kAborted, "The loading was cancelled.");
}

}  // namespace livedream
