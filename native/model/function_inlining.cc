#include "model/function_inlining.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "error.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/wire_format.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;

namespace {

// A function that calls another twice, which calls a third twice, and so on, is small in its file only.
constexpr std::size_t kMostNodes = std::size_t{1} << 20U;
constexpr std::size_t kMostParts = std::size_t{1} << 23U;   // of its nodes: inputs, attributes, results
constexpr std::size_t kMostCopied = std::size_t{1} << 28U;  // of their attributes' values, in bytes
constexpr int kDeepestCall = 64;

[[noreturn]] void refuseFunction(const std::string& why) { throw Error(code::kModelUnreadable, why); }

// A call that still has to be put in place: what it takes and the names of all of it in the whole graph.
struct Call {
  const FunctionDefinition* function = nullptr;
  std::string_view name;
  std::vector<std::string_view> inputs;
  const NodeDefinition* node = nullptr;
  int depth = 0;
};

class Inlining {
 public:
  Inlining(GraphDefinition& graph, tensorflow::OpDefinitions& operations) : graph_(graph), operations_(operations) {}

  void run() {
    for (const NodeDefinition& node : graph_.nodes) used_.insert(node.name);
    for (NodeDefinition& node : graph_.nodes) {
      if (const FunctionDefinition* function = calledBy(node)) {
        open_.push_back({function, node.name, dataInputs(node), &node, 1});
      } else {
        flat_.push_back(node);
      }
    }
    if (open_.empty()) return;
    while (!open_.empty()) {
      const Call call = std::move(open_.back());
      open_.pop_back();
      putInPlace(call);
    }
    for (NodeDefinition& node : flat_) resolveInputs(node);
    graph_.nodes = std::move(flat_);
  }

 private:
  using Output = std::pair<std::string_view, std::size_t>;

  // Null for an operation of TensorFlow. What a call names may be missing.
  const FunctionDefinition* calledBy(const NodeDefinition& node) const {
    std::string_view name = node.op;
    if (node.op == "PartitionedCall" || node.op == "StatefulPartitionedCall") {
      constexpr std::uint32_t kName = 1;
      name = {};
      tensorflow::WireReader reader(attr_value::bytes(node.attribute("f"), attr_value::kFunction).value_or(""));
      while (const auto field = reader.next()) {
        if (field->number == kName) name = field->bytes;
      }
    } else if (graph_.functions.count(name) == 0) {
      return nullptr;
    }
    const auto found = graph_.functions.find(name);
    if (found == graph_.functions.end()) {
      refuseFunction("The node '" + std::string(node.name) + "' is a " + std::string(node.op) +
                     ", which calls a function '" + std::string(name) + "' that the graph's library does not have.");
    }
    return &found->second;
  }

  static std::vector<std::string_view> dataInputs(const NodeDefinition& node) {
    std::vector<std::string_view> inputs;
    for (const std::string_view input : node.inputs) {
      if (!isControl(input)) inputs.push_back(input);
    }
    return inputs;
  }

  std::string_view nameFor(std::string_view name, const Call& call) {
    if (used_.insert(name).second) return name;
    std::string longer = std::string(call.name) + "/" + std::string(name);
    while (used_.count(longer) > 0) longer += "_1";
    copied_ += longer.size();
    return *used_.insert(graph_.keep(std::move(longer))).first;
  }

  void putInPlace(const Call& call) {
    const FunctionDefinition& function = *call.function;
    replaced_.insert(call.name);
    if (call.depth > kDeepestCall) {
      refuseFunction("The function '" + std::string(function.name) + "' calls itself, or others " +
                     std::to_string(kDeepestCall) + " deep.");
    }
    if (call.inputs.size() < function.signature.inputs.size()) {
      refuseFunction("The call '" + std::string(call.name) + "' has " + std::to_string(call.inputs.size()) +
                     " inputs, and the function '" + std::string(function.name) + "' takes " +
                     std::to_string(function.signature.inputs.size()) + ".");
    }
    Scope scope{call, {}, {}, {}};
    for (std::size_t i = 0; i < function.signature.inputs.size(); ++i) {
      scope.arguments[function.signature.inputs[i].name] = call.inputs[i];
    }
    for (const NodeDefinition& node : function.nodes) {
      scope.names[node.name] = nameFor(node.name, call);
      scope.nodes[node.name] = &node;
    }
    for (const NodeDefinition& node : function.nodes) add(scope, node);
    parts_ += function.signature.inputs.size() + function.signature.outputs.size();
    for (std::size_t i = 0; i < function.signature.outputs.size(); ++i) {
      const auto result = function.results.find(function.signature.outputs[i].name);
      if (result == function.results.end())
        refuseFunction("The function '" + std::string(function.name) + "' lacks a result.");
      aliases_[{call.name, i}] = inGraph(scope, result->second);
    }
  }

  // A function's body while it is put in the place of a call.
  struct Scope {
    const Call& call;
    std::map<std::string_view, std::string_view> arguments;  // by their names in the body: what the call gives
    std::map<std::string_view, std::string_view> names;      // of its nodes: in the whole graph
    std::map<std::string_view, const NodeDefinition*> nodes;
  };

