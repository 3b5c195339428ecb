#pragma once

#include <vector>

#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// Operations whose gradient livedream writes itself, because TF_AddGradients silently does it wrongly: the C++ API's
// gradients drop these attributes and take the defaults [measured, TensorFlow 2.21].
//  - LRN: all attributes, which makes inception5h's gradients wrong by 100 %. TensorFlow's own LRNGrad with the right
//  ones
//    is used, so that ordinary kernels give Python's numbers to the last bit.
//  - Conv2D: dilations (wrong by 44 %) and explicit padding (an error).
bool hasOwnGradient(const NetworkNode& node) noexcept;

// The gradient by the node's first input, where `output` is its output and `gradient` the one by it.
tensorflow::TF_Output addOwnGradient(tensorflow::Graph& graph, const NetworkNode& node,
                                     const std::vector<tensorflow::TF_Output>& inputs, tensorflow::TF_Output output,
                                     tensorflow::TF_Output gradient);

}  // namespace livedream
