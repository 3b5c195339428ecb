#pragma once

#include <chrono>

namespace livedream {

// Adds the milliseconds of its life to a number.
class Stopwatch {
 public:
  explicit Stopwatch(double& milliseconds) noexcept : milliseconds_(milliseconds) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() {
    milliseconds_ += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  double& milliseconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace livedream
