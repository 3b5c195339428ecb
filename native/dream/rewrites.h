#pragma once

#include <cstdint>

namespace livedream {

// Every other way of computing the same that can be asked for: its name here, and in JavaScript. Where each pays is
// lib/plan/rewrites.ts's to say, what each gained docs/performance.md's.
//   kStridedGradient                             strided_gradient.h
//   kResponseKernel, kMaxPoolKernel, kMaskedSum  kernel_rewrites.h
//   kMergedSiblings                              sibling_gradients.h
//   kMaxPoolMasks, kMaxPoolMaxima                max_pool_masks.h
//   kResponseExpression                          response_expression.h
//   kPlainGradient                               plain_gradient.h
//   kWinograd                                    winograd.h
#define LIVEDREAM_REWRITES(F)                  \
  F(kStridedGradient, "stridedGradient")       \
  F(kResponseKernel, "responseKernel")         \
  F(kMaxPoolKernel, "maxPoolKernel")           \
  F(kMaskedSum, "maskedSum")                   \
  F(kMergedSiblings, "mergedSiblings")         \
  F(kMaxPoolMaxima, "maxPoolMaxima")           \
  F(kMaxPoolMasks, "maxPoolMasks")             \
  F(kResponseExpression, "responseExpression") \
  F(kPlainGradient, "plainGradient")           \
  F(kWinograd, "winograd")

enum class Rewrite : std::uint8_t {
#define LIVEDREAM_NAME(name, javascript) name,
  LIVEDREAM_REWRITES(LIVEDREAM_NAME)
#undef LIVEDREAM_NAME
};

// A set of them.
class Rewrites {
 public:
  void add(Rewrite rewrite) noexcept { bits_ |= bit(rewrite); }
  bool has(Rewrite rewrite) const noexcept { return (bits_ & bit(rewrite)) != 0; }
  // For keys.
  std::uint32_t bits() const noexcept { return bits_; }

 private:
  static constexpr std::uint32_t bit(Rewrite rewrite) noexcept {
    return std::uint32_t{1} << static_cast<std::uint32_t>(rewrite);
  }

  std::uint32_t bits_ = 0;
};

}  // namespace livedream
