#pragma once

#include <cstddef>

#include "kernels/winograd_filter.h"

namespace livedream::kernels {

// Whether the processor has the registers with which these products are worth their transforms.
bool hasFastProducts() noexcept;

// How many lines of outputs a product takes at once: as many as leave registers for enough rows.
std::size_t mostPanelLines() noexcept;

// products[row][line] = the sum over inputs of rows[row][input] * filter[input][line], with 1 to mostPanelLines()
// lines. Rows lie `stride` floats apart; `products` is the whole of its rows. Any thread.
void multiplyRows(const float* rows, std::size_t count, std::size_t stride, const Line* filter, std::size_t inputs,
                  std::size_t lines, Line* products) noexcept;

}  // namespace livedream::kernels
