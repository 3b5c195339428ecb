#pragma once

#include <cstddef>

#include "flow/plane.h"

namespace livedream::flow {

// What the plane shows where a row's pixels move to, bilinear; beyond its edges what is at them.
void sampleRow(const Plane& plane, const Field& motion, std::ptrdiff_t y, float* to) noexcept;

}  // namespace livedream::flow
