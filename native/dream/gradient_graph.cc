#include "dream/gradient_graph.h"

#include <set>

#include "dream/error.h"
#include "dream/network_graph.h"
#include "dream/own_gradient.h"
#include "tensorflow/status.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr std::size_t kRank = 4;

// The objective's sum over tiles, and its derivative by the layer. Written out, both are shorter than what
// TF_AddGradients makes of a mean (which asks for shapes at run time).
struct Seed {
  TF_Output objective;
  TF_Output derivative;
};

Seed seed(Graph& graph, Objective::Kind kind, TF_Output layer, const Shape& shape, TF_Output selector) {
  const auto positions = static_cast<float>(shape[1] * shape[2]);
  if (kind == Objective::Kind::kLayer) {
    const TF_Output factor = graph.constant(1.0F / (positions * static_cast<float>(shape[3])));
    const TF_Output squares = graph.reduce("Sum", graph.unary("Square", layer), kRank);
    const TF_Output twice = graph.binary("Mul", factor, graph.constant(2.0F));
    return {graph.binary("Mul", squares, factor), graph.binary("Mul", layer, twice)};
  }
  const TF_Output factor = graph.constant(1.0F / positions);
  const TF_Output sum = graph.reduce("Sum", graph.binary("Mul", layer, selector), kRank);
  return {graph.binary("Mul", sum, factor), graph.broadcastTo(graph.binary("Mul", selector, factor), shape)};
}

// Backpropagation from the layer to the picture. TF_AddGradients does it in stretches between the nodes whose gradient
// is our own, last first; where stretches meet, their gradients add up.
class Backpropagation {
 public:
  Backpropagation(Graph& graph, const Network& network, const NetworkGraph& copy) noexcept
      : graph_(graph), network_(network), copy_(copy) {}

  // The gradient of what reaches `node` by `output`; adding it makes `node` the end of later stretches.
  void add(std::size_t node, TF_Output output, TF_Output gradient) { ends_.push_back({node, output, gradient}); }

  // The gradient by `at`, the output of `target`.
  TF_Output gradient(std::size_t target, TF_Output at) {
    std::vector<TF_Output> outputs;
    std::vector<TF_Output> gradients;
    for (const End& end : ends_) {
      if (!reaches(end.node, target)) continue;
      outputs.push_back(end.output);
      gradients.push_back(end.gradient);
    }
    const tensorflow::Status status;
    TF_Output result{};
    tensorflow::api().TF_AddGradients(graph_.get(), outputs.data(), static_cast<int>(outputs.size()), &at, 1,
                                      gradients.data(), status.get(), &result);
    status.check("differentiating the network (" + status.message() + ")", code::kNotDifferentiable);
    return result;
  }

  // From every node of our own gradient, last first, to the picture.
  TF_Output toPicture(TF_Output picture) {
    const auto& own = copy_.ownGradients();
    for (auto each = own.rbegin(); each != own.rend(); ++each) {
      const NetworkNode& node = network_.nodes()[each->node];
      std::vector<TF_Output> inputs;
      for (const NetworkNode::Input& input : node.inputs) inputs.push_back(copy_.output(input.node, input.output));
      const TF_Output after = gradient(each->node, copy_.output(each->node));
      add(node.inputs.front().node, inputs.front(), addOwnGradient(graph_, node, inputs, each->output, after));
    }
    return gradient(network_.input(), picture);
  }

 private:
  struct End {
    std::size_t node;
    TF_Output output;
    TF_Output gradient;
  };

  // Whether `target` lies behind `node` with no other node of our own gradient between.
  bool reaches(std::size_t node, std::size_t target) const {
    std::vector<std::size_t> pending{node};
    std::set<std::size_t> seen{node};
    while (!pending.empty()) {
      const std::size_t index = pending.back();
      pending.pop_back();
      if (index == target) return true;
      if (hasOwnGradient(network_.nodes()[index])) continue;
      for (const NetworkNode::Input& input : network_.nodes()[index].inputs) {
        if (seen.insert(input.node).second) pending.push_back(input.node);
      }
    }
    return false;
  }

  Graph& graph_;
  const Network& network_;
  const NetworkGraph& copy_;
  std::vector<End> ends_;
};

}  // namespace

GradientGraph addGradient(Graph& graph, const Network& network, const Objective& objective, TF_Output tiles,
                          TF_Output selector) {
  const std::vector<std::size_t> nodes = network.needed(objective.layer);
  const NetworkGraph copy(graph, network, nodes, tiles);
  const TF_Output layer = copy.output(nodes.back());
  const auto shape = graph.shape(layer);
  if (!shape || shape->size() != kRank) {
    throw Error(code::kLayerUnknown, "'" + objective.layer + "' is no layer of pictures (height, width and channels).");
  }
  const Seed start = seed(graph, objective.kind, layer, *shape, selector);
  Backpropagation backpropagation(graph, network, copy);
  backpropagation.add(nodes.back(), layer, start.derivative);
  GradientGraph result;
  result.gradient = backpropagation.toPicture(tiles);
  result.objective = start.objective;
  result.weights = copy.weights();
  result.weight_inputs = copy.weightInputs();
  return result;
}

}  // namespace livedream
