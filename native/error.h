#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace livedream {

// The codes of lib/error-codes.ts that the native code uses; what each means and what repairs it is said there.
namespace code {
inline constexpr const char* kRuntimeVersion = "ERR_LIVEDREAM_RUNTIME_VERSION";
inline constexpr const char* kRuntimeUnloadable = "ERR_LIVEDREAM_RUNTIME_UNLOADABLE";
inline constexpr const char* kDeviceUnavailable = "ERR_LIVEDREAM_DEVICE_UNAVAILABLE";
inline constexpr const char* kXlaUnavailable = "ERR_LIVEDREAM_XLA_UNAVAILABLE";
inline constexpr const char* kModelUnreadable = "ERR_LIVEDREAM_MODEL_UNREADABLE";
inline constexpr const char* kLayerUnknown = "ERR_LIVEDREAM_LAYER_UNKNOWN";
inline constexpr const char* kChannelRange = "ERR_LIVEDREAM_CHANNEL_RANGE";
inline constexpr const char* kNotDifferentiable = "ERR_LIVEDREAM_NOT_DIFFERENTIABLE";
inline constexpr const char* kImageTooSmall = "ERR_LIVEDREAM_IMAGE_TOO_SMALL";
inline constexpr const char* kNotFinite = "ERR_LIVEDREAM_NOT_FINITE";
inline constexpr const char* kOutOfMemory = "ERR_LIVEDREAM_OUT_OF_MEMORY";
inline constexpr const char* kQueueFull = "ERR_LIVEDREAM_QUEUE_FULL";
inline constexpr const char* kAborted = "ERR_LIVEDREAM_ABORTED";
inline constexpr const char* kDisposed = "ERR_LIVEDREAM_DISPOSED";
inline constexpr const char* kTensorflow = "ERR_LIVEDREAM_TENSORFLOW";
inline constexpr const char* kInternal = "ERR_LIVEDREAM_INTERNAL";
}  // namespace code

// What every layer below N-API throws; native/node turns it into a JavaScript error with the same code.
class Error : public std::runtime_error {
 public:
  Error(const char* code, const std::string& message, std::string detail = {})
      : std::runtime_error(message), code_(code), detail_(std::move(detail)) {}

  const char* code() const noexcept { return code_; }
  // By its letters: equal texts of two files need not be one in memory.
  bool is(std::string_view code) const noexcept { return code == code_; }
  // TensorFlow's or the system's own text, empty where there is none.
  const std::string& detail() const noexcept { return detail_; }

  // Where in the dream it happened; -1 where that does not apply.
  int octave = -1;
  int iteration = -1;

 private:
  const char* code_;
  std::string detail_;
};

}  // namespace livedream
