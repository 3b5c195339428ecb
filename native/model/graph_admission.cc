#include "model/graph_admission.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "error.h"
#include "model/allowed_operations.h"
#include "model/variables.h"
#include "tensorflow/wire_format.h"

namespace livedream {

using tensorflow::WireReader;

namespace {

// What a constant may be larger than its file: one value repeated (zeros, ones) takes no bytes in it.
constexpr std::uint64_t kMostRepeatedElements = std::uint64_t{1} << 24U;

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
std::uint64_t constantElements(const NodeDefinition& node) {
  constexpr std::uint32_t kTensor = 8;
  constexpr std::uint32_t kShape = 2;
  WireReader attribute(node.attribute("value"));
  while (const auto tensor = attribute.next()) {
    if (tensor->number != kTensor) continue;
    WireReader parts(tensor->bytes);
    while (const auto part = parts.next()) {
      if (part->number == kShape) return elementsOf(part->bytes);
    }
  }
  return 0;
}

// "'noise' is a RandomUniform, which"
std::string described(const NodeDefinition& node) {
  const bool vowel = !node.op.empty() && std::string_view("AEIOU").find(node.op.front()) != std::string_view::npos;
  return "'" + std::string(node.name) + "' is " + (vowel ? "an " : "a ") + std::string(node.op) + ", which ";
}

[[noreturn]] void refuseNode(const NodeDefinition& node, const std::string& why) {
  throw Error(code::kModelUnreadable, "The node " + described(node) + why + ".");
}

bool callsFunction(std::string_view op) noexcept { return op.find("PartitionedCall") != std::string_view::npos; }

std::string reasonOf(const NodeDefinition& node, const tensorflow::OpDefinition& operation) {
  for (const char* flow : {"Case", "Enter", "Exit", "If", "LoopCond", "Merge", "NextIteration", "StatelessCase",
                           "StatelessIf", "StatelessWhile", "Switch", "While"}) {
    if (node.op == flow) return "a loop or a branch, which a model may not run";
  }
  if (operation.stateful) return "what a model may not run: " + described(node) + "keeps state";
  return std::string(node.op) + ", an operation that a model may not run";
}

class Admission {
 public:
  Admission(GraphDefinition& graph, tensorflow::OpDefinitions& operations,
            std::map<std::string_view, std::string>& left_out)
      : graph_(graph), operations_(operations), left_out_(left_out) {}

  void run() {
    refuseVariables();
    // What needs a value has that as its reason, even where it could not be run with one: a Merge then goes.
    leaveOutDependents();
    for (const NodeDefinition& node : graph_.nodes) check(node);
    leaveOutDependents();
    graph_.nodes.erase(std::remove_if(graph_.nodes.begin(), graph_.nodes.end(),
                                      [this](const NodeDefinition& node) { return left_out_.count(node.name) > 0; }),
                       graph_.nodes.end());
  }

 private:
  void refuseVariables() const {
    constexpr std::size_t kMostNames = 3;
    std::string names;
    std::size_t count = 0;
    const bool handles = std::any_of(graph_.nodes.begin(), graph_.nodes.end(),
                                     [](const NodeDefinition& node) { return isVariableHandle(node.op); });
    for (const NodeDefinition& node : graph_.nodes) {
      if (!(handles ? isVariableHandle(node.op) : isVariable(node.op))) continue;
      if (++count > kMostNames) continue;
      names += (names.empty() ? "'" : ", '") + std::string(node.name) + "' (" + std::string(node.op) + ")";
    }
    if (count == 0) return;
    const std::string more = count > kMostNames ? " and " + std::to_string(count - kMostNames) + " more" : "";
    throw Error(code::kModelUnreadable,
                "The graph is not frozen: the values of its variables " + names + more +
                    " are not in it. Freeze it together with its checkpoint, as convert_variables_to_constants_v2 of " +
                    "TensorFlow does, or export it as a SavedModel.");
  }

  void check(const NodeDefinition& node) {
    if (node.op == "Const" && constantElements(node) > std::max<std::uint64_t>(kMostRepeatedElements, graph_.size())) {
      refuseNode(node, "claims " + std::to_string(constantElements(node)) + " elements, more than the file has bytes");
    }
    if (isAllowedOperation(node.op)) return;
    const std::string op(node.op);
    if (graph_.functions.count(node.op) > 0 || callsFunction(op)) {
      refuseNode(node, "calls a function that the graph's library does not have");
    }
    const tensorflow::OpDefinition* operation = operations_.find(op);
    if (operation == nullptr) refuseNode(node, "this TensorFlow does not have");
    if (reachesOut(op)) refuseNode(node, "reaches out of the graph, and a model may not");
    left_out_.emplace(node.name, reasonOf(node, *operation));
  }

  void leaveOutDependents() {
    if (left_out_.empty()) return;
    std::map<std::string_view, std::vector<std::string_view>> users;
    for (const NodeDefinition& node : graph_.nodes) {
      for (const std::string_view input : node.inputs) users[nodeOf(input)].push_back(node.name);
    }
    std::vector<std::string_view> open;
    for (const auto& [name, reason] : left_out_) open.push_back(name);
    while (!open.empty()) {
      const std::string_view name = open.back();
      open.pop_back();
      for (const std::string_view user : users[name]) {
        if (left_out_.emplace(user, left_out_.at(name)).second) open.push_back(user);
      }
    }
  }

  GraphDefinition& graph_;
  tensorflow::OpDefinitions& operations_;
  std::map<std::string_view, std::string>& left_out_;
};

}  // namespace

void admitGraph(GraphDefinition& graph, tensorflow::OpDefinitions& operations,
                std::map<std::string_view, std::string>& left_out) {
  Admission(graph, operations, left_out).run();
}

}  // namespace livedream
