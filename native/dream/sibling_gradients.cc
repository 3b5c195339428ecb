#include "dream/sibling_gradients.h"

#include <algorithm>
#include <utility>

#include "dream/attributes.h"
#include "dream/rule_parts.h"

namespace livedream {

using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr std::int32_t kChannelAxis = 3;

bool isPointwise(const Network& network, const NetworkNode& node) {
  if (node.op != "Conv2D") return false;
  const int weight = network.nodes()[node.inputs.at(1).node].weight;
  if (weight < 0 || !network.seesPicture(node.inputs[0].node)) return false;
  const Shape& filter = network.weightShapes()[static_cast<std::size_t>(weight)];
  const auto format = attribute(node, "data_format");
  return filter[0] == 1 && filter[1] == 1 && allOnes(attribute(node, "strides")) &&
         allOnes(attribute(node, "dilations")) && (format.empty() || isText(format, "NHWC")) &&
         !isText(attribute(node, "padding"), "EXPLICIT");
}

}  // namespace

SiblingGradients::SiblingGradients(const tensorflow::Graph& graph, const Network& network, const NetworkGraph& copy,
                                   const std::vector<std::size_t>& nodes) {
  std::map<std::pair<std::size_t, int>, std::vector<std::size_t>> by_input;
  for (const std::size_t index : nodes) {
    const NetworkNode& node = network.nodes()[index];
    if (!isPointwise(network, node)) continue;
    const auto x = graph.shape(copy.inputsOf(index).at(0));
    const auto filter = graph.shape(copy.inputsOf(index).at(1));
    // A convolution in groups takes more channels than its filter has.
    if (x && filter && x->size() == filter->size() && x->back() == (*filter)[2])
      by_input[{node.inputs[0].node, node.inputs[0].output}].push_back(index);
  }
  for (const auto& [input, siblings] : by_input) {
    if (siblings.size() < 2) continue;
    for (const std::size_t index : siblings) groups_[index] = all_.size();
    Group group;
    group.first = *std::min_element(siblings.begin(), siblings.end());
    all_.push_back(std::move(group));
  }
}

std::optional<TF_Output> SiblingGradients::pass(std::size_t node, const NodeGradient& of) {
  Group& group = all_[groups_.at(node)];
  if (of.gradient().oper != nullptr) {
    group.filters.push_back(of.inputs.at(1));
    group.gradients.push_back(of.gradient());
  }
  if (node != group.first || group.gradients.empty()) return std::nullopt;
  const bool one = group.gradients.size() == 1;
  const TF_Output filter = one ? group.filters.front() : of.graph.concatenate(group.filters, kChannelAxis);
  const TF_Output gradient = one ? group.gradients.front() : of.graph.concatenate(group.gradients, kChannelAxis);
  return build(of, "Conv2DBackpropInput", {sizeOfInput(of), filter, gradient});
}

}  // namespace livedream
