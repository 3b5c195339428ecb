#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tensorflow/tensor.h"

// Reading and writing tensorflow.AttrValue (tensorflow/core/framework/attr_value.proto) and what it holds, in
// protobuf's wire format.
namespace livedream::tensorflow::attr_value {

enum Member : std::uint32_t {
  kList = 1,
  kText = 2,
  kInteger = 3,
  kFloat = 4,
  kBoolean = 5,
  kType = 6,
  kShape = 7,
  kTensor = 8,
  kPlaceholder = 9,
  kFunction = 10,
};

// The member, where the value holds one of that kind.
std::optional<std::string_view> bytes(std::string_view value, Member member) noexcept;
std::optional<std::uint64_t> number(std::string_view value, Member member) noexcept;

// The types of a list of types, or the one of a type; empty for other kinds.
std::vector<int> types(std::string_view value);

// tensorflow/core/framework/tensor_shape.proto; nothing where the rank is unknown, -1 for a dimension that is.
std::optional<Shape> shape(std::string_view value);
// The same of a serialized TensorShapeProto, and the way back.
std::optional<Shape> readShape(std::string_view proto);
std::string writeShape(const Shape& shape);

std::string ofText(std::string_view text);
std::string ofType(int type);
std::string ofTypes(const std::vector<int>& types);
std::string ofInteger(std::int64_t value);
std::string ofShape(const Shape& shape);
// A function without attributes of its own.
std::string ofFunction(std::string_view name);
std::string ofIntegers(const std::vector<std::int64_t>& values);
// A tensor of numbers or booleans, whose bytes are as they lie in memory.
std::string ofContent(int type, const Shape& shape, std::string_view content);
std::string ofTensor(const TF_Tensor* tensor);
// A tensor of strings: a scalar, or of one dimension.
std::string ofScalarText(std::string_view text);
std::string ofTexts(const std::vector<std::string>& texts);

}  // namespace livedream::tensorflow::attr_value
