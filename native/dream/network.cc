#include "dream/network.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <numeric>
#include <set>
#include <utility>

#include "dream/channels_last.h"
#include "dream/layout.h"
#include "dream/network_graph.h"
#include "error.h"
#include "tensorflow/data_type.h"
#include "tensorflow/status.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_FLOAT;

namespace {

constexpr std::size_t kRank = 4;      // batch, height, width, channels
constexpr std::int64_t kProbe = 512;  // a picture side that every known image network takes

// Builds the graph of `nodes` for a square picture; throws where its shapes do not fit.
class Probe {
 public:
  Probe(const Network& network, const std::vector<std::size_t>& nodes, std::int64_t side,
        NetworkGraph::Misfit misfit = NetworkGraph::Misfit::kThrow, const Cancellation* cancellation = nullptr)
      : picture_(graph_.placeholder("livedream/picture", TF_FLOAT, {1, side, side, 3})),
        network_graph_(graph_, network, nodes, picture_, misfit, /*xla=*/false, cancellation) {}

  std::optional<Shape> shape(std::size_t node) const {
    if (!network_graph_.has(node)) return std::nullopt;
    return graph_.shape(network_graph_.output(node));
  }

 private:
  Graph graph_;
  tensorflow::TF_Output picture_;
  NetworkGraph network_graph_;
};

bool isLayer(const std::optional<Shape>& shape) noexcept {
  return shape && shape->size() == kRank && std::all_of(shape->begin(), shape->end(), [](auto dim) { return dim > 0; });
}

bool exists(const Network& network, const std::vector<std::size_t>& nodes, std::int64_t side,
            const Cancellation& cancellation) {
  try {
    return isLayer(Probe(network, nodes, side, NetworkGraph::Misfit::kThrow, &cancellation).shape(nodes.back()));
  } catch (const Error&) {
    throwIfLoadCancelled(cancellation);
    return false;
  }
}

// The bytes of all that the nodes compute, as float32. Throws where a size is not known before the graph runs.
double activationBytes(const Network& network, const std::vector<std::size_t>& nodes, const Probe& probe) {
  double elements = 0;
  for (const std::size_t index : nodes) {
    const NetworkNode& node = network.nodes()[index];
    if (node.weight >= 0) continue;
    const auto shape = probe.shape(index);
    if (!shape || std::any_of(shape->begin(), shape->end(), [](auto dim) { return dim < 0; })) {
      throw Error(code::kModelUnreadable,
                  "The size of '" + node.name + "' (" + node.op +
                      ") cannot be told before the graph runs, so neither can the memory that it needs.");
    }
    elements += static_cast<double>(tensorflow::elementCount(*shape));
  }
  return elements * sizeof(float);
}

// Pixels of the picture along one side for one position of the layer. Where the network resizes to a size of its own,
// those of the resized picture: what a position is of a picture of any size cannot be said.
std::int64_t strideOf(const std::vector<std::size_t>& nodes, const Probe& probe, const Probe& larger) {
  const std::int64_t size = (*probe.shape(nodes.back()))[1];
  const std::int64_t growth = (*larger.shape(nodes.back()))[1] - size;
  if (growth > 0) return std::max<std::int64_t>(1, kProbe / growth);
  for (const std::size_t node : nodes) {
    const auto shape = probe.shape(node);
    if (isLayer(shape) && shape == larger.shape(node)) return std::max<std::int64_t>(1, (*shape)[1] / size);
  }
  return 1;
}

std::int64_t leastSize(const Network& network, const std::vector<std::size_t>& nodes,
                       const Cancellation& cancellation) {
  std::int64_t too_small = 0;
  std::int64_t enough = kProbe;
  while (enough - too_small > 1) {
    const std::int64_t middle = (too_small + enough) / 2;
    (exists(network, nodes, middle, cancellation) ? enough : too_small) = middle;
  }
  return enough;
}

}  // namespace

Network::Network(const ModelSpec& spec, const Cancellation& cancellation) {
  import(spec, cancellation);
  keepChannelsLast(cancellation);
  markPicture();
  choosePreprocessing(spec);
  listLayers(cancellation);
  if (layers_.empty()) refuseWithoutLayers();
}

