#include "tensorflow/context_config.h"

#include <cstdint>

#include "tensorflow/wire_format.h"

namespace livedream::tensorflow {

// tensorflow/core/protobuf/config.proto
std::string contextConfig(const ContextSettings& settings) {
  constexpr std::uint32_t kDeviceCount = 1;
  constexpr std::uint32_t kIntraOpThreads = 2;
  constexpr std::uint32_t kGpuOptions = 6;
  constexpr std::uint32_t kGpuMemoryFraction = 1;
  constexpr std::uint32_t kGpuAllowGrowth = 4;
  constexpr std::uint32_t kMapKey = 1;
  constexpr std::uint32_t kMapValue = 2;
  const auto count = [](const char* type, std::uint64_t devices) {
    return WireWriter().bytes(kMapKey, type).varint(kMapValue, devices).message();
  };
  WireWriter config;
  if (settings.processors > 1) {
    config.bytes(kDeviceCount, count("CPU", static_cast<std::uint64_t>(settings.processors)));
  }
  if (settings.threads > 0) config.varint(kIntraOpThreads, static_cast<std::uint64_t>(settings.threads));
  if (settings.gpu) {
    // Growth instead of the whole card at once.
    WireWriter options;
    options.varint(kGpuAllowGrowth, 1);
    if (settings.gpu_memory_fraction > 0) options.real(kGpuMemoryFraction, settings.gpu_memory_fraction);
    config.bytes(kGpuOptions, options.message());
  } else {
    config.bytes(kDeviceCount, count("GPU", 0));
  }
  return config.message();
}

}  // namespace livedream::tensorflow
