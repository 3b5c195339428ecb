#pragma once

#include <string>

#include "tensorflow/tensor.h"

namespace livedream::tensorflow {

// As tensorflow/core/framework/types.proto numbers them, those that the C API's part in api.h does not name.
constexpr int kDouble = 2;
constexpr int kUint16 = 17;
constexpr int kInt16 = 5;
constexpr int kInt8 = 6;
constexpr int kString = 7;
constexpr int kInt64 = 9;
constexpr int kBool = 10;

// "float32", "uint8"; "type 23" for one that has no name here.
std::string nameOfType(int type);

// Whether numbers of the type have no fraction; not of booleans.
bool isIntegerType(int type) noexcept;
bool isHalfType(int type) noexcept;

// "[?, 224, 224, 3]".
std::string describeSizes(const Shape& shape);
// "the shape [?, 224, 224, 3]", or "any shape".
std::string describeShape(const Shape* shape);

}  // namespace livedream::tensorflow
