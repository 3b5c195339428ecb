#pragma once

#include <optional>

#include "tensorflow/tensor.h"

namespace livedream {

// The float32 tensor of the same values and shape, of one in float16 or bfloat16; nothing for other types. Networks are
// stored so to be half as large, with a Cast behind each constant.
std::optional<tensorflow::TensorHandle> widened(const tensorflow::TF_Tensor* tensor);

}  // namespace livedream
