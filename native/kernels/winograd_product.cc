#include "kernels/winograd_product.h"

namespace livedream::kernels {

namespace {

// A few rows by a few vectors of outputs: all sums stay in registers, and each filter value that is loaded serves every
// row. `kRows` and `kVectors` are chosen so that sums, a row's value and the filter's vectors fill the registers.
template <typename Vector, std::size_t kRows, std::size_t kVectors>
LIVEDREAM_INLINE void multiplyTile(const float* rows, std::size_t stride, const float* filter, std::size_t inputs,
                                   float* products) noexcept {
  constexpr std::size_t kWidth = sizeof(Vector) / sizeof(float);
  Vector sums[kRows][kVectors] = {};
  for (std::size_t input = 0; input < inputs; ++input) {
    const auto* values = reinterpret_cast<const Vector*>(filter + input * kVectors * kWidth);
#pragma GCC unroll 16
    for (std::size_t row = 0; row < kRows; ++row) {
      const float value = rows[row * stride + input];
#pragma GCC unroll 4
      for (std::size_t i = 0; i < kVectors; ++i) sums[row][i] += value * values[i];
    }
  }
#pragma GCC unroll 16
  for (std::size_t row = 0; row < kRows; ++row) {
    auto* to = reinterpret_cast<Vector*>(products + row * kVectors * kWidth);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kVectors; ++i) to[i] = sums[row][i];
  }
}

// The last tile takes rows of the one before again, so that it is whole; fewer rows than a tile go one by one.
template <typename Vector, std::size_t kRows, std::size_t kVectors>
LIVEDREAM_INLINE void multiplyTiles(const float* rows, std::size_t count, std::size_t stride, const float* filter,
                                    std::size_t inputs, float* products) noexcept {
  constexpr std::size_t kFloats = kVectors * sizeof(Vector) / sizeof(float);
  if (count < kRows) {
    for (std::size_t row = 0; row < count; ++row) {
      multiplyTile<Vector, 1, kVectors>(rows + row * stride, stride, filter, inputs, products + row * kFloats);
    }
    return;
  }
  for (std::size_t row = 0; row < count; row += kRows) {
    const std::size_t from = row + kRows <= count ? row : count - kRows;
    multiplyTile<Vector, kRows, kVectors>(rows + from * stride, stride, filter, inputs, products + from * kFloats);
  }
}

using Vector16 = Lanes;
using Vector8 = float __attribute__((vector_size(kLanes / 2 * sizeof(float))));
using Vector4 = float __attribute__((vector_size(kLanes / 4 * sizeof(float))));

#if defined(__x86_64__)

// 32 registers of 16 floats.
__attribute__((target("avx512f"))) void multiplyWide(const float* rows, std::size_t count, std::size_t stride,
                                                     const float* filter, std::size_t inputs, std::size_t lines,
                                                     float* products) noexcept {
  switch (lines) {
    case 1:
      return multiplyTiles<Vector16, 14, 1>(rows, count, stride, filter, inputs, products);
    case 2:
      return multiplyTiles<Vector16, 12, 2>(rows, count, stride, filter, inputs, products);
    case 3:
      return multiplyTiles<Vector16, 8, 3>(rows, count, stride, filter, inputs, products);
    default:
      return multiplyTiles<Vector16, 6, 4>(rows, count, stride, filter, inputs, products);
  }
}

// 16 registers of 8 floats.
__attribute__((target("avx2,fma"))) void multiplyNarrow(const float* rows, std::size_t count, std::size_t stride,
                                                        const float* filter, std::size_t inputs,
                                                        float* products) noexcept {
  multiplyTiles<Vector8, 6, 2>(rows, count, stride, filter, inputs, products);
}

const bool has_wide = __builtin_cpu_supports("avx512f");
const bool has_narrow = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");

#else

constexpr bool has_wide = false;
#if defined(__aarch64__)
constexpr bool has_narrow = true;
#else
constexpr bool has_narrow = false;
#endif

#endif

}  // namespace

bool hasFastProducts() noexcept { return has_wide || has_narrow; }

std::size_t mostPanelLines() noexcept { return has_wide ? 4 : 1; }

void multiplyRows(const float* rows, std::size_t count, std::size_t stride, const Line* filter, std::size_t inputs,
                  std::size_t lines, Line* products) noexcept {
  const float* from = filter->values;
  float* to = products->values;
#if defined(__x86_64__)
  if (has_wide) return multiplyWide(rows, count, stride, from, inputs, lines, to);
  if (has_narrow) return multiplyNarrow(rows, count, stride, from, inputs, to);
#endif
  // 32 registers of 4 floats, as ARM's processors have; others come here in no program.
  static_cast<void>(lines);
  multiplyTiles<Vector4, 6, 4>(rows, count, stride, from, inputs, to);
}

}  // namespace livedream::kernels
