#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// A copy of the part of a network that one layer needs, written into a graph under construction:
//  - weights become placeholders, so that all programs share one resident copy of them;
//  - TF1's Concat becomes ConcatV2, because TF_AddGradients knows no other;
//  - a node with a gradient of our own is followed by a StopGradient, where TF_AddGradients halts (see own_gradient.h).
class NetworkGraph {
 public:
  // What to do with a node that does not fit this picture: a program needs all, a listing shows what there is.
  enum class Misfit { kThrow, kSkip };

  // `picture` is [batch, height, width, 3], RGB 0..255; the network's own preprocessing is added.
  NetworkGraph(tensorflow::Graph& graph, const Network& network, const std::vector<std::size_t>& nodes,
               tensorflow::TF_Output picture, Misfit misfit = Misfit::kThrow);

  bool has(std::size_t node) const { return outputs_.count(node) > 0; }
  // Where the output of a node of the network stands in the graph.
  tensorflow::TF_Output output(std::size_t node, int index = 0) const;

  // A node with a gradient of our own, and its output before the StopGradient.
  struct OwnGradient {
    std::size_t node = 0;
    tensorflow::TF_Output output{};
  };
  // In topological order.
  const std::vector<OwnGradient>& ownGradients() const noexcept { return own_gradients_; }

  // Indices into Network::weights() and their placeholders, in the order in which programs take them.
  const std::vector<int>& weights() const noexcept { return weights_; }
  const std::vector<tensorflow::TF_Output>& weightInputs() const noexcept { return weight_inputs_; }

 private:
  tensorflow::TF_Output preprocess(tensorflow::TF_Output picture);
  void add(std::size_t index, tensorflow::TF_Output picture);
  tensorflow::TF_Output copy(const NetworkNode& node);
  std::vector<tensorflow::TF_Output> inputsOf(const NetworkNode& node) const;

  tensorflow::Graph& graph_;
  const Network& network_;
  std::map<std::size_t, tensorflow::TF_Output> outputs_;
  std::vector<OwnGradient> own_gradients_;
  std::vector<int> weights_;
  std::vector<tensorflow::TF_Output> weight_inputs_;
};

}  // namespace livedream
