// Network::import: from a model's bytes to plain records, by way of TensorFlow's own importer, which checks them.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dream/attributes.h"
#include "dream/float_types.h"
#include "dream/half.h"
#include "dream/network.h"
#include "error.h"
#include "model/prepared_graph.h"
#include "model/weight_size.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/op_definitions.h"
#include "tensorflow/status.h"
#include "tensorflow/wire_format.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::api;
using tensorflow::Status;
using tensorflow::WireReader;

namespace {

// tensorflow/core/framework/node_def.proto; control inputs are left out, a frozen network has no effects to order.
void readAttributes(std::string_view node_def, NetworkNode& node) {
  constexpr std::uint32_t kAttributes = 5;
  WireReader reader(node_def);
  while (const auto field = reader.next()) {
    if (field->number != kAttributes) continue;
    const auto [key, value] = tensorflow::readMapEntry(field->bytes);
    // Notes of whoever wrote the graph ("_class", "_output_shapes") may not fit the copy.
    if (!key.empty() && key.front() != '_') node.attributes.emplace_back(key, value);
  }
}

std::vector<int> groupsOf(const NetworkNode& node, const tensorflow::OpDefinition& operation) {
  std::vector<int> groups;
  for (const tensorflow::OpArgument& argument : operation.inputs) {
    if (!argument.number_attribute.empty()) {
      const auto count = attr_value::number(attribute(node, argument.number_attribute), attr_value::kInteger);
      groups.push_back(static_cast<int>(count.value_or(0)));
    } else if (!argument.type_list_attribute.empty()) {
      groups.push_back(static_cast<int>(attr_value::types(attribute(node, argument.type_list_attribute)).size()));
    } else {
      groups.push_back(0);
    }
  }
  return groups;
}

bool inputsFit(const NetworkNode& node) noexcept {
  std::size_t count = 0;
  for (const int group : node.groups) count += group == 0 ? 1 : static_cast<std::size_t>(group);
  return count == node.inputs.size();
}

// In float32 where it was stored in half precision: converted once here instead of in every step of every program.
tensorflow::TensorHandle valueOf(tensorflow::TF_Operation* operation) {
  const Status status;
  tensorflow::TF_Tensor* value = nullptr;
  api().TF_OperationGetAttrTensor(operation, "value", &value, status.get());
  status.check("reading a constant", code::kModelUnreadable);
  tensorflow::TensorHandle stored(value);
  std::optional<tensorflow::TensorHandle> wide = widened(stored.get());
  return wide ? std::move(*wide) : std::move(stored);
}

void importInto(tensorflow::TF_Graph* graph, std::string_view bytes) {
  const Status status;
  const tensorflow::ImportOptionsHandle options(api().TF_NewImportGraphDefOptions());
  const tensorflow::TF_Buffer buffer{bytes.data(), bytes.size(), nullptr};
  api().TF_GraphImportGraphDef(graph, &buffer, options.get(), status.get());
  if (!status.ok()) {
    throw Error(code::kModelUnreadable, "TensorFlow cannot read the graph: " + status.message() + ".",
                status.message());
  }
}

// Turns TensorFlow's operations into records, one after another.
class Reading {
 public:
  Reading(std::vector<NetworkNode>& nodes, std::map<std::string, tensorflow::TensorHandle>& variables)
      : nodes_(nodes), variables_(variables) {}

  void read(tensorflow::TF_Operation* operation) {
    NetworkNode node;
    node.name = api().TF_OperationName(operation);
    node.op = api().TF_OperationOpType(operation);
    std::optional<tensorflow::TensorHandle> value = constantOf(operation, node);
    if (value && isWeight(value->get())) {
      node.weight = static_cast<int>(weights.size());
      weights.push_back(std::move(*value));
    } else {
      readNode(operation, node);
      if (value && api().TF_TensorType(value->get()) == tensorflow::TF_FLOAT) {
        node.attributes = {{"dtype", attr_value::ofType(tensorflow::TF_FLOAT)},
                           {"value", attr_value::ofTensor(value->get())}};
      }
    }
    positions_.emplace(operation, nodes_.size());
    nodes_.push_back(std::move(node));
  }

