#pragma once

#include <vector>

#include "dream/network.h"
#include "dream/network_graph.h"
#include "tensorflow/graph.h"

namespace livedream {

// Adds the gradient by the network's input, where `gradient` is the one by the output of the last of `nodes`: node by
// node, last first, by livedream's rules where there is one and by TF_AddGradients where there is none.
// Throws ERR_LIVEDREAM_NOT_DIFFERENTIABLE.
tensorflow::TF_Output addBackpropagation(tensorflow::Graph& graph, const Network& network, const NetworkGraph& copy,
                                         const std::vector<std::size_t>& nodes, tensorflow::TF_Output gradient);

}  // namespace livedream
