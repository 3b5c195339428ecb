#pragma once

#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// Local response normalization (Krizhevsky et al., 2012), x * (bias + alpha * sum of x^2 over near channels)^-beta,
// written in operations that TF_AddGradients differentiates rightly: the sum is a 1x1 convolution with a band of ones.
// TensorFlow's own gradient of LRN in the C++ API drops the node's attributes and takes the defaults (bias 1, alpha 1),
// which makes inception5h's gradients wrong by 100 % [measured, TensorFlow 2.21]; its kernel is slower besides [DESIGN,
// section 2]. Throws Error where the number of channels is not known.
tensorflow::TF_Output addLocalResponse(tensorflow::Graph& graph, const NetworkNode& node, tensorflow::TF_Output x);

}  // namespace livedream
