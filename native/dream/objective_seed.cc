#include "dream/objective_seed.h"

#include <vector>

#include "dream/guide_seed.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::TF_Output;

namespace {

// Of the whole layer's mean square, added to that of a position or channel: what hardly answers is no louder than a
// tenth of the layer. And the least, of a layer that does not answer at all.
constexpr float kQuiet = 0.01F;
constexpr float kLeastDivisor = 1e-12F;

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

TF_Output meanOver(Graph& graph, TF_Output x, const std::vector<std::int32_t>& axes) {
  return NodeBuilder(graph, "Mean", graph.uniqueName("Mean"))
      .input(x)
      .input(graph.constant(axes))
      .boolean("keep_dims", true)
      .finish();
}

// The mean over parts (positions, or channels) of sqrt(m + q M), m the mean square of a part, M that of the layer, q
// kQuiet. Its derivative by a value x is x (1 / s + q mean(1 / s)) / values, s the root: every part is pushed about as
// hard, where a mean of squares pushes most what answers most.
Seed evenSeed(Graph& graph, const Answers& layer, TF_Output weight, const std::vector<std::int32_t>& within) {
  const auto quiet = [&](TF_Output x) { return graph.binary("Mul", x, graph.constant(kQuiet)); };
  const TF_Output squares = meanOver(graph, graph.unary("Square", layer.values), within);
  const TF_Output floor =
      graph.binary("AddV2", quiet(meanOver(graph, squares, {1, 2, 3})), graph.constant(kLeastDivisor));
  const TF_Output roots = graph.unary("Sqrt", graph.binary("AddV2", squares, floor));
  const TF_Output inverse = graph.unary("Reciprocal", roots);
  const TF_Output slopes = graph.binary("AddV2", inverse, quiet(meanOver(graph, inverse, {1, 2, 3})));

  const auto share = [&](float count) { return graph.binary("Mul", weight, graph.constant(1.0F / count)); };
  const auto channels = static_cast<float>(layer.shape[3]);
  const bool over_positions = within.size() == 1;
  // A tile's parts are its positions, as often as it is computed, or its channels, of each computation.
  const float parts = over_positions ? layer.positions : channels * layer.copies;
  const TF_Output sum = graph.reducePictures("Sum", roots, layer.pictures == 1);
  const TF_Output objective = graph.binary("Mul", graph.reshape(share(parts), {-1}), sum);
  const TF_Output factor = graph.binary("Mul", slopes, share(layer.positions * channels));
  return {objective, graph.binary("Mul", layer.values, factor)};
}

}  // namespace

Seed addSeed(Graph& graph, const Term& term, const Answers& layer, const TermInputs& inputs) {
  switch (term.kind) {
    case Term::Kind::kChannels:
      return channelsSeed(graph, layer, inputs.argument);
    case Term::Kind::kLayer:
      return squaresSeed(graph, layer, inputs.argument);
    case Term::Kind::kEvenPositions:
      return evenSeed(graph, layer, inputs.argument, {3});
    case Term::Kind::kEvenChannels:
      return evenSeed(graph, layer, inputs.argument, {1, 2});
    case Term::Kind::kGuideDot:
      return addNearestSeed(graph, layer, inputs);
    case Term::Kind::kGuideStatistics:
      return addProductsSeed(graph, layer, inputs);
  }
  return {};
}

}  // namespace livedream
