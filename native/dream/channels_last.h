#pragma once

#include <cstddef>
#include <vector>

#include "dream/network.h"
#include "tensorflow/tensor.h"

namespace livedream {

struct ChannelsLast {
  std::vector<NetworkNode> nodes;
  std::size_t input = 0;
};

// The same network with the channels of its pictures last, as the dream wants its layers and TensorFlow's kernels for
// CPUs their convolutions. `channels_first` says that the picture itself is channels first (see layout.h); the
// rewritten network takes it channels last.
//
// Nodes whose four axes are [batch, channels, height, width] to those that use them are computed channels last: the
// picture, what `data_format` makes so, what a Transpose makes so, and all that is made of these element by element or
// along axes that are told. Whatever else uses such a node gets it through an inserted Transpose, so that any network
// stays right. Layers keep their names.
ChannelsLast channelsLast(const std::vector<NetworkNode>& nodes, const std::vector<tensorflow::Shape>& weight_shapes,
                          std::size_t input, bool channels_first, const Cancellation& cancellation);

}  // namespace livedream
