#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dream/network.h"
#include "tensorflow/tensor.h"

namespace livedream {

// What rewriting needs of the nodes of a network beside attributes.h: constants of integers, and attributes that
// change.

// A constant of integers: axes, sizes, paddings.
struct Integers {
  // tensorflow.DataType
  static constexpr std::uint64_t kInt32 = 3;
  static constexpr std::uint64_t kInt64 = 9;

  std::uint64_t type = kInt32;
  tensorflow::Shape shape;
  std::vector<std::int64_t> values;
};

// Nothing where the node is no such constant, or the Identity of one.
std::optional<Integers> constantIntegers(const std::vector<NetworkNode>& nodes, std::size_t index);

// The node of a constant.
NetworkNode constantNode(const Integers& integers);

// Of an attribute that the node has.
void setAttribute(NetworkNode& node, std::string_view name, std::string value);

}  // namespace livedream
