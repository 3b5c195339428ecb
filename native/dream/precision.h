#pragma once

#include <cstdint>

#include "tensorflow/api.h"

namespace livedream {

// The type of a network's weights and of most that is computed with them. Pictures, objectives and steps are float32.
enum class Precision : std::uint8_t { kFloat32, kBFloat16, kFloat16 };

constexpr tensorflow::TF_DataType typeOf(Precision precision) noexcept {
  return precision == Precision::kFloat32    ? tensorflow::TF_FLOAT
         : precision == Precision::kBFloat16 ? tensorflow::TF_BFLOAT16
                                             : tensorflow::TF_HALF;
}

}  // namespace livedream
