#include "tensorflow/gpu_memory.h"

#include <mutex>
#include <optional>
#include <sstream>

#include "error.h"

namespace livedream::tensorflow {

namespace {

struct InForce {
  std::mutex mutex;
  std::optional<double> fraction;  // from the first context on that saw a GPU
};

InForce& inForce() {
  static InForce instance;
  return instance;
}

std::string describe(double fraction) {
  if (fraction == 0) return "all of each GPU's memory";
  std::ostringstream text;
  text << fraction << " of each GPU's memory";
  return text.str();
}

}  // namespace

void withGpuMemory(double asked, const std::function<bool(double)>& make) {
  InForce& state = inForce();
  const std::lock_guard<std::mutex> lock(state.mutex);
  if (state.fraction && asked != 0 && asked != *state.fraction) {
    throw Error(code::kDeviceUnavailable, "This process may take " + describe(*state.fraction) +
                                              " already, and TensorFlow cannot change that to " + describe(asked) +
                                              "; what first looks for GPUs decides: a Dreamer, devices() or doctor().");
  }
  const double fraction = state.fraction.value_or(asked);
  if (make(fraction)) state.fraction = fraction;
}

}  // namespace livedream::tensorflow
