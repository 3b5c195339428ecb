#pragma once

#include <cstdint>
#include <optional>

#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// The gradient of a convolution of stride 1 by its input, as an ordinary convolution with the filter flipped and its
// channels exchanged: what Conv2DBackpropInput means, and what XLA makes of it, but with the filter in the order that
// its convolutions read. Inside a compiled loop that decides: there XLA's CPU has Conv2DBackpropInput done by a plain
// nest of loops, 7 to 10 times as slow, and an ordinary convolution not [measured, TensorFlow 2.21].
struct PlainConvolution {
  std::int64_t row_dilation;
  std::int64_t column_dilation;
  // Zeros around the gradient: top, bottom, left, right.
  std::int64_t padding[4];
};

// Set where `node` is such a convolution; `input`, `filter` and `output` are its shapes.
std::optional<PlainConvolution> plainConvolution(const NetworkNode& node, const tensorflow::Shape& input,
                                                 const tensorflow::Shape& filter, const tensorflow::Shape& output);

tensorflow::TF_Output addPlainGradient(tensorflow::Graph& graph, const PlainConvolution& convolution,
                                       tensorflow::TF_Output filter, tensorflow::TF_Output gradient);

}  // namespace livedream
