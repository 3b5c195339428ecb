#include "dream/jitter.h"

namespace livedream {

namespace {

std::uint32_t high(std::uint64_t product) noexcept { return static_cast<std::uint32_t>(product >> 32U); }
std::uint32_t low(std::uint64_t product) noexcept { return static_cast<std::uint32_t>(product); }

// Lemire's multiplication instead of a remainder: no visible bias for picture sizes.
std::int32_t below(std::uint32_t random, std::int64_t size) noexcept {
  return static_cast<std::int32_t>(high(std::uint64_t{random} * static_cast<std::uint64_t>(size)));
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) noexcept {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53U;
  constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57U;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9U;
  constexpr std::uint32_t kWeyl1 = 0xBB67AE85U;
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = kMultiplier0 * counter[0];
    const std::uint64_t product1 = kMultiplier1 * counter[2];
    counter = {high(product1) ^ counter[1] ^ key[0], low(product1), high(product0) ^ counter[3] ^ key[1],
               low(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

std::array<std::int32_t, 2> jitterShift(std::uint64_t seed, std::uint32_t octave, std::uint32_t iteration,
                                        std::int64_t height, std::int64_t width) noexcept {
  const auto random = philox({octave, iteration, 0, 0}, {low(seed), high(seed)});
  return {below(random[0], height), below(random[1], width)};
}

}  // namespace livedream
