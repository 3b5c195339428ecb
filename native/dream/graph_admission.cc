#include "dream/graph_admission.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "dream/allowed_operations.h"
#include "error.h"
#include "tensorflow/handles.h"
#include "tensorflow/status.h"
#include "tensorflow/wire_format.h"

namespace livedream {

using tensorflow::api;
using tensorflow::WireField;
using tensorflow::WireReader;

namespace {

// What a constant may be larger than its file: one value repeated (zeros, ones) takes no bytes in it.
constexpr std::uint64_t kMostRepeatedElements = std::uint64_t{1} << 24U;

// tensorflow/core/framework/node_def.proto
struct Node {
  std::string_view name;
  std::string_view op;
  std::vector<std::string_view> inputs;  // names, without output numbers and the ^ of control inputs
  std::map<std::string_view, std::string_view> attributes;
};

std::string_view nodeOf(std::string_view input) noexcept {
  if (!input.empty() && input.front() == '^') input.remove_prefix(1);
  return input.substr(0, input.find(':'));
}

Node readNode(std::string_view bytes) {
  constexpr std::uint32_t kName = 1;
  constexpr std::uint32_t kOp = 2;
  constexpr std::uint32_t kInput = 3;
  constexpr std::uint32_t kAttribute = 5;
  constexpr std::uint32_t kMapKey = 1;
  constexpr std::uint32_t kMapValue = 2;
  Node node;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == kName) node.name = field->bytes;
    if (field->number == kOp) node.op = field->bytes;
    if (field->number == kInput) node.inputs.push_back(nodeOf(field->bytes));
    if (field->number != kAttribute) continue;
    std::string_view key;
    std::string_view value;
    WireReader entry(field->bytes);
    while (const auto part = entry.next()) {
      if (part->number == kMapKey) key = part->bytes;
      if (part->number == kMapValue) value = part->bytes;
    }
    node.attributes[key] = value;
  }
  return node;
}

// tensorflow/core/framework/op_def.proto; nothing for an operation that this TensorFlow does not have.
std::optional<bool> isStateful(tensorflow::TF_Graph* graph, const std::string& op) {
  constexpr std::uint32_t kIsStateful = 17;
  const tensorflow::Status status;
  const tensorflow::BufferHandle buffer(api().TF_NewBuffer());
  api().TF_GraphGetOpDef(graph, op.c_str(), buffer.get(), status.get());
  if (!status.ok()) return std::nullopt;
  WireReader op_def({static_cast<const char*>(buffer->data), buffer->length});
  while (const auto field = op_def.next()) {
    if (field->number == kIsStateful) return field->value != 0;
  }
  return false;
}

std::uint64_t multiplied(std::uint64_t a, std::uint64_t b) noexcept {
  return b != 0 && a > std::numeric_limits<std::uint64_t>::max() / b ? std::numeric_limits<std::uint64_t>::max()
                                                                     : a * b;
}

// tensorflow/core/framework/tensor_shape.proto
std::uint64_t elementsOf(std::string_view shape) {
  constexpr std::uint32_t kDimension = 2;
  constexpr std::uint32_t kSize = 1;
  std::uint64_t elements = 1;
  WireReader reader(shape);
  while (const auto dimension = reader.next()) {
    if (dimension->number != kDimension) continue;
    std::uint64_t size = 0;
    WireReader parts(dimension->bytes);
    while (const auto part = parts.next()) {
      if (part->number == kSize) size = part->value;
    }
    elements = multiplied(elements, size);
  }
  return elements;
}

// tensorflow/core/framework/attr_value.proto and tensor.proto: the elements that a constant claims to have.
std::uint64_t constantElements(const Node& node) {
  constexpr std::uint32_t kTensor = 8;
  constexpr std::uint32_t kShape = 2;
  const auto value = node.attributes.find("value");
  if (value == node.attributes.end()) return 0;
  WireReader attribute(value->second);
  while (const auto tensor = attribute.next()) {
    if (tensor->number != kTensor) continue;
    WireReader parts(tensor->bytes);
    while (const auto part = parts.next()) {
      if (part->number == kShape) return elementsOf(part->bytes);
    }
  }
  return 0;
}

[[noreturn]] void refuse(const Node& node, const std::string& why) {
  throw Error(code::kModelUnreadable,
              "The node '" + std::string(node.name) + "' is a " + std::string(node.op) + ", which " + why + ".");
}

