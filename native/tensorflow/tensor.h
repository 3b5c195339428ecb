#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "tensorflow/handles.h"

namespace livedream::tensorflow {

using Shape = std::vector<std::int64_t>;

// Of one value of the types that livedream makes tensors of: float32, int32, uint8 and the halves.
std::size_t elementBytes(TF_DataType type) noexcept;

std::int64_t elementCount(const Shape& shape) noexcept;

// Host tensors. The memory is TensorFlow's own, so a tensor handle made of one shares it on the CPU.
TensorHandle allocateTensor(TF_DataType type, const Shape& shape);
TensorHandle makeTensor(const std::vector<float>& values, const Shape& shape);
TensorHandle makeTensor(const std::vector<std::int32_t>& values, const Shape& shape);
TensorHandle makeScalar(float value);

Shape shapeOf(const TF_Tensor* tensor);

template <typename T>
T* dataOf(const TF_Tensor* tensor) noexcept {
  return static_cast<T*>(api().TF_TensorData(tensor));
}

}  // namespace livedream::tensorflow