std::size_t Network::weightBytes() const noexcept {
  std::size_t bytes = 0;
  for (const Shape& shape : weight_shapes_) {
    bytes += static_cast<std::size_t>(tensorflow::elementCount(shape)) * sizeof(float);
  }
  return bytes;
}

std::size_t Network::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) throw Error(code::kLayerUnknown, "The network has no layer '" + name + "'.");
  return found->second;
}

std::vector<std::size_t> Network::needed(const std::vector<std::string>& layers) const {
  std::vector<bool> wanted(nodes_.size(), false);
  for (const std::string& layer : layers) {
    const std::size_t node = find(layer);
    if (!sees_picture_[node]) {
      throw Error(code::kLayerUnknown, "'" + layer + "' does not depend on the picture, so it cannot be dreamed.");
    }
    wanted[node] = true;
  }
  std::vector<std::size_t> order;
  // Inputs stand before what uses them, so one walk backwards finds all.
  for (std::size_t index = nodes_.size(); index-- > 0;) {
    if (!wanted[index]) continue;
    order.push_back(index);
    for (const NetworkNode::Input& input : nodes_[index].inputs) wanted[input.node] = true;
  }
  std::reverse(order.begin(), order.end());
  return order;
}

void Network::keepChannelsLast(const Cancellation& cancellation) {
  const bool first = channelsFirst(nodes_, input_, declaredShape(nodes_[input_]));
  if (first) input_facts_.layout = input_facts_.layout == "HWC" ? "CHW" : "NCHW";
  if (!first && !hasChannelsFirstPart(nodes_)) return;
  ChannelsLast rewritten = channelsLast(nodes_, weight_shapes_, input_, first, cancellation);
  nodes_ = std::move(rewritten.nodes);
  input_ = rewritten.input;
  by_name_.clear();
  for (std::size_t index = 0; index < nodes_.size(); ++index) by_name_.emplace(nodes_[index].name, index);
}

void Network::markPicture() {
  sees_picture_.resize(nodes_.size(), false);
  sees_picture_[input_] = true;
  for (std::size_t index = 0; index < nodes_.size(); ++index) {
    const std::vector<NetworkNode::Input>& inputs = nodes_[index].inputs;
    const auto blocked = std::find_if(inputs.begin(), inputs.end(), [this](const NetworkNode::Input& input) {
      return left_out_.count(nodes_[input.node].name) > 0;
    });
    if (blocked != inputs.end()) left_out_.emplace(nodes_[index].name, left_out_.at(nodes_[blocked->node].name));
    if (left_out_.count(nodes_[index].name) > 0) continue;
    if (std::any_of(inputs.begin(), inputs.end(), [this](const auto& input) { return sees_picture_[input.node]; })) {
      sees_picture_[index] = true;
    }
  }
}

// A SavedModel of Keras often prepares its picture by itself: the first that is done with it is arithmetic.
bool Network::preparesPicture() const {
  std::vector<bool> moved(nodes_.size(), false);
  moved[input_] = true;
  for (std::size_t index = 0; index < nodes_.size(); ++index) {
    const NetworkNode& node = nodes_[index];
    if (node.inputs.empty() || !moved[node.inputs.front().node] || index == input_) continue;
    for (const char* arithmetic : {"Add", "AddV2", "BiasAdd", "Div", "Mul", "RealDiv", "Sub"}) {
      if (node.op == arithmetic) return true;
    }
    for (const char* moving : {"Cast", "ExpandDims", "Identity", "ReverseV2", "Squeeze", "Transpose"}) {
      if (node.op == moving) moved[index] = true;
    }
  }
  return false;
}

void Network::choosePreprocessing(const ModelSpec& spec) {
  constexpr float kGrey = 117;      // as inception5h has it
  constexpr float kMiddle = 127.5;  // to -1..1, as most applications of Keras have it
  float mean = kGrey;
  float scale = 1;
  if (input_type_ != TF_FLOAT && !tensorflow::isHalfType(input_type_)) {
    mean = 0;
  } else if (spec.checkpoint) {
    const bool prepared = preparesPicture();
    mean = prepared ? 0 : kMiddle;
    if (!prepared && !spec.mean) scale = 1 / kMiddle;
  }
  preprocessing_.bgr = spec.bgr;
  preprocessing_.mean = spec.mean.value_or(std::array<float, 3>{mean, mean, mean});
  preprocessing_.scale = spec.scale.value_or(scale);
}

