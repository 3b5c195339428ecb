#include "dream/gradient_graph.h"

#include <cstddef>
#include <cstdint>

#include "dream/backpropagation.h"
#include "dream/network_graph.h"
#include "error.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr std::size_t kRank = 4;

// A term's sum over tiles, for each picture, and its derivative by the layer. Written out, both are shorter than what
// TF_AddGradients makes of a mean (which asks for shapes at run time).
struct Seed {
  TF_Output objective;
  TF_Output derivative;
};

// A layer of the network, with what a term needs to know of it.
struct Answers {
  TF_Output values;
  Shape shape;
  std::int64_t pictures;
  float positions;  // of one tile, as often as the network computes it: see Network::adaptInput
};

Seed channelsSeed(Graph& graph, const Answers& layer, TF_Output weights) {
  const TF_Output factors = graph.binary("Mul", weights, graph.constant(1.0F / layer.positions));
  const TF_Output weighted = graph.binary("Mul", layer.values, factors);
  return {graph.reducePictures("Sum", weighted, layer.pictures == 1), graph.broadcastTo(factors, layer.shape)};
}

Seed squaresSeed(Graph& graph, const Answers& layer, TF_Output weight) {
  const float values = layer.positions * static_cast<float>(layer.shape[3]);
  const TF_Output factor = graph.binary("Mul", weight, graph.constant(1.0F / values));
  const TF_Output scaled = graph.binary("Mul", layer.values, factor);
  return {graph.reducePictures("Sum", graph.binary("Mul", scaled, layer.values), layer.pictures == 1),
          graph.binary("Mul", scaled, graph.constant(2.0F))};
}

Seed seed(Graph& graph, Term::Kind kind, const Answers& layer, TF_Output argument) {
  return kind == Term::Kind::kLayer ? squaresSeed(graph, layer, argument) : channelsSeed(graph, layer, argument);
}

std::vector<std::string> layersOf(const Objective& objective) {
  std::vector<std::string> layers;
  layers.reserve(objective.size());
  for (const Term& term : objective) layers.push_back(term.layer);
  return layers;
}

}  // namespace

Shape termArgumentShape(const Term& term, std::int64_t channels, std::int64_t pictures) {
  const bool weights = term.kind == Term::Kind::kChannels;
  if (pictures > 1) return {pictures, 1, 1, weights ? channels : 1};
  return weights ? Shape{channels} : Shape{};
}

std::vector<float> termArgument(const Term& term, std::int64_t channels) {
  if (term.kind != Term::Kind::kChannels) return {term.weight};
  std::vector<float> selector(static_cast<std::size_t>(channels), 0.0F);
  for (const ChannelWeight& chosen : term.channels) {
    if (chosen.channel < 0 || chosen.channel >= channels) {
      throw Error(code::kChannelRange, "Layer '" + term.layer + "' has channels 0 to " + std::to_string(channels - 1) +
                                           ", not " + std::to_string(chosen.channel) + ".");
    }
    selector[static_cast<std::size_t>(chosen.channel)] += chosen.weight * term.weight;
  }
  return selector;
}

GradientGraph addGradient(Graph& graph, const Network& network, const Objective& objective, const Mode& mode,
                          TF_Output tiles, std::int64_t pictures, const std::vector<TF_Output>& arguments) {
  const std::vector<std::size_t> nodes = network.needed(layersOf(objective));
  NetworkGraph copy(graph, network, nodes, tiles, NetworkGraph::Misfit::kThrow, mode.xla);
  std::vector<GradientSeed> seeds;
  std::vector<TF_Output> objectives;
  const std::int64_t batch = graph.shape(tiles).value().front();
  for (std::size_t i = 0; i < objective.size(); ++i) {
    const Term& term = objective[i];
    const std::size_t node = network.find(term.layer);
    const TF_Output layer = copy.output(node);
    const auto shape = graph.shape(layer);
    if (!shape || shape->size() != kRank) {
      throw Error(code::kLayerUnknown, "'" + term.layer + "' is no layer of pictures (height, width and channels).");
    }
    const auto positions = static_cast<float>(shape->front() / batch * (*shape)[1] * (*shape)[2]);
    const Seed start = seed(graph, term.kind, {layer, *shape, pictures, positions}, arguments[i]);
    seeds.push_back({node, start.derivative});
    objectives.push_back(start.objective);
  }
  GradientGraph result;
  result.gradient = copy.addPreprocessingGradient(addBackpropagation(graph, network, copy, mode, nodes, seeds));
  result.objective = objectives.size() == 1 ? objectives.front() : graph.sum(objectives);
  result.weights = copy.weights();
  result.weight_inputs = copy.weightInputs();
  return result;
}

}  // namespace livedream
