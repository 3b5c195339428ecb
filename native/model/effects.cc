#include "model/effects.h"

#include <algorithm>

namespace livedream {

namespace {

void dropControlInputs(NodeDefinition& node) {
  const auto end = std::remove_if(node.inputs.begin(), node.inputs.end(), isControl);
  if (end == node.inputs.end()) return;
  node.inputs.erase(end, node.inputs.end());
  node.bytes = {};
}

void beIdentity(NodeDefinition& node) {
  const std::string_view type = node.attribute("T");
  node.op = "Identity";
  node.inputs.resize(std::min<std::size_t>(node.inputs.size(), 1));
  node.attributes.clear();
  node.attributes["T"] = type;
  node.bytes = {};
}

}  // namespace

void dropEffects(GraphDefinition& graph, tensorflow::OpDefinitions& operations) {
  const auto has_no_result = [&](const NodeDefinition& node) {
    const tensorflow::OpDefinition* operation = operations.find(node.op);
    return operation != nullptr && operation->outputs.empty();
  };
  graph.nodes.erase(std::remove_if(graph.nodes.begin(), graph.nodes.end(), has_no_result), graph.nodes.end());
  for (NodeDefinition& node : graph.nodes) {
    dropControlInputs(node);
    if (node.op == "Print") beIdentity(node);
  }
}

}  // namespace livedream