void Network::refuseWithoutLayers() const {
  constexpr std::size_t kMostReasons = 3;
  std::set<std::string> reasons;
  for (const auto& [name, reason] : left_out_) reasons.insert(reason);
  std::string why;
  std::size_t count = 0;
  for (const std::string& reason : reasons) {
    if (++count <= kMostReasons) why += (why.empty() ? " What it computes needs " : "; or ") + reason;
  }
  const std::string shape = input_facts_.shape.empty() ? "any shape" : "the shape " + input_facts_.shape;
  throw Error(code::kModelUnreadable,
              "The network has no layer that can be dreamed: none that is computed from its input '" +
                  input_facts_.name + "' (" + input_facts_.type + " of " + shape + ") has height, width and channels." +
                  why + (why.empty() ? "" : "."));
}

void Network::listLayers(const Cancellation& cancellation) {
  std::vector<std::size_t> all(nodes_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  // A classifier head may not fit the probe's size: the layers before it stand.
  const Probe probe(*this, all, kProbe, NetworkGraph::Misfit::kSkip, &cancellation);
  for (const std::size_t index : all) {
    if (!sees_picture_[index] || index == input_ || nodes_[index].helper) continue;
    const auto shape = probe.shape(index);
    if (isLayer(shape)) layers_.push_back({nodes_[index].name, nodes_[index].op, shape->back()});
  }
}

const LayerSummary& Network::summary(const std::string& name) const {
  const auto listed =
      std::find_if(layers_.begin(), layers_.end(), [&](const auto& layer) { return layer.name == name; });
  if (listed == layers_.end()) {
    find(name);
    throw Error(code::kLayerUnknown, "'" + name + "' is no layer of pictures (height, width and channels).");
  }
  return *listed;
}

bool Network::isListed(const std::string& layer) const {
  return std::any_of(layers_.begin(), layers_.end(), [&](const auto& each) { return each.name == layer; });
}

// The layer whose negative answers an activation drops, also from behind the pools that follow it.
std::string Network::beforeActivation(const std::string& layer) const {
  const auto is = [](const NetworkNode& node, std::initializer_list<const char*> operations) {
    return std::any_of(operations.begin(), operations.end(), [&](const char* op) { return node.op == op; });
  };
  const NetworkNode* node = &nodes_[find(layer)];
  while (is(*node, {"Identity", "MaxPool", "AvgPool"}) && !node->inputs.empty()) node = &nodes_[node->inputs[0].node];
  if (!is(*node, {"Relu", "Relu6"})) return {};
  const std::string& before = nodes_[node->inputs[0].node].name;
  return isListed(before) ? before : std::string();
}

std::int64_t Network::channels(const std::string& layer) const { return summary(layer).channels; }

Layer Network::layer(const std::string& name, const Cancellation& cancellation) const {
  const LayerSummary& listed = summary(name);
  const std::vector<std::size_t> nodes = needed({name});
  const Probe probe(*this, nodes, kProbe, NetworkGraph::Misfit::kThrow, &cancellation);
  const Probe larger(*this, nodes, 2 * kProbe, NetworkGraph::Misfit::kThrow, &cancellation);
  Layer layer;
  static_cast<LayerSummary&>(layer) = listed;
  layer.stride = strideOf(nodes, probe, larger);
  layer.before_activation = beforeActivation(name);
  layer.least_size = leastSize(*this, nodes, cancellation);
  // Two sizes tell what grows with the picture from what does not. Activations live until the backward pass has used
  // them; half as much again for the gradients in flight.
  constexpr auto kPixels = static_cast<double>(kProbe * kProbe);
  const double small = activationBytes(*this, nodes, probe);
  const double large = activationBytes(*this, nodes, larger);
  layer.bytes_per_pixel = 1.5 * (large - small) / (3 * kPixels);
  layer.fixed_bytes = std::max(0.0, 1.5 * small - layer.bytes_per_pixel * kPixels);
  return layer;
}

}  // namespace livedream
