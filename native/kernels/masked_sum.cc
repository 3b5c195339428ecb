#include "kernels/masked_sum.h"

#include <algorithm>

#include "kernels/lanes.h"

namespace livedream::kernels {

namespace {

LIVEDREAM_LANES void copyWhere(const float* activation, const float* a, std::size_t count, float* sum) noexcept {
  LIVEDREAM_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) sum[i] = activation[i] > 0 ? a[i] : 0.0F;
}

LIVEDREAM_LANES void addWhere(const float* activation, const float* a, const float* b, std::size_t count,
                              float* sum) noexcept {
  LIVEDREAM_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) sum[i] = activation[i] > 0 ? a[i] + b[i] : 0.0F;
}

LIVEDREAM_LANES void add(const float* a, const float* b, std::size_t count, float* sum) noexcept {
  LIVEDREAM_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) sum[i] = a[i] + b[i];
}

LIVEDREAM_LANES void addFour(const float* a, const float* b, const float* c, const float* d, std::size_t count,
                             float* sum) noexcept {
  LIVEDREAM_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) sum[i] = (a[i] + b[i]) + (c[i] + d[i]);
}

}  // namespace

// Four at most are read in one go: an inception module has as many.
void maskedSum(const float* activation, const std::vector<const float*>& parts, std::size_t count,
               float* sum) noexcept {
  const float* const* next = parts.data();
  const float* const* const end = next + parts.size();
  const float* so_far = *next++;
  if (end - next == 3) {
    addFour(so_far, next[0], next[1], next[2], count, sum);
    next = end;
    so_far = sum;
  }
  while (end - next > 1) {
    add(so_far, *next++, count, sum);
    so_far = sum;
  }
  const bool one_left = next != end;
  if (activation == nullptr) {
    if (one_left) return add(so_far, *next, count, sum);
    if (so_far != sum) std::copy(so_far, so_far + count, sum);
    return;
  }
  if (one_left) return addWhere(activation, so_far, *next, count, sum);
  copyWhere(activation, so_far, count, sum);
}

}  // namespace livedream::kernels
