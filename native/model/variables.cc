#include "model/variables.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "error.h"
#include "model/checkpoint.h"
#include "model/weight_size.h"
#include "tensorflow/attr_value.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;

namespace {

// As a constant, or where it is large as a placeholder.
void become(GraphDefinition& graph, NodeDefinition& node, const char* op, std::string_view key, std::string value) {
  const std::string_view type = node.attribute("dtype");
  node.op = op;
  node.inputs.clear();
  node.attributes.clear();
  node.attributes["dtype"] = type;
  node.attributes[key] = graph.keep(std::move(value));
  node.bytes = {};
}

void readThrough(NodeDefinition& node) {
  const std::string_view type = node.attribute("dtype");
  node.op = "Identity";
  node.attributes.clear();
  node.attributes["T"] = type;
  node.bytes = {};
}

}  // namespace

bool isVariableHandle(std::string_view op) noexcept {
  return op == "VarHandleOp" || op == "VariableV2" || op == "Variable";
}

bool isVariable(std::string_view op) noexcept {
  return op.substr(0, 3) == "Var" || op == "ReadVariableOp" || op.substr(0, 6) == "Assign";
}

std::map<std::string, tensorflow::TensorHandle> takeVariables(GraphDefinition& graph, const std::string& checkpoint,
                                                              const std::map<std::string, std::string>& entries) {
  std::vector<NodeDefinition*> handles;
  std::vector<std::string> wanted;
  std::vector<int> types;
  for (NodeDefinition& node : graph.nodes) {
    if (!isVariableHandle(node.op)) continue;
    const std::string name(node.name);
    const auto entry = entries.find(name);
    if (entry == entries.end()) {
      throw Error(code::kModelUnreadable, "The SavedModel has no value for its variable '" + name + "'.");
    }
    handles.push_back(&node);
    wanted.push_back(entry->second);
    types.push_back(static_cast<int>(attr_value::number(node.attribute("dtype"), attr_value::kType).value_or(0)));
  }
  std::map<std::string, tensorflow::TensorHandle> large;
  if (handles.empty()) return large;
  std::vector<tensorflow::TensorHandle> values = readCheckpoint(checkpoint, wanted, types);
  for (std::size_t i = 0; i < handles.size(); ++i) {
    NodeDefinition& node = *handles[i];
    if (isWeight(values[i].get())) {
      become(graph, node, "Placeholder", "shape", attr_value::ofShape(tensorflow::shapeOf(values[i].get())));
      large.emplace(node.name, std::move(values[i]));
    } else {
      become(graph, node, "Const", "value", attr_value::ofTensor(values[i].get()));
    }
  }
  for (NodeDefinition& node : graph.nodes) {
    if (node.op == "ReadVariableOp") readThrough(node);
  }
  return large;
}

}  // namespace livedream
