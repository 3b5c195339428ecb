#include "dream/gradient_graph.h"

#include <cstddef>
#include <cstdint>

#include "dream/backpropagation.h"
#include "dream/balance.h"
#include "dream/layer_shape.h"
#include "dream/network_graph.h"
#include "dream/region.h"
#include "error.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

// Derivatives by a mean are as small as one by its positions, and float16 ends at 6e-8: they are computed so much
// larger.
constexpr float kHalfScale = 1024;

// The derivative as the node itself has it: its shape, its type.
TF_Output ofNode(Graph& graph, TF_Output output, TF_Output derivative, float scale) {
  const TF_Output scaled = scale == 1 ? derivative : graph.binary("Mul", derivative, graph.constant(scale));
  return graph.cast(ofLayer(graph, scaled, output), tensorflow::api().TF_OperationOutputType(output));
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

Shape guideShape(const Term& term, std::int64_t channels) {
  const auto values = term.guide ? static_cast<std::int64_t>(term.guide->values.size()) : 0;
  if (values == 0 || values != term.guide->rows * channels) {
    throw Error(code::kInternal, "The guide's features are not those of '" + term.layer + "'.");
  }
  return {term.guide->rows, channels};
}

GradientGraph addGradient(Graph& graph, const Network& network, const Objective& objective, const Mode& mode,
                          TF_Output tiles, std::int64_t pictures, const std::vector<TermInputs>& inputs,
                          TF_Output regions) {
  const std::vector<std::size_t> nodes = network.needed(layersOf(objective));
  std::vector<std::size_t> layers;
  for (const std::string& layer : layersOf(objective)) layers.push_back(network.find(layer));
  NetworkGraph copy(graph, network, nodes, tiles, NetworkGraph::Misfit::kThrow, mode, nullptr, layers);
  std::vector<GradientSeed> seeds;
  std::vector<TF_Output> objectives;
  const float scale = mode.precision == Precision::kFloat16 ? kHalfScale : 1.0F;
  const Shape tile = graph.shape(tiles).value();
  const std::int64_t batch = tile.front();
  for (std::size_t i = 0; i < objective.size(); ++i) {
    const Term& term = objective[i];
    const std::size_t node = network.find(term.layer);
    const TF_Output output = copy.output(node);
    const TF_Output layer = asLayer(graph, output, term.layer);
    const Shape shape = graph.shape(layer).value();
    const auto copies = static_cast<float>(shape.front()) / static_cast<float>(batch);
    const float positions = copies * static_cast<float>(shape[1] * shape[2]);
    const TF_Output values = graph.cast(layer, tensorflow::TF_FLOAT);
    const Answers answers{values, shape, pictures, copies, positions};
    const Seed start = addSeed(graph, term, answers, inputs[i]);
    TF_Output derivative =
        term.balanced ? addBalance(graph, term, answers, tile[1] * tile[2], inputs[i].argument, start.derivative)
                      : start.derivative;
    if (term.region >= 0 && regions.oper != nullptr) {
      derivative = graph.binary("Mul", derivative, addRegionWeights(graph, regions, term.region, shape));
    }
    seeds.push_back({node, ofNode(graph, output, derivative, scale)});
    objectives.push_back(start.objective);
  }
  GradientGraph result;
  TF_Output gradient = addBackpropagation(graph, network, copy, mode, nodes, seeds);
  if (scale != 1) gradient = graph.binary("Mul", gradient, graph.constant(1 / scale));
  result.gradient = copy.addPreprocessingGradient(gradient);
  result.objective = objectives.size() == 1 ? objectives.front() : graph.sum(objectives);
  result.weights = copy.weights();
  result.weight_inputs = copy.weightInputs();
  return result;
}

}  // namespace livedream
