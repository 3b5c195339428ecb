#include "dream/layout.h"

#include <algorithm>
#include <string_view>

#include "dream/attribute_values.h"
#include "dream/attributes.h"
#include "picture_shape.h"
#include "tensorflow/attr_value.h"

namespace livedream {

using tensorflow::Shape;

namespace {

bool transposesBy(const std::vector<NetworkNode>& nodes, const NetworkNode& node, const Permutation& permutation) {
  if (node.op != "Transpose") return false;
  const auto by = constantIntegers(nodes, node.inputs.at(1).node);
  return by && std::equal(by->values.begin(), by->values.end(), permutation.begin(), permutation.end());
}

// Nothing where it does not tell.
std::optional<bool> byShape(const std::optional<Shape>& declared) {
  if (!declared || declared->size() < kPictureRank - 1 || declared->size() > kPictureRank) return std::nullopt;
  if (declared->back() == kColours) return false;
  if ((*declared)[declared->size() - 3] == kColours) return true;
  return std::nullopt;
}

// Whether a node that takes the picture, or what was made of it, takes it channels first.
std::optional<bool> byNode(const std::vector<NetworkNode>& nodes, const NetworkNode& node) {
  const std::string_view format = attribute(node, "data_format");
  if (isText(format, "NCHW") || transposesBy(nodes, node, kToChannelsLast)) return true;
  // These know no other layout.
  const bool last = node.op == "LRN" || std::string_view(node.op).substr(0, 6) == "Resize";
  if (last || isText(format, "NHWC") || transposesBy(nodes, node, kToChannelsFirst)) return false;
  return std::nullopt;
}

}  // namespace

std::optional<Shape> declaredShape(const NetworkNode& placeholder) {
  auto shape = tensorflow::attr_value::shape(attribute(placeholder, "shape"));
  // Old graphs write an unknown shape as that of a scalar.
  if (shape && shape->empty()) return std::nullopt;
  return shape;
}

bool channelsFirst(const std::vector<NetworkNode>& nodes, std::size_t input, const std::optional<Shape>& declared) {
  if (const auto told = byShape(declared)) return *told;
  std::vector<bool> reached(nodes.size(), false);
  reached[input] = true;
  for (std::size_t index = input + 1; index < nodes.size(); ++index) {
    const NetworkNode& node = nodes[index];
    if (std::none_of(node.inputs.begin(), node.inputs.end(), [&](const auto& from) { return reached[from.node]; })) {
      continue;
    }
    if (const auto told = byNode(nodes, node)) return *told;
    reached[index] = true;
  }
  return false;
}

bool hasChannelsFirstPart(const std::vector<NetworkNode>& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [&](const NetworkNode& node) {
    return isText(attribute(node, "data_format"), "NCHW") || transposesBy(nodes, node, kToChannelsFirst);
  });
}

std::vector<std::int64_t> permute(const std::vector<std::int64_t>& list, const Permutation& permutation) {
  const std::size_t each = list.size() / kPictureRank;
  std::vector<std::int64_t> permuted;
  for (const std::int64_t axis : permutation) {
    const auto begin = list.begin() + axis * static_cast<std::int64_t>(each);
    permuted.insert(permuted.end(), begin, begin + static_cast<std::int64_t>(each));
  }
  return permuted;
}

std::int64_t permuteMask(std::int64_t mask, std::size_t named) {
  std::int64_t permuted = 0;
  for (std::size_t axis = 0; axis < kPictureRank; ++axis) {
    const auto from = static_cast<std::size_t>(kToChannelsLast[axis]);
    if (from >= named || (mask >> from & 1) != 0) permuted |= std::int64_t{1} << axis;
  }
  return permuted;
}

bool moveAxes(std::vector<std::int64_t>& axes) {
  constexpr auto kRank = static_cast<std::int64_t>(kPictureRank);
  for (std::int64_t& axis : axes) {
    if (axis < -kRank || axis >= kRank) return false;
    axis = kToChannelsFirst[static_cast<std::size_t>(axis < 0 ? axis + kRank : axis)];
  }
  return true;
}

bool leavesOrder(const std::vector<std::int64_t>& axes) {
  std::int64_t before = -1;
  for (const std::int64_t axis : kToChannelsFirst) {
    if (std::find(axes.begin(), axes.end(), axis) != axes.end()) continue;
    if (axis < before) return false;
    before = axis;
  }
  return true;
}

}  // namespace livedream
