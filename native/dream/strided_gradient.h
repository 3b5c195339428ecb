#pragma once

#include <cstdint>
#include <optional>

#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// The gradient of a network's first convolution by its picture: few channels, a wide filter and a stride above 1.
//
// Conv2DBackpropInput is slow there: oneDNN pads 3 channels to 16 and visits every tap of the filter for every pixel,
// though a stride of s leaves only one in s * s of them. With i = s * m + f, pixel i gets what m gets from the taps
// k = s * t + f: one convolution of stride 1 gives all s * s phases f as channels, and DepthToSpace puts them in place.
// inception5h's stem (7x7, stride 2) at 480 x 360 on 2 cores: 22.0 ms become 9.2; AlexNet's (11x11, stride 4): 20.9
// become 6.4; SqueezeNet's (3x3, stride 2): 5.6 become 4.1. With many channels there is nothing to win [measured,
// TensorFlow 2.21; with XLA 22.0 and 15.6, 14.9 and 7.0, 3.4 and 4.7].
struct StridedConvolution {
  std::int64_t stride;
  std::int64_t kernel_height;
  std::int64_t kernel_width;
  bool same;  // padding SAME, else VALID
};

// Set where `node` is such a convolution.
std::optional<StridedConvolution> stridedConvolution(const Network& network, const NetworkNode& node);

// The gradient by the input of shape `input`, where `gradient` is the one by the output.
tensorflow::TF_Output addStridedGradient(tensorflow::Graph& graph, const StridedConvolution& convolution,
                                         const tensorflow::Shape& input, tensorflow::TF_Output filter,
                                         tensorflow::TF_Output gradient);

}  // namespace livedream
