#include "tensorflow/data_type.h"

namespace livedream::tensorflow {

std::string nameOfType(int type) {
  constexpr struct {
    int type;
    const char* name;
  } kNames[] = {{TF_FLOAT, "float32"}, {kDouble, "float64"},      {TF_INT32, "int32"}, {TF_UINT8, "uint8"},
                {kInt16, "int16"},     {kInt8, "int8"},           {kString, "string"}, {kInt64, "int64"},
                {kBool, "bool"},       {8, "complex64"},          {18, "complex128"},  {22, "uint32"},
                {23, "uint64"},        {TF_BFLOAT16, "bfloat16"}, {kUint16, "uint16"}, {TF_HALF, "float16"}};
  for (const auto& each : kNames) {
    if (each.type == type) return each.name;
  }
  return "type " + std::to_string(type);
}

bool isIntegerType(int type) noexcept {
  return type == TF_INT32 || type == TF_UINT8 || type == kInt16 || type == kInt8 || type == kInt64 || type == kUint16;
}

bool isHalfType(int type) noexcept { return type == TF_HALF || type == TF_BFLOAT16; }

std::string describeSizes(const Shape& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : ", ") + (size < 0 ? "?" : std::to_string(size));
  return "[" + text + "]";
}

std::string describeShape(const Shape* shape) {
  return shape == nullptr ? "any shape" : "the shape " + describeSizes(*shape);
}

}  // namespace livedream::tensorflow
