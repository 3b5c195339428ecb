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

// More of the serialized tensorflow.AttrValue messages of NetworkNode than attributes.h reads: what rewriting needs.

std::int64_t integerOf(std::string_view value) noexcept;
bool isTrue(std::string_view value) noexcept;
// Nothing where the rank is not known.
std::optional<tensorflow::Shape> shapeOf(std::string_view value);

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

std::string textValue(std::string_view text);
std::string integerValue(std::int64_t integer);
std::string integersValue(const std::vector<std::int64_t>& integers);

}  // namespace livedream
