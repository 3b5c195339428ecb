#pragma once

#include <cstddef>
#include <vector>

namespace livedream::kernels {

// The sum of `parts`, of `count` values each, where `activation` is positive, and 0 elsewhere: what reaches the input
// of a Relu from all that uses its output. Everywhere where `activation` is null. `sum` may be the first of the parts.
void maskedSum(const float* activation, const std::vector<const float*>& parts, std::size_t count, float* sum) noexcept;

}  // namespace livedream::kernels
