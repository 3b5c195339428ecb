#pragma once

#include <cstddef>
#include <vector>

#include "dream/network.h"
#include "dream/network_graph.h"
#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// The gradient by a node's output that a term of the objective begins with.
struct GradientSeed {
  std::size_t node = 0;
  tensorflow::TF_Output gradient{};
};

// Adds the gradient by the network's input: node by node, last first, by livedream's rules where there is one and by
// TF_AddGradients where there is none. Throws ERR_LIVEDREAM_NOT_DIFFERENTIABLE.
tensorflow::TF_Output addBackpropagation(tensorflow::Graph& graph, const Network& network, const NetworkGraph& copy,
                                         const Mode& mode, const std::vector<std::size_t>& nodes,
                                         const std::vector<GradientSeed>& seeds);

}  // namespace livedream
