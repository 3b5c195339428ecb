#include "dream/gradient_graph.h"

#include "dream/backpropagation.h"
#include "dream/error.h"
#include "dream/network_graph.h"

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

}  // namespace

GradientGraph addGradient(Graph& graph, const Network& network, const Objective& objective, TF_Output tiles,
                          TF_Output selector) {
  const std::vector<std::size_t> nodes = network.needed(objective.layer);
  NetworkGraph copy(graph, network, nodes, tiles);
  const TF_Output layer = copy.output(nodes.back());
  const auto shape = graph.shape(layer);
  if (!shape || shape->size() != kRank) {
    throw Error(code::kLayerUnknown, "'" + objective.layer + "' is no layer of pictures (height, width and channels).");
  }
  const Seed start = seed(graph, objective.kind, layer, *shape, selector);
  GradientGraph result;
  result.gradient = copy.addPreprocessingGradient(addBackpropagation(graph, network, copy, nodes, start.derivative));
  result.objective = start.objective;
  result.weights = copy.weights();
  result.weight_inputs = copy.weightInputs();
  return result;
}

}  // namespace livedream
