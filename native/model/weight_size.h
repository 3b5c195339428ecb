#pragma once

#include "tensorflow/tensor.h"

namespace livedream {

// Whether a constant is one of a network's weights. Smaller ones are axes, shapes and factors, which XLA and shape
// inference want to see.
inline bool isWeight(const tensorflow::TF_Tensor* value) {
  constexpr std::size_t kLeastBytes = 16 * sizeof(float);
  return tensorflow::api().TF_TensorType(value) == tensorflow::TF_FLOAT && tensorflow::api().TF_NumDims(value) > 0 &&
         tensorflow::api().TF_TensorByteSize(value) >= kLeastBytes;
}

}  // namespace livedream
