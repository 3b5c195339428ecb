#include "tensorflow/tensor.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>

#include "error.h"
#include "tensorflow/data_type.h"

namespace livedream::tensorflow {

namespace {

template <typename T>
TensorHandle filledTensor(TF_DataType type, const std::vector<T>& values, const Shape& shape) {
  TensorHandle tensor = allocateTensor(type, shape);
  std::copy(values.begin(), values.end(), dataOf<T>(tensor.get()));
  return tensor;
}

}  // namespace

std::size_t elementBytes(TF_DataType type) noexcept {
  if (type == TF_UINT8) return sizeof(std::uint8_t);
  return isHalfType(type) ? sizeof(std::uint16_t) : sizeof(float);
}

std::int64_t elementCount(const Shape& shape) noexcept {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  // What is more than can be counted is as much as can.
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, [](std::int64_t count, std::int64_t size) {
    return size > 0 && count > kMost / size ? kMost : count * size;
  });
}

TensorHandle allocateTensor(TF_DataType type, const Shape& shape) {
  const auto bytes = static_cast<std::size_t>(elementCount(shape)) * elementBytes(type);
  TensorHandle tensor(api().TF_AllocateTensor(type, shape.data(), static_cast<int>(shape.size()), bytes));
  if (!tensor || (bytes > 0 && api().TF_TensorData(tensor.get()) == nullptr)) {
    throw Error(code::kOutOfMemory, "No memory for a tensor of " + std::to_string(bytes) + " bytes.");
  }
  return tensor;
}

TensorHandle makeTensor(const std::vector<float>& values, const Shape& shape) {
  return filledTensor(TF_FLOAT, values, shape);
}

TensorHandle makeTensor(const std::vector<std::int32_t>& values, const Shape& shape) {
  return filledTensor(TF_INT32, values, shape);
}

TensorHandle makeScalar(float value) { return makeTensor(std::vector<float>{value}, {}); }

Shape shapeOf(const TF_Tensor* tensor) {
  Shape shape(static_cast<std::size_t>(api().TF_NumDims(tensor)));
  for (std::size_t axis = 0; axis < shape.size(); ++axis) shape[axis] = api().TF_Dim(tensor, static_cast<int>(axis));
  return shape;
}

}  // namespace livedream::tensorflow