  std::vector<tensorflow::TensorHandle> weights;

 private:
  std::optional<tensorflow::TensorHandle> constantOf(tensorflow::TF_Operation* operation, const NetworkNode& node) {
    if (node.op == "Const") return valueOf(operation);
    const auto variable = variables_.find(node.name);
    if (variable == variables_.end()) return std::nullopt;
    return std::move(variable->second);
  }

  void readNode(tensorflow::TF_Operation* operation, NetworkNode& node) {
    const int inputs = api().TF_OperationNumInputs(operation);
    for (int i = 0; i < inputs; ++i) {
      const tensorflow::TF_Output input = api().TF_OperationInput({operation, i});
      const auto found = positions_.find(input.oper);
      if (found == positions_.end())
        throw Error(code::kModelUnreadable, "The graph has a loop at '" + node.name + "'.");
      node.inputs.push_back({found->second, input.index});
    }
    const Status status;
    const tensorflow::BufferHandle node_def(api().TF_NewBuffer());
    api().TF_OperationToNodeDef(operation, node_def.get(), status.get());
    status.check("reading the node '" + node.name + "'", code::kModelUnreadable);
    readAttributes({static_cast<const char*>(node_def->data), node_def->length}, node);
    const tensorflow::OpDefinition* definition = operations_.find(node.op);
    if (definition != nullptr) node.groups = groupsOf(node, *definition);
    if (!inputsFit(node)) {
      throw Error(code::kModelUnreadable, "The inputs of '" + node.name + "' do not fit " + node.op + ".");
    }
  }

  std::vector<NetworkNode>& nodes_;
  std::map<std::string, tensorflow::TensorHandle>& variables_;
  tensorflow::OpDefinitions operations_;
  std::map<tensorflow::TF_Operation*, std::size_t> positions_;
};

// An Identity of a weight, as frozen graphs have them (".../read"), is that weight.
void lookThrough(std::vector<NetworkNode>& nodes) {
  for (NetworkNode& node : nodes) {
    if (node.op != "Identity" || node.inputs.size() != 1 || nodes[node.inputs[0].node].weight < 0) continue;
    node.weight = nodes[node.inputs[0].node].weight;
    node.inputs.clear();
    node.groups.clear();
  }
}

}  // namespace

void Network::import(const ModelSpec& spec, const Cancellation& cancellation) {
  PreparedGraph prepared = prepareGraph(spec, cancellation);
  const tensorflow::GraphHandle graph(api().TF_NewGraph());
  importInto(graph.get(), prepared.graph);
  Reading reading(nodes_, prepared.variables);
  std::size_t position = 0;
  while (tensorflow::TF_Operation* operation = api().TF_GraphNextOperation(graph.get(), &position)) {
    throwIfLoadCancelled(cancellation);
    reading.read(operation);
  }
  weights_ = std::move(reading.weights);
  for (const auto& weight : weights_) weight_shapes_.push_back(tensorflow::shapeOf(weight.get()));
  left_out_ = std::move(prepared.left_out);
  unfed_ = std::move(prepared.unfed);
  input_ = 0;
  while (input_ < nodes_.size() && nodes_[input_].name != prepared.input) ++input_;
  if (input_ == nodes_.size()) {
    throw Error(code::kModelUnreadable, "The input '" + prepared.input + "' cannot be dreamed through: it needs " +
                                            left_out_[prepared.input] + ".");
  }
  adaptInput();
  widenTypes(nodes_);
  takeFloats(nodes_, input_, left_out_);
  lookThrough(nodes_);
  for (std::size_t index = 0; index < nodes_.size(); ++index) by_name_.emplace(nodes_[index].name, index);
}

}  // namespace livedream
