#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dream/network.h"
#include "dream/plan.h"
#include "dream/winograd.h"
#include "tensorflow/graph.h"

namespace livedream {

// Adds a node of a network to a graph. Throws ERR_LIVEDREAM_MODEL_UNREADABLE where it does not fit its inputs.
tensorflow::TF_Output addNode(const tensorflow::Graph& graph, const NetworkNode& node,
                              const std::vector<tensorflow::TF_Output>& inputs);

// A copy of the part of a network that one layer needs, written into a graph under construction:
//  - weights become placeholders, so that all programs share one resident copy of them;
//  - where TensorFlow has to differentiate a node of several inputs (see gradient_rules.h), each comes through a
//    StopGradient of its own, so that it sees this node alone. TensorFlow removes them before it runs the graph.
class NetworkGraph {
 public:
  // What to do with a node that does not fit this picture: a program needs all, a listing shows what there is.
  enum class Misfit { kThrow, kSkip };

  // `picture` is [batch, height, width, 3], RGB 0..255; the network's own preprocessing is added. For XLA what it gets
  // wrong is said otherwise (see resize_matrices.h), and rewrites are in force. `read` are the nodes whose outputs are
  // read besides by other nodes.
  NetworkGraph(tensorflow::Graph& graph, const Network& network, const std::vector<std::size_t>& nodes,
               tensorflow::TF_Output picture, Misfit misfit = Misfit::kThrow, const Mode& mode = {},
               const Cancellation* cancellation = nullptr, const std::vector<std::size_t>& read = {});

  bool has(std::size_t node) const { return outputs_.count(node) > 0; }
  // Where the output of a node of the network stands in the graph.
  tensorflow::TF_Output output(std::size_t node, int index = 0) const;

  // What a node got as its inputs.
  const std::vector<tensorflow::TF_Output>& inputsOf(std::size_t node) const { return inputs_.at(node); }
  // The gradient by the picture, from the one by the network's input.
  tensorflow::TF_Output addPreprocessingGradient(tensorflow::TF_Output gradient);

  // Indices into Network::weightShapes() and their placeholders, in the order in which programs take them.
  const std::vector<int>& weights() const noexcept { return weights_; }
  const std::vector<tensorflow::TF_Output>& weightInputs() const noexcept { return weight_inputs_; }

 private:
  tensorflow::TF_Output preprocess(tensorflow::TF_Output picture);
  // One placeholder a weight, also where several nodes are that weight.
  tensorflow::TF_Output weightInput(const NetworkNode& node);
  void add(std::size_t index, tensorflow::TF_Output picture);
  void refuseHuge(std::size_t index, tensorflow::TF_Output output);
  tensorflow::TF_Output copy(const NetworkNode& node, const std::vector<tensorflow::TF_Output>& inputs);
  tensorflow::TF_Output normalize(const NetworkNode& node, const std::vector<tensorflow::TF_Output>& inputs);
  std::vector<tensorflow::TF_Output> gather(const NetworkNode& node);

  tensorflow::Graph& graph_;
  const Network& network_;
  const Mode mode_;
  WinogradConvolutions winograd_;
  std::map<std::size_t, tensorflow::TF_Output> outputs_;
  std::map<std::size_t, std::vector<tensorflow::TF_Output>> inputs_;
  std::set<std::size_t> computed_;  // nodes whose values are known without the picture's
  std::int64_t computed_elements_ = 0;
  std::vector<int> weights_;
  std::vector<tensorflow::TF_Output> weight_inputs_;
};

}  // namespace livedream
