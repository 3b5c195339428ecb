#include "kernels/processor.h"

#if defined(__x86_64__)
#include <cpuid.h>

#include <cstdint>
#endif

namespace livedream::kernels {

#if defined(__x86_64__)

namespace {

// Intel's Software Developer's Manual, volume 2, CPUID: leaf 1 ecx (27: XGETBV), leaf 7.0 ebx (16: AVX512F) and edx
// (22: AMX-BF16, 24: AMX-TILE), leaf 7.1 eax (5: AVX512-BF16).
struct Leaf {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;

  Leaf(unsigned leaf, unsigned part) noexcept { __get_cpuid_count(leaf, part, &eax, &ebx, &ecx, &edx); }
};

constexpr bool hasBit(std::uint64_t bits, unsigned bit) noexcept { return ((bits >> bit) & 1U) != 0; }

// Which registers the system keeps for a program: volume 1, chapter 13 (5 to 7: AVX-512's, 17 and 18: AMX's tiles).
std::uint64_t keptRegisters() noexcept {
  constexpr unsigned kRegisterBits = 32;
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<std::uint64_t>(high) << kRegisterBits) | low;
}

}  // namespace

BFloat16Unit bfloat16Unit() noexcept {
  if (!hasBit(Leaf(1, 0).ecx, 27)) return BFloat16Unit::kNone;
  const std::uint64_t kept = keptRegisters();
  const Leaf features(7, 0);
  const bool avx512 = hasBit(features.ebx, 16) && hasBit(kept, 5) && hasBit(kept, 6) && hasBit(kept, 7);
  if (!avx512) return BFloat16Unit::kNone;
  if (hasBit(features.edx, 22) && hasBit(features.edx, 24) && hasBit(kept, 17) && hasBit(kept, 18)) {
    return BFloat16Unit::kAmx;
  }
  return hasBit(Leaf(7, 1).eax, 5) ? BFloat16Unit::kAvx512 : BFloat16Unit::kNone;
}

#else

BFloat16Unit bfloat16Unit() noexcept { return BFloat16Unit::kNone; }

#endif

}  // namespace livedream::kernels