class Admission {
 public:
  explicit Admission(std::string_view graph) : graph_(graph), operations_(api().TF_NewGraph()) {}

  AdmittedGraph admit() {
    readNodes();
    for (const auto& [node, bytes] : nodes_) check(node);
    leaveOutDependents();
    AdmittedGraph admitted;
    tensorflow::WireWriter writer;
    for (const auto& [node, bytes] : nodes_) {
      if (left_out_.count(node.name) == 0) writer.bytes(kNode, bytes);
    }
    for (const WireField& field : others_) writer.bytes(field.number, field.bytes);
    admitted.graph = writer.message();
    for (const auto& [name, op] : left_out_) admitted.left_out.emplace(name, op);
    return admitted;
  }

 private:
  // tensorflow/core/framework/graph.proto
  static constexpr std::uint32_t kNode = 1;
  static constexpr std::uint32_t kLibrary = 2;
  static constexpr std::uint32_t kVersions = 4;
  static constexpr std::uint32_t kFunction = 1;
  static constexpr std::uint32_t kSignature = 1;

  void readNodes() {
    WireReader reader(graph_);
    while (const auto field = reader.next()) {
      if (field->number == kNode) nodes_.emplace_back(readNode(field->bytes), field->bytes);
      if (field->number == kVersions) others_.push_back(*field);
      if (field->number == kLibrary) readLibrary(field->bytes);
    }
    if (reader.malformed() || nodes_.empty()) {
      throw Error(code::kModelUnreadable, "TensorFlow cannot read the graph: it is damaged, cut off or no GraphDef.");
    }
  }

  // tensorflow/core/framework/function.proto: the names of the graph's own functions.
  void readLibrary(std::string_view library) {
    WireReader reader(library);
    while (const auto function = reader.next()) {
      if (function->number != kFunction) continue;
      WireReader parts(function->bytes);
      while (const auto part = parts.next()) {
        if (part->number == kSignature) functions_.insert(nameOf(part->bytes));
      }
    }
  }

  static std::string_view nameOf(std::string_view signature) {
    WireReader reader(signature);
    while (const auto field = reader.next()) {
      if (field->number == 1) return field->bytes;
    }
    return {};
  }

  void check(const Node& node) {
    if (node.op == "Const" && constantElements(node) > std::max<std::uint64_t>(kMostRepeatedElements, graph_.size())) {
      refuse(node, "claims " + std::to_string(constantElements(node)) + " elements, more than the file has bytes");
    }
    if (isAllowedOperation(node.op)) return;
    const std::string op(node.op);
    if (functions_.count(node.op) > 0 || op.find("PartitionedCall") != std::string::npos) {
      refuse(node, "calls a function of the graph's library; freeze the graph with its functions inlined");
    }
    const auto stateful = isStateful(operations_.get(), op);
    if (!stateful) refuse(node, "this TensorFlow does not have");
    if (op.find("Var") == 0 || op == "ReadVariableOp" || op == "Assign") {
      refuse(node, "is a variable: the graph is not frozen");
    }
    if (*stateful) refuse(node, "keeps state, and a model may not");
    if (reachesOut(op)) refuse(node, "reaches out of the graph, and a model may not");
    left_out_.emplace(node.name, op);
  }

  void leaveOutDependents() {
    // Nodes may stand in any order, so until nothing changes; graphs are shallow compared with their size.
    for (bool changed = !left_out_.empty(); changed;) {
      changed = false;
      for (const auto& [node, bytes] : nodes_) {
        if (left_out_.count(node.name) > 0) continue;
        for (const std::string_view input : node.inputs) {
          const auto found = left_out_.find(input);
          if (found == left_out_.end()) continue;
          left_out_.emplace(node.name, found->second);
          changed = true;
          break;
        }
      }
    }
  }

  std::string_view graph_;
  tensorflow::GraphHandle operations_;  // only to look up operations in
  std::vector<std::pair<Node, std::string_view>> nodes_;
  std::vector<WireField> others_;
  std::set<std::string_view> functions_;
  std::map<std::string_view, std::string> left_out_;
};

}  // namespace

AdmittedGraph admitGraph(std::string_view graph) { return Admission(graph).admit(); }

}  // namespace livedream
