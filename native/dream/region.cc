#include "dream/region.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

// [1, positions, pixels], or turned: what share of each position each pixel is.
TF_Output shares(Graph& graph, std::int64_t positions, std::int64_t pixels, bool turned) {
  std::vector<float> values(static_cast<std::size_t>(positions * pixels), 0.0F);
  const double side = static_cast<double>(pixels) / static_cast<double>(positions);
  for (std::int64_t position = 0; position < positions; ++position) {
    const double begin = static_cast<double>(position) * side;
    const double end = begin + side;
    for (auto pixel = static_cast<std::int64_t>(begin); pixel < pixels && static_cast<double>(pixel) < end; ++pixel) {
      const auto at = static_cast<double>(pixel);
      const double covered = std::min(end, at + 1) - std::max(begin, at);
      const std::int64_t place = turned ? pixel * positions + position : position * pixels + pixel;
      values[static_cast<std::size_t>(place)] = static_cast<float>(std::max(covered, 0.0) / side);
    }
  }
  const Shape shape = turned ? Shape{1, pixels, positions} : Shape{1, positions, pixels};
  return graph.constant(tensorflow::makeTensor(values, shape).get());
}

}  // namespace

TF_Output addRegionWeights(Graph& graph, TF_Output regions, int region, const Shape& layer) {
  const Shape size = graph.shape(regions).value();
  const TF_Output one = graph.slice(regions, {0, 0, 0, region}, {-1, -1, -1, 1});
  const TF_Output pixels = graph.reshape(one, {size[0], size[1], size[2]});
  const TF_Output rows = graph.binary("BatchMatMulV2", shares(graph, layer[1], size[1], false), pixels);
  const TF_Output means = graph.binary("BatchMatMulV2", rows, shares(graph, layer[2], size[2], true));
  const TF_Output weights = graph.reshape(means, {size[0], layer[1], layer[2], 1});
  const std::int64_t copies = layer[0] / size[0];
  if (copies == 1) return weights;
  return graph.concatenate(std::vector<TF_Output>(static_cast<std::size_t>(copies), weights), 0);
}

}  // namespace livedream
