#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace livedream::kernels {

// Memory for floats that its thread uses again, with whatever stands in it: no call of a kernel clears it or asks the
// system for it. A thread keeps a few, of as much as it last took.
class Scratch {
 public:
  explicit Scratch(std::size_t count) {
    Spare& kept = spare();
    if (kept.count > 0) floats_ = std::move(kept.buffers[--kept.count]);
    if (floats_.size() < count) floats_.resize(count);
  }
  ~Scratch() {
    Spare& kept = spare();
    if (!floats_.empty() && kept.count < kept.buffers.size()) kept.buffers[kept.count++] = std::move(floats_);
  }
  Scratch(Scratch&&) noexcept = default;
  Scratch& operator=(Scratch&&) = delete;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  float* data() noexcept { return floats_.data(); }

 private:
  static constexpr std::size_t kMost = 8;
  struct Spare {
    std::array<std::vector<float>, kMost> buffers;
    std::size_t count = 0;
  };

  static Spare& spare() noexcept {
    thread_local Spare kept;
    return kept;
  }

  std::vector<float> floats_;
};

}  // namespace livedream::kernels
