#pragma once

#include <cstddef>
#include <cstdint>

// A function compiled for each width of vectors there is; the processor's is taken when the addon is loaded. Loops over
// channels in it become vector code. Sanitizers run before what chooses, and other systems have no such choice.
#if defined(__x86_64__) && defined(__ELF__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define LIVEDREAM_LANES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LIVEDREAM_LANES
#endif

// For what such functions call in their loops: it must become part of each.
#define LIVEDREAM_INLINE __attribute__((always_inline)) inline

// Before a loop that may write over what it reads, but only at the same place.
#if defined(__clang__)
#define LIVEDREAM_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define LIVEDREAM_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace livedream::kernels {

// As many floats as the widest vectors hold; compilers make several narrower ones of them where there are no such.
constexpr std::size_t kLanes = 16;
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));

// The upper half of a float: as TensorFlow stores it.
using BFloat16 = std::uint16_t;

// Rows of numbers between their stored type and float, in which kernels compute. Rounded to the nearest, to the even of
// two; NaN stays NaN.
void widen(const BFloat16* from, float* to, std::size_t count) noexcept;
void narrow(const float* from, BFloat16* to, std::size_t count) noexcept;

}  // namespace livedream::kernels
