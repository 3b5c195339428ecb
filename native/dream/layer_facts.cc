#include "dream/layer_facts.h"

#include <algorithm>

#include "error.h"

namespace livedream {

const Probe& LayerFacts::at(std::int64_t side) {
  const auto known = probes_.find(side);
  if (known != probes_.end()) return known->second;
  return probes_.emplace(side, Probe(network_, nodes_, side, cancellation_)).first->second;
}

Layer LayerFacts::of(const LayerSummary& summary) {
  const std::vector<std::size_t> needed = network_.needed({summary.name});
  Layer layer;
  static_cast<LayerSummary&>(layer) = summary;
  layer.before_activation = network_.beforeActivation(summary.name);
  static_cast<LayersCost&>(layer) = cost(needed);
  layer.stride = stride(needed);
  layer.least_size = leastSize(needed.back());
  return layer;
}

LayersCost LayerFacts::cost(const std::vector<std::size_t>& needed) {
  // Two sizes tell what grows with the picture from what does not. Activations live until the backward pass has used
  // them; half as much again for the gradients in flight.
  constexpr auto kPixels = static_cast<double>(kProbeSide * kProbeSide);
  const double small = activationBytes(needed, kProbeSide);
  const double large = activationBytes(needed, 2 * kProbeSide);
  LayersCost found;
  found.bytes_per_pixel = 1.5 * (large - small) / (3 * kPixels);
  found.fixed_bytes = std::max(0.0, 1.5 * small - found.bytes_per_pixel * kPixels);
  return found;
}

std::int64_t LayerFacts::leastSize(std::size_t layer) {
  std::int64_t too_small = 0;
  std::int64_t enough = kProbeSide;
  while (enough - too_small > 1) {
    const std::int64_t middle = (too_small + enough) / 2;
    (at(middle).isLayer(layer) ? enough : too_small) = middle;
  }
  return enough;
}

// Pixels of the picture along one side for one position of the layer. Where the network resizes to a size of its own,
// those of the resized picture: what a position is of a picture of any size cannot be said. A head asks for no size.
std::int64_t LayerFacts::stride(const std::vector<std::size_t>& needed) {
  const Probe& probe = at(kProbeSide);
  if (probe.isHead(needed.back())) return 1;
  const Probe& larger = at(2 * kProbeSide);
  const std::int64_t size = (*probe.shape(needed.back()))[1];
  const std::int64_t growth = (*larger.shape(needed.back()))[1] - size;
  if (growth > 0) return std::max<std::int64_t>(1, kProbeSide / growth);
  for (const std::size_t node : needed) {
    if (probe.isLayer(node) && !probe.isHead(node) && probe.shape(node) == larger.shape(node)) {
      return std::max<std::int64_t>(1, (*probe.shape(node))[1] / size);
    }
  }
  return 1;
}

// The bytes of all that the nodes compute, as float32.
double LayerFacts::activationBytes(const std::vector<std::size_t>& needed, std::int64_t side) {
  const Probe& probe = at(side);
  double elements = 0;
  for (const std::size_t index : needed) {
    const NetworkNode& node = network_.nodes()[index];
    if (node.weight >= 0) continue;
    const auto& shape = probe.shape(index);
    if (!shape || std::any_of(shape->begin(), shape->end(), [](auto dim) { return dim < 0; })) {
      throw Error(code::kModelUnreadable,
                  "The size of '" + node.name + "' (" + node.op +
                      ") cannot be told before the graph runs, so neither can the memory that it needs.");
    }
    elements += static_cast<double>(tensorflow::elementCount(*shape));
  }
  return elements * sizeof(float);
}

}  // namespace livedream
