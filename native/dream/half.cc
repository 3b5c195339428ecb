#include "dream/half.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace livedream {

namespace {

float fromBits(std::uint32_t bits) noexcept {
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// IEEE 754 binary16: sign, 5 bits of exponent with a bias of 15, 10 of fraction.
float fromHalf(std::uint16_t half) noexcept {
  constexpr int kFractionBits = 10;
  constexpr int kBias = 15;
  constexpr int kInfinite = 31;
  const float sign = (half & 0x8000U) != 0 ? -1.0F : 1.0F;
  const int exponent = static_cast<int>((half >> 10U) & 0x1FU);
  const auto fraction = static_cast<float>(half & 0x3FFU);
  if (exponent == kInfinite) {
    return fraction == 0 ? sign * std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
  }
  if (exponent == 0) return sign * std::ldexp(fraction, 1 - kBias - kFractionBits);
  return sign * std::ldexp(fraction + 1024.0F, exponent - kBias - kFractionBits);
}

float fromBfloat16(std::uint16_t value) noexcept { return fromBits(std::uint32_t{value} << 16U); }

}  // namespace

std::optional<tensorflow::TensorHandle> widened(const tensorflow::TF_Tensor* tensor) {
  const tensorflow::TF_DataType type = tensorflow::api().TF_TensorType(tensor);
  if (type != tensorflow::TF_HALF && type != tensorflow::TF_BFLOAT16) return std::nullopt;
  const tensorflow::Shape shape = tensorflow::shapeOf(tensor);
  tensorflow::TensorHandle result = tensorflow::allocateTensor(tensorflow::TF_FLOAT, shape);
  const auto* values = tensorflow::dataOf<std::uint16_t>(tensor);
  auto* floats = tensorflow::dataOf<float>(result.get());
  const auto count = static_cast<std::size_t>(tensorflow::elementCount(shape));
  for (std::size_t i = 0; i < count; ++i) {
    floats[i] = type == tensorflow::TF_HALF ? fromHalf(values[i]) : fromBfloat16(values[i]);
  }
  return result;
}

}  // namespace livedream
