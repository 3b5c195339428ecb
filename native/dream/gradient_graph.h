#pragma once

#include <vector>

#include "dream/network.h"
#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// The objective and its gradient, added to a graph under construction. The selector (float32[channels], the weight of
// each channel) is an argument of the program, so choosing another channel compiles nothing.
struct GradientGraph {
  tensorflow::TF_Output gradient{};   // of the sum over tiles of each tile's objective, by `tiles`
  tensorflow::TF_Output objective{};  // that sum, a scalar
  std::vector<int> weights;
  std::vector<tensorflow::TF_Output> weight_inputs;
};

// `tiles` is [batch, height, width, 3]. Throws ERR_LIVEDREAM_NOT_DIFFERENTIABLE.
GradientGraph addGradient(tensorflow::Graph& graph, const Network& network, const Objective& objective,
                          tensorflow::TF_Output tiles, tensorflow::TF_Output selector);

}  // namespace livedream
