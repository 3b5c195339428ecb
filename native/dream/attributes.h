#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dream/network.h"

namespace livedream {

// Reading what NetworkNode keeps as serialized tensorflow.AttrValue messages.

// Empty where the node has no such attribute.
std::string_view attribute(const NetworkNode& node, std::string_view name) noexcept;

// A list of integers.
std::vector<std::int64_t> integersOf(std::string_view value);

// Whether a list of integers holds nothing but ones; true of an empty list.
bool allOnes(std::string_view value);

// The attribute's default where the node has none of that name.
std::int64_t integerOf(std::string_view value, std::int64_t otherwise) noexcept;
float floatOf(std::string_view value, float otherwise) noexcept;
bool isTrue(std::string_view value, bool otherwise) noexcept;

bool isType(std::string_view value, tensorflow::TF_DataType type) noexcept;

bool isText(std::string_view value, std::string_view text) noexcept;

}  // namespace livedream
