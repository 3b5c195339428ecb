#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "dream/network.h"

namespace livedream {

// The values of a network's weights on the host.
using WeightValues = std::vector<tensorflow::TensorHandle>;

// A network, imported once for all engines that dream with it, and the values of its weights until each of them has put
// these on its device. Shared; from any thread.
class Model {
 public:
  // Throws ERR_LIVEDREAM_MODEL_UNREADABLE or ERR_LIVEDREAM_ABORTED.
  Model(const ModelSpec& spec, const Cancellation& cancellation)
      : network_(spec, cancellation), values_(std::make_shared<const WeightValues>(network_.takeWeights())) {}

  const Network& network() const noexcept { return network_; }

  // Null once they were released.
  std::shared_ptr<const WeightValues> values() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return values_;
  }
  void releaseValues() noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    values_.reset();
  }

 private:
  Network network_;
  mutable std::mutex mutex_;  // guards values_
  std::shared_ptr<const WeightValues> values_;
};

}  // namespace livedream
