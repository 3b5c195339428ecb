#pragma once

#include <string>
#include <vector>

#include "tensorflow/tensor.h"

namespace livedream {

// Reads entries of a checkpoint ("DIR/variables/variables") as tensors of these types, in their order, by TensorFlow's
// own RestoreV2. Throws ERR_LIVEDREAM_MODEL_UNREADABLE.
std::vector<tensorflow::TensorHandle> readCheckpoint(const std::string& prefix, const std::vector<std::string>& entries,
                                                     const std::vector<int>& types);

}  // namespace livedream
