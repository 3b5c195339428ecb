#include "dream/pool_geometry.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "dream/attributes.h"
#include "dream/sizes.h"
#include "picture_shape.h"

namespace livedream {

namespace {

struct Padding {
  std::int64_t before = 0;
  std::int64_t after = 0;
};

PoolSide sideOf(std::int64_t size, std::int64_t kernel, std::int64_t stride, Padding padding) {
  const std::int64_t room = size + padding.before + padding.after - kernel;
  return {size, room < 0 ? 0 : room / stride + 1, kernel, stride, padding.before};
}

// As many outputs as strides, and of an odd row the half behind.
PoolSide sameSide(std::int64_t size, std::int64_t kernel, std::int64_t stride) {
  const std::int64_t outputs = divideUp(size, stride);
  return {size, outputs, kernel, stride, std::max<std::int64_t>((outputs - 1) * stride + kernel - size, 0) / 2};
}

}  // namespace

std::optional<PoolWindows> poolWindows(const NetworkNode& node, const tensorflow::Shape& input) {
  const auto format = attribute(node, "data_format");
  const auto kernel = integersOf(attribute(node, "ksize"));
  const auto strides = integersOf(attribute(node, "strides"));
  const auto padding = attribute(node, "padding");
  const auto by_hand = integersOf(attribute(node, "explicit_paddings"));
  if (!(format.empty() || isText(format, "NHWC")) || input.size() != kPictureRank) return std::nullopt;
  if (kernel.size() != kPictureRank || strides.size() != kPictureRank) return std::nullopt;
  if (kernel[0] * kernel[3] * strides[0] * strides[3] != 1) return std::nullopt;
  const bool by_hand_alone = isText(padding, "EXPLICIT");
  if (by_hand_alone && by_hand.size() != 2 * kPictureRank) return std::nullopt;
  const auto side = [&](std::size_t axis) {
    if (isText(padding, "SAME")) return sameSide(input[axis], kernel[axis], strides[axis]);
    const Padding added = by_hand_alone ? Padding{by_hand[2 * axis], by_hand[2 * axis + 1]} : Padding{};
    return sideOf(input[axis], kernel[axis], strides[axis], added);
  };
  if (input[1] <= 0 || input[2] <= 0) return std::nullopt;
  const PoolWindows windows{side(1), side(2)};
  if (windows.rows.outputs <= 0 || windows.columns.outputs <= 0) return std::nullopt;
  return windows;
}

}  // namespace livedream