  void add(Scope& scope, const NodeDefinition& original) {
    count(original);
    NodeDefinition node = original;
    node.bytes = {};
    node.name = scope.names[original.name];
    node.inputs.clear();
    for (const std::string_view input : original.inputs) {
      // What a frozen network computes has no effects to order.
      if (!isControl(input)) node.inputs.push_back(inGraph(scope, input));
    }
    for (auto& [key, value] : node.attributes) {
      // An attribute that the function leaves to its caller.
      if (const auto name = attr_value::bytes(value, attr_value::kPlaceholder))
        value = scope.call.node->attribute(*name);
    }
    if (const FunctionDefinition* function = calledBy(node)) {
      const NodeDefinition& kept = calls_.emplace_back(std::move(node));
      open_.push_back({function, kept.name, kept.inputs, &kept, scope.call.depth + 1});
    } else {
      flat_.push_back(std::move(node));
    }
  }

  // Calls count, too: a function may hold nothing else.
  void count(const NodeDefinition& node) {
    parts_ += 1 + node.inputs.size() + node.attributes.size();
    for (const auto& [key, value] : node.attributes) copied_ += key.size() + value.size();
    if (++copies_ < kMostNodes && parts_ < kMostParts && copied_ < std::max(kMostCopied, graph_.size())) return;
    refuseFunction("With its functions in place the graph has more than " + std::to_string(kMostNodes) +
                   " nodes, or many times the bytes of its file.");
  }

  // From "argument" or "node:output:index" in a body to "node:number" in the whole graph.
  std::string_view inGraph(const Scope& scope, std::string_view reference) {
    const auto argument = scope.arguments.find(reference);
    if (argument != scope.arguments.end()) return argument->second;
    const auto colon = reference.find(':');
    const std::string_view name = reference.substr(0, colon);
    const auto node = scope.nodes.find(name);
    if (node == scope.nodes.end()) {
      refuseFunction("The function '" + std::string(scope.call.function->name) + "' has no node '" + std::string(name) +
                     "'.");
    }
    const std::string_view output = colon == std::string_view::npos ? "" : reference.substr(colon + 1);
    const std::size_t number = firstOf(*node->second, output.substr(0, output.find(':'))) + outputOf(output);
    std::string kept = std::string(scope.names.at(name)) + ":" + std::to_string(number);
    copied_ += kept.size();
    return graph_.keep(std::move(kept));
  }

  // The number of the first tensor of a named result of a node.
  std::size_t firstOf(const NodeDefinition& node, std::string_view output) {
    if (output.empty()) return 0;
    const FunctionDefinition* function = calledBy(node);
    const bool by_name = function != nullptr && node.op == function->name;
    const tensorflow::OpDefinition* operation = by_name ? &function->signature : operations_.find(node.op);
    if (operation == nullptr) return 0;  // for the admission to refuseFunction
    std::size_t first = 0;
    for (const tensorflow::OpArgument& each : operation->outputs) {
      if (each.name == output) return first;
      first += lengthOf(node, each);
    }
    refuseFunction("The operation " + std::string(node.op) + " of '" + std::string(node.name) + "' has no result '" +
                   std::string(output) + "'.");
  }

  static std::size_t lengthOf(const NodeDefinition& node, const tensorflow::OpArgument& argument) {
    if (!argument.number_attribute.empty()) {
      return attr_value::number(node.attribute(argument.number_attribute), attr_value::kInteger).value_or(0);
    }
    if (!argument.type_list_attribute.empty())
      return attr_value::types(node.attribute(argument.type_list_attribute)).size();
    return 1;
  }

  // Follows what calls give as their results to the nodes that compute it.
  void resolveInputs(NodeDefinition& node) {
    std::vector<std::string_view> inputs;
    for (std::string_view input : node.inputs) {
      const bool call = isControl(input) && replaced_.count(nodeOf(input)) > 0;
      std::vector<std::map<Output, std::string_view>::iterator> passed;
      while (!isControl(input)) {
        const auto alias = aliases_.find({nodeOf(input), outputOf(input)});
        if (alias == aliases_.end()) break;
        input = alias->second;
        passed.push_back(alias);
        if (passed.size() > aliases_.size())
          refuseFunction("The graph has a loop at '" + std::string(node.name) + "'.");
      }
      // The next who comes this way has it shorter.
      for (const auto& alias : passed) alias->second = input;
      if (!call) inputs.push_back(input);
    }
    if (inputs == node.inputs) return;
    node.inputs = std::move(inputs);
    node.bytes = {};
  }

  GraphDefinition& graph_;
  tensorflow::OpDefinitions& operations_;
  std::vector<NodeDefinition> flat_;
  std::vector<Call> open_;
  std::set<std::string_view> used_;
  std::deque<NodeDefinition> calls_;     // those within functions
  std::set<std::string_view> replaced_;  // the names of all calls
  std::map<Output, std::string_view> aliases_;
  std::size_t copies_ = 0;  // of nodes, and what they add up to
  std::size_t parts_ = 0;
  std::size_t copied_ = 0;
};

}  // namespace

void inlineFunctions(GraphDefinition& graph, tensorflow::OpDefinitions& operations) {
  if (!graph.functions.empty()) Inlining(graph, operations).run();
}

}  // namespace livedream
