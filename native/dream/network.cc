#include "dream/network.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <numeric>
#include <set>
#include <utility>

#include "dream/channels_last.h"
#include "dream/layer_facts.h"
#include "dream/layout.h"
#include "dream/probe.h"
#include "dream/reduced_network.h"
#include "error.h"
#include "tensorflow/data_type.h"
#include "tensorflow/status.h"

namespace livedream {

using tensorflow::Shape;
using tensorflow::TF_FLOAT;

namespace {

bool isSizeOf(std::string_view op) noexcept { return op == "Shape" || op == "ShapeN" || op == "Size" || op == "Rank"; }

std::string probed() { return std::to_string(kProbeSide) + " x " + std::to_string(kProbeSide) + " pixels"; }

}  // namespace

Network::Network(const ModelSpec& spec, const Cancellation& cancellation) {
  import(spec, cancellation);
  weight_types_.assign(weight_shapes_.size(), TF_FLOAT);
  keepChannelsLast(cancellation);
  markPicture();
  choosePreprocessing(spec);
  listLayers(cancellation);
  if (layers_.empty() || onlyCasts()) refuseWithoutLayers();
}

Network::Network(const Network& network, const Mode& mode)
    : preprocessing_(network.preprocessing_),
      weight_shapes_(network.weight_shapes_),
      layers_(network.layers_),
      left_out_(network.left_out_),
      unfed_(network.unfed_),
      input_facts_(network.input_facts_),
      input_type_(network.input_type_) {
  ReducedNetwork rewritten = reduced(network, mode);
  nodes_ = std::move(rewritten.nodes);
  input_ = rewritten.input;
  weight_types_ = std::move(rewritten.weight_types);
  nameNodes();
  markPicture();
}

std::size_t Network::weightBytes() const noexcept {
  std::size_t bytes = 0;
  for (std::size_t weight = 0; weight < weight_shapes_.size(); ++weight) {
    const std::size_t size = weight_types_[weight] == TF_FLOAT ? sizeof(float) : sizeof(std::uint16_t);
    bytes += static_cast<std::size_t>(tensorflow::elementCount(weight_shapes_[weight])) * size;
  }
  return bytes;
}

void Network::nameNodes() {
  by_name_.clear();
  for (std::size_t index = 0; index < nodes_.size(); ++index) by_name_.emplace(nodes_[index].name, index);
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
  nameNodes();
}

void Network::markPicture() {
  sees_picture_.assign(nodes_.size(), false);
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

// Of a detector whose preparation cannot be run, the picture's own Cast to floats remains, which nobody means.
bool Network::onlyCasts() const {
  return tensorflow::isIntegerType(input_type_) && !left_out_.empty() &&
         std::all_of(layers_.begin(), layers_.end(), [](const auto& layer) { return layer.op == "Identity"; });
}

void Network::refuseWithoutLayers() const {
  constexpr std::size_t kMostReasons = 3;
  std::set<std::string> reasons;
  for (const auto& [name, reason] : left_out_) reasons.insert(reason);
  std::string why;
  std::size_t count = 0;
  for (const std::string& reason : reasons) {
    if (++count <= kMostReasons) why += (why.empty() ? "" : "; and ") + reason;
  }
  const std::string shape = input_facts_.shape.empty() ? "any shape" : "the shape " + input_facts_.shape;
  const std::string input = "its input '" + input_facts_.name + "' (" + input_facts_.type + " of " + shape + ")";
  throw Error(
      code::kModelUnreadable,
      why.empty()
          ? "The network has no layer that can be dreamed: none that is computed from " + input +
                " has height, width and channels."
          : "The network has no layer that can be dreamed: what it computes from " + input + " needs " + why +
                (unfed_.empty() ? ". Name the first node of floats after that as `input`, if there is one." : "."));
}

void Network::listLayers(const Cancellation& cancellation) {
  std::vector<std::size_t> all(nodes_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const Probe probe(*this, all, kProbeSide, cancellation);
  // What comes of the picture's size alone, such as the mask of a dropout, has no part in it either.
  std::vector<bool> has_values(nodes_.size(), false);
  has_values[input_] = true;
  std::vector<std::size_t> found;
  for (const std::size_t index : all) {
    const NetworkNode& node = nodes_[index];
    if (!sees_picture_[index] || index == input_) continue;
    has_values[index] = !isSizeOf(node.op) && std::any_of(node.inputs.begin(), node.inputs.end(),
                                                          [&](const auto& input) { return has_values[input.node]; });
    if (!node.helper && has_values[index] && probe.isFloat(index) && probe.isLayer(index)) found.push_back(index);
  }
  list(found, probe, cancellation);
  leaveOutMisfits(probe);
}

// Of what has two axes, only what has a row for each picture and as many channels whatever the picture's size.
void Network::list(const std::vector<std::size_t>& found, const Probe& probe, const Cancellation& cancellation) {
  std::vector<std::string> heads;
  for (const std::size_t index : found) {
    if (probe.isHead(index)) heads.push_back(nodes_[index].name);
  }
  const Probe larger(*this, heads.empty() ? std::vector<std::size_t>() : needed(heads), 2 * kProbeSide, cancellation);
  for (const std::size_t index : found) {
    const NetworkNode& node = nodes_[index];
    const Shape& shape = *probe.shape(index);
    const bool head = probe.isHead(index);
    if (!head || (shape.front() == copies_ && larger.shape(index) == shape)) {
      layers_.push_back({node.name, node.op, shape.back(), head});
    } else if (shape.front() != copies_) {
      left_out_.emplace(node.name, "height, width and channels, or one row of channels for each picture, and it has " +
                                       std::to_string(shape.front()) + " rows for one of " + probed());
    } else {
      left_out_.emplace(node.name,
                        "a number of channels that is the same for pictures of all sizes, as behind a "
                        "global pool; as after a flatten it has " +
                            std::to_string(shape.back()) + " for one of " + probed());
    }
  }
}

// What only one size of picture fits has no place in a dream, whose octaves are of several.
void Network::leaveOutMisfits(const Probe& probe) {
  for (std::size_t index = 0; index < nodes_.size(); ++index) {
    const NetworkNode& node = nodes_[index];
    if (!sees_picture_[index] || probe.fits(index) || left_out_.count(node.name) > 0) continue;
    const auto before = std::find_if(node.inputs.begin(), node.inputs.end(), [&](const NetworkNode::Input& input) {
      return !probe.fits(input.node) && left_out_.count(nodes_[input.node].name) > 0;
    });
    left_out_.emplace(node.name, before != node.inputs.end()
                                     ? left_out_.at(nodes_[before->node].name)
                                     : "pictures of one size alone: what '" + node.name + "' (" + node.op +
                                           ") takes does not come of " + probed() +
                                           ", as for a dense matrix behind a flatten. With a global pool in the "
                                           "flatten's place a network takes all sizes");
  }
}

const LayerSummary& Network::summary(const std::string& name) const {
  const auto listed =
      std::find_if(layers_.begin(), layers_.end(), [&](const auto& layer) { return layer.name == name; });
  if (listed == layers_.end()) {
    find(name);
    throw Error(code::kLayerUnknown,
                "'" + name + "' is no layer: it has neither height, width and channels nor a head's classes alone.");
  }
  return *listed;
}

bool Network::isListed(const std::string& layer) const {
  return std::any_of(layers_.begin(), layers_.end(), [&](const auto& each) { return each.name == layer; });
}

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
  return LayerFacts(*this, needed({name}), cancellation).of(listed);
}

LayersCost Network::cost(const std::vector<std::string>& names, const Cancellation& cancellation) const {
  for (const std::string& name : names) summary(name);
  const std::vector<std::size_t> nodes = needed(names);
  return LayerFacts(*this, nodes, cancellation).cost(nodes);
}

std::vector<Layer> Network::allLayers(const Cancellation& cancellation) const {
  std::vector<std::size_t> all(nodes_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  LayerFacts facts(*this, all, cancellation);
  std::vector<Layer> found;
  for (const LayerSummary& listed : layers_) {
    throwIfLoadCancelled(cancellation);
    found.push_back(facts.of(listed));
  }
  return found;
}

}  // namespace livedream
