#include "dream/probe.h"

#include <algorithm>

#include "dream/layer_shape.h"
#include "dream/network_graph.h"
#include "tensorflow/graph.h"

namespace livedream {

using tensorflow::TF_FLOAT;

Probe::Probe(const Network& network, const std::vector<std::size_t>& nodes, std::int64_t side,
             const Cancellation& cancellation)
    : shapes_(network.nodes().size()), fits_(network.nodes().size(), false), floats_(network.nodes().size(), false) {
  tensorflow::Graph graph;
  const tensorflow::TF_Output picture = graph.placeholder("livedream/picture", TF_FLOAT, {1, side, side, 3});
  const NetworkGraph copy(graph, network, nodes, picture, NetworkGraph::Misfit::kSkip, Mode(), &cancellation);
  for (const std::size_t node : nodes) {
    if (!copy.has(node)) continue;
    fits_[node] = true;
    shapes_[node] = graph.shape(copy.output(node));
    floats_[node] = shapes_[node] && tensorflow::api().TF_OperationOutputType(copy.output(node)) == TF_FLOAT;
  }
}

bool Probe::isLayer(std::size_t node) const {
  const auto shape = layerShape(shapes_[node]);
  return shape && std::all_of(shape->begin(), shape->end(), [](auto dim) { return dim > 0; });
}

bool Probe::isHead(std::size_t node) const {
  constexpr std::size_t kAxes = 2;
  return isLayer(node) && shapes_[node]->size() == kAxes;
}

}  // namespace livedream
