#include "model/computed_constants.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "error.h"
#include "model/picture_input.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/graph.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::TF_Output;

namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 24U;
constexpr std::int64_t kMostTogether = 4;  // times as many in all nodes

bool isSizeOf(std::string_view op) noexcept { return op == "Shape" || op == "ShapeN" || op == "Size" || op == "Rank"; }

class Check {
 public:
  Check(const GraphDefinition& graph, tensorflow::OpDefinitions& operations)
      : graph_(graph),
        operations_(operations),
        most_(std::max(kMostElements, static_cast<std::int64_t>(graph.size()))) {}

  void run() {
    findConstants();
    if (computed_.empty()) return;
    const std::vector<bool> wanted = withAncestors();
    for (const std::size_t index : order_) {
      if (wanted[index]) add(graph_.nodes[index]);
    }
  }

 private:
  // All that has a value before any picture is there, inputs first; the size of what a placeholder takes may be known.
  void findConstants() {
    std::map<std::string_view, std::vector<std::size_t>> users;
    std::vector<std::size_t> missing(graph_.nodes.size(), 0);
    for (std::size_t index = 0; index < graph_.nodes.size(); ++index) {
      const NodeDefinition& node = graph_.nodes[index];
      by_name_.emplace(node.name, index);
      missing[index] = node.inputs.size();
      for (const std::string_view input : node.inputs) users[nodeOf(input)].push_back(index);
      if (node.inputs.empty() && (node.op == "Const" || isPlaceholder(node))) order_.push_back(index);
    }
    for (std::size_t next = 0; next < order_.size(); ++next) {
      const NodeDefinition& node = graph_.nodes[order_[next]];
      if (node.op != "Const" && node.op != "Identity" && !isPlaceholder(node)) computed_.push_back(order_[next]);
      for (const std::size_t user : users[node.name]) {
        const bool known = !isPlaceholder(node) || isSizeOf(graph_.nodes[user].op);
        if (known && --missing[user] == 0) order_.push_back(user);
      }
    }
  }

  std::vector<bool> withAncestors() const {
    std::vector<bool> wanted(graph_.nodes.size(), false);
    std::vector<std::size_t> open(computed_);
    while (!open.empty()) {
      const std::size_t index = open.back();
      open.pop_back();
      if (wanted[index]) continue;
      wanted[index] = true;
      for (const std::string_view input : graph_.nodes[index].inputs) {
        const auto found = by_name_.find(nodeOf(input));
        if (found != by_name_.end()) open.push_back(found->second);
      }
    }
    return wanted;
  }

  // Each is looked at before anything that could have it computed. What does not fit is for TensorFlow's importer to
  // say.
  void add(const NodeDefinition& node) {
    const tensorflow::OpDefinition* operation = operations_.find(node.op);
    std::vector<TF_Output> inputs;
    for (const std::string_view input : node.inputs) {
      const auto found = added_.find(nodeOf(input));
      if (found == added_.end()) return;
      inputs.push_back({found->second.oper, static_cast<int>(outputOf(input))});
    }
    if (operation == nullptr || added_.count(node.name) > 0) return;
    try {
      added_.emplace(node.name, built(node, *operation, inputs));
    } catch (const Error& error) {
      if (error.is(code::kOutOfMemory)) throw;
      return;
    }
    if (node.op != "Const" && !isPlaceholder(node)) measure(node);
  }

  TF_Output built(const NodeDefinition& node, const tensorflow::OpDefinition& operation,
                  const std::vector<TF_Output>& inputs) const {
    tensorflow::NodeBuilder builder(scratch_, std::string(node.op).c_str(), std::string(node.name));
    std::size_t next = 0;
    for (const tensorflow::OpArgument& argument : operation.inputs) {
      const auto count = std::min<std::uint64_t>(lengthOf(node, argument).value_or(1), inputs.size() - next);
      const auto begin = inputs.begin() + static_cast<std::ptrdiff_t>(next);
      if (lengthOf(node, argument)) {
        builder.inputs({begin, begin + static_cast<std::ptrdiff_t>(count)});
      } else if (count > 0) {
        builder.input(*begin);
      }
      next += static_cast<std::size_t>(count);
    }
    for (const auto& [key, value] : node.attributes) {
      if (!key.empty() && key.front() != '_') builder.proto(std::string(key), value);
    }
    return builder.finish(code::kModelUnreadable);
  }

  // Nothing for an argument that is no list.
  static std::optional<std::uint64_t> lengthOf(const NodeDefinition& node, const tensorflow::OpArgument& argument) {
    if (!argument.number_attribute.empty()) {
      return attr_value::number(node.attribute(argument.number_attribute), attr_value::kInteger).value_or(0);
    }
    if (argument.type_list_attribute.empty()) return std::nullopt;
    return attr_value::types(node.attribute(argument.type_list_attribute)).size();
  }

  void measure(const NodeDefinition& node) {
    const TF_Output first = added_.at(node.name);
    for (int output = 0; output < tensorflow::api().TF_OperationNumOutputs(first.oper); ++output) {
      const auto shape = scratch_.shape({first.oper, output});
      if (!shape || std::any_of(shape->begin(), shape->end(), [](std::int64_t size) { return size < 0; })) continue;
      const std::int64_t elements = tensorflow::elementCount(*shape);
      if (elements <= most_ && (together_ += elements) <= kMostTogether * most_) continue;
      throw Error(code::kModelUnreadable, "The node '" + std::string(node.name) + "' is a " + std::string(node.op) +
                                              ", which computes " + std::to_string(elements) +
                                              " elements from constants alone: more than livedream lets a model do.");
    }
  }

  const GraphDefinition& graph_;
  tensorflow::OpDefinitions& operations_;
  std::int64_t most_;
  std::int64_t together_ = 0;
  std::map<std::string_view, std::size_t> by_name_;
  std::vector<std::size_t> order_;     // of what is constant
  std::vector<std::size_t> computed_;  // of these, what is more than written down
  tensorflow::Graph scratch_;
  std::map<std::string_view, TF_Output> added_;
};

}  // namespace

void checkComputedConstants(const GraphDefinition& graph, tensorflow::OpDefinitions& operations) {
  Check(graph, operations).run();
}

}  // namespace livedream
