#pragma once

namespace livedream::kernels {

// What the processor computes bfloat16 with, and the system lets it: nothing, AVX512-BF16, or AMX.
enum class BFloat16Unit { kNone, kAvx512, kAmx };

BFloat16Unit bfloat16Unit() noexcept;

}  // namespace livedream::kernels
