// Network::import: from the bytes of a GraphDef to plain records, by way of TensorFlow's own importer, which checks
// them.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dream/graph_admission.h"
#include "dream/half.h"
#include "dream/network.h"
#include "error.h"
#include "tensorflow/status.h"
#include "tensorflow/wire_format.h"

namespace livedream {

using tensorflow::api;
using tensorflow::Status;
using tensorflow::WireReader;

namespace {

// Smaller constants are axes, shapes and factors, which XLA and shape inference want to see.
constexpr std::size_t kLeastWeightBytes = 16 * sizeof(float);

tensorflow::BufferHandle newBuffer() { return tensorflow::BufferHandle(api().TF_NewBuffer()); }

std::string_view contents(const tensorflow::BufferHandle& buffer) noexcept {
  return {static_cast<const char*>(buffer->data), buffer->length};
}

// An argument of an operation: a list if one of the attributes tells its length.
struct Argument {
  std::string number_attribute;
  std::string type_list_attribute;
};

// tensorflow/core/framework/op_def.proto
std::vector<Argument> argumentsOf(tensorflow::TF_Graph* graph, const char* op) {
  constexpr std::uint32_t kInputArg = 2;
  constexpr std::uint32_t kNumberAttr = 5;
  constexpr std::uint32_t kTypeListAttr = 6;
  const Status status;
  const auto buffer = newBuffer();
  api().TF_GraphGetOpDef(graph, op, buffer.get(), status.get());
  status.check(std::string("looking up the operation ") + op, code::kModelUnreadable);
  std::vector<Argument> arguments;
  WireReader op_def(contents(buffer));
  while (const auto field = op_def.next()) {
    if (field->number != kInputArg) continue;
    Argument argument;
    WireReader reader(field->bytes);
    while (const auto part = reader.next()) {
      if (part->number == kNumberAttr) argument.number_attribute = std::string(part->bytes);
      if (part->number == kTypeListAttr) argument.type_list_attribute = std::string(part->bytes);
    }
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

// tensorflow/core/framework/attr_value.proto: an integer, or the length of a list of types
int attributeCount(const NetworkNode& node, const std::string& name, bool types) {
  constexpr std::uint32_t kList = 1;
  constexpr std::uint32_t kInteger = 3;
  constexpr std::uint32_t kListType = 6;
  for (const auto& [attribute, value] : node.attributes) {
    if (attribute != name) continue;
    WireReader reader(value);
    while (const auto field = reader.next()) {
      if (!types && field->number == kInteger) return static_cast<int>(field->value);
      if (types && field->number == kList) {
        int count = 0;
        WireReader list(field->bytes);
        // Packed (one length-delimited field of one-byte varints) or one field an element.
        while (const auto type = list.next()) {
          if (type->number == kListType) count += type->bytes.empty() ? 1 : static_cast<int>(type->bytes.size());
        }
        return count;
      }
    }
  }
  return 0;
}

// tensorflow/core/framework/node_def.proto; control inputs are left out, a frozen network has no effects to order.
void readAttributes(std::string_view node_def, NetworkNode& node) {
  constexpr std::uint32_t kAttributes = 5;
  constexpr std::uint32_t kKey = 1;
  constexpr std::uint32_t kValue = 2;
  WireReader reader(node_def);
  while (const auto field = reader.next()) {
    if (field->number != kAttributes) continue;
    std::string key;
    std::string value;
    WireReader entry(field->bytes);
    while (const auto part = entry.next()) {
      if (part->number == kKey) key = std::string(part->bytes);
      if (part->number == kValue) value = std::string(part->bytes);
    }
    // Notes of whoever wrote the graph ("_class", "_output_shapes") may not fit the copy.
    if (!key.empty() && key.front() != '_') node.attributes.emplace_back(std::move(key), std::move(value));
  }
}

std::vector<int> groupsOf(const NetworkNode& node, const std::vector<Argument>& arguments) {
  std::vector<int> groups;
  for (const Argument& argument : arguments) {
    if (!argument.number_attribute.empty()) {
      groups.push_back(attributeCount(node, argument.number_attribute, false));
    } else if (!argument.type_list_attribute.empty()) {
      groups.push_back(attributeCount(node, argument.type_list_attribute, true));
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

tensorflow::TensorHandle valueOf(tensorflow::TF_Operation* operation) {
  const Status status;
  tensorflow::TF_Tensor* value = nullptr;
  api().TF_OperationGetAttrTensor(operation, "value", &value, status.get());
  status.check("reading a constant", code::kModelUnreadable);
  return tensorflow::TensorHandle(value);
}

bool isWeight(const tensorflow::TF_Tensor* value) {
  return api().TF_TensorType(value) == tensorflow::TF_FLOAT && api().TF_NumDims(value) > 0 &&
         api().TF_TensorByteSize(value) >= kLeastWeightBytes;
}

// The value of a node that is a weight: a constant, or one in half precision that is cast to float32. The latter is
// converted once here instead of in every step of every program.
std::optional<tensorflow::TensorHandle> weightOf(tensorflow::TF_Operation* operation, const std::string& op) {
  std::optional<tensorflow::TensorHandle> value;
  if (op == "Const") value = valueOf(operation);
  if (op == "Cast" && api().TF_OperationOutputType({operation, 0}) == tensorflow::TF_FLOAT) {
    tensorflow::TF_Operation* input = api().TF_OperationInput({operation, 0}).oper;
    if (api().TF_OperationOpType(input) == std::string_view("Const")) value = widened(valueOf(input).get());
  }
  if (value && !isWeight(value->get())) value.reset();
  return value;
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

}  // namespace

void Network::import(const ModelSpec& spec) {
  const tensorflow::GraphHandle graph(api().TF_NewGraph());
  AdmittedGraph admitted = admitGraph(spec.graph);
  left_out_ = std::move(admitted.left_out);
  importInto(graph.get(), admitted.graph);
  std::map<tensorflow::TF_Operation*, std::size_t> positions;
  std::map<std::string, std::vector<Argument>> arguments;
  std::size_t position = 0;
  while (tensorflow::TF_Operation* operation = api().TF_GraphNextOperation(graph.get(), &position)) {
    NetworkNode node;
    node.name = api().TF_OperationName(operation);
    node.op = api().TF_OperationOpType(operation);
    if (std::optional<tensorflow::TensorHandle> value = weightOf(operation, node.op)) {
      node.weight = static_cast<int>(weights_.size());
      weight_shapes_.push_back(tensorflow::shapeOf(value->get()));
      weights_.push_back(std::move(*value));
    }
    const int inputs = node.weight < 0 ? api().TF_OperationNumInputs(operation) : 0;
    for (int i = 0; i < inputs; ++i) {
      const tensorflow::TF_Output input = api().TF_OperationInput({operation, i});
      const auto found = positions.find(input.oper);
      if (found == positions.end()) throw Error(code::kModelUnreadable, "The graph has a loop at '" + node.name + "'.");
      node.inputs.push_back({found->second, input.index});
    }
    if (node.weight < 0) {
      const Status status;
      const auto node_def = newBuffer();
      api().TF_OperationToNodeDef(operation, node_def.get(), status.get());
      status.check("reading the node '" + node.name + "'", code::kModelUnreadable);
      readAttributes(contents(node_def), node);
      const auto known = arguments.try_emplace(node.op);
      if (known.second) known.first->second = argumentsOf(graph.get(), node.op.c_str());
      node.groups = groupsOf(node, known.first->second);
      if (!inputsFit(node))
        throw Error(code::kModelUnreadable, "The inputs of '" + node.name + "' do not fit " + node.op + ".");
    }
    positions.emplace(operation, nodes_.size());
    by_name_.emplace(node.name, nodes_.size());
    nodes_.push_back(std::move(node));
  }
  const auto input = by_name_.find(spec.input);
  if (input == by_name_.end() || nodes_[input->second].op != "Placeholder") {
    std::string names;
    for (const NetworkNode& node : nodes_) {
      if (node.op == "Placeholder") names += (names.empty() ? "'" : ", '") + node.name + "'";
    }
    throw Error(code::kModelUnreadable,
                "The graph has no input '" + spec.input + "'; " +
                    (names.empty() ? "it has no placeholder at all." : "its placeholders are " + names + "."));
  }
  input_ = input->second;
}

}  // namespace livedream
