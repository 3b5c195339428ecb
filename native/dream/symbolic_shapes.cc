#include "dream/symbolic_shapes.h"

#include "dream/network_graph.h"
#include "error.h"

namespace livedream {

using tensorflow::Shape;
using tensorflow::TF_Output;

SymbolicShapes::SymbolicShapes(const std::vector<NetworkNode>& nodes, const std::vector<Shape>& weight_shapes,
                               std::size_t input, const Shape& picture, const Cancellation& cancellation) {
  outputs_.reserve(nodes.size());
  for (std::size_t index = 0; index < nodes.size(); ++index) {
    const NetworkNode& node = nodes[index];
    throwIfLoadCancelled(cancellation);
    if (index == input) {
      outputs_.push_back(graph_.placeholder(node.name, tensorflow::TF_FLOAT, picture));
    } else if (node.weight >= 0) {
      const Shape& shape = weight_shapes[static_cast<std::size_t>(node.weight)];
      outputs_.push_back(graph_.placeholder(node.name, tensorflow::TF_FLOAT, shape));
    } else {
      add(node);
    }
  }
}

void SymbolicShapes::add(const NetworkNode& node) {
  std::vector<TF_Output> inputs;
  inputs.reserve(node.inputs.size());
  for (const NetworkNode::Input& input : node.inputs) {
    const TF_Output from = outputs_[input.node];
    if (from.oper == nullptr) break;
    inputs.push_back({from.oper, input.output});
  }
  TF_Output added{};
  try {
    if (inputs.size() == node.inputs.size()) added = addNode(graph_, node, inputs);
  } catch (const Error& error) {
    if (error.is(code::kOutOfMemory)) throw;
    added = {};
  }
  outputs_.push_back(added);
}

std::optional<Shape> SymbolicShapes::of(NetworkNode::Input output) const {
  const TF_Output found = outputs_[output.node];
  return found.oper == nullptr ? std::nullopt : graph_.shape({found.oper, output.output});
}

}  // namespace livedream
