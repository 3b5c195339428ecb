#pragma once

#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// Operations whose gradient livedream writes itself, because TF_AddGradients does it wrongly:
//  - LRN: the C++ API's gradient drops the node's attributes and takes the defaults (bias 1, alpha 1), which makes
//    inception5h's gradients wrong by 100 % [measured, TensorFlow 2.21]. TensorFlow's own LRNGrad with the right ones
//    is used, so that ordinary kernels give Python's numbers to the last bit.
bool hasOwnGradient(const NetworkNode& node) noexcept;

// The gradient by the node's first input `x`, where `y` is its output and `gradient` the one by it.
tensorflow::TF_Output addOwnGradient(tensorflow::Graph& graph, const NetworkNode& node, tensorflow::TF_Output x,
                                     tensorflow::TF_Output y, tensorflow::TF_Output gradient);

}  // namespace livedream
