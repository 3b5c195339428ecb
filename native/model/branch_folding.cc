#include "model/branch_folding.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tensorflow/attr_value.h"
#include "tensorflow/wire_format.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;

namespace {

constexpr int kDeepestPredicate = 64;  // of what a predicate is computed from

// tensorflow/core/framework/tensor.proto: of a scalar boolean.
std::optional<bool> booleanOf(const NodeDefinition& constant) {
  constexpr std::uint32_t kType = 1;
  constexpr std::uint32_t kContent = 4;
  constexpr std::uint32_t kBooleans = 11;
  constexpr std::uint64_t kBool = 10;
  const auto tensor = attr_value::bytes(constant.attribute("value"), attr_value::kTensor);
  if (!tensor) return std::nullopt;
  bool boolean = false;
  bool value = false;
  tensorflow::WireReader reader(*tensor);
  while (const auto field = reader.next()) {
    if (field->number == kType) boolean = field->value == kBool;
    if (field->number == kContent && !field->bytes.empty()) value = field->bytes.front() != 0;
    if (field->number == kBooleans) value = field->packed() ? field->bytes.front() != 0 : field->value != 0;
  }
  return boolean ? std::optional(value) : std::nullopt;
}

class Folding {
 public:
  explicit Folding(GraphDefinition& graph) : graph_(graph), dead_inputs_(graph.nodes.size(), 0) {
    for (const NodeDefinition& node : graph_.nodes) by_name_.emplace(node.name, &node);
  }

  void run() {
    for (const NodeDefinition& node : graph_.nodes) {
      if (!isSwitch(node) || node.inputs.size() < 2) continue;
      const auto predicate = valueOf(node.inputs[1], kDeepestPredicate);
      if (!predicate) continue;
      aliases_[{node.name, *predicate ? 1 : 0}] = node.inputs[0];
      dead_.insert({node.name, *predicate ? 0 : 1});
      folded_.insert(node.name);
    }
    if (folded_.empty()) return;
    spread();
    mergeRest();
    for (NodeDefinition& node : graph_.nodes) resolveInputs(node);
    graph_.nodes.erase(std::remove_if(graph_.nodes.begin(), graph_.nodes.end(),
                                      [this](const NodeDefinition& node) {
                                        return folded_.count(node.name) > 0 || isDead(node.name);
                                      }),
                       graph_.nodes.end());
  }

 private:
  using Output = std::pair<std::string_view, std::size_t>;

  static bool isSwitch(const NodeDefinition& node) noexcept { return node.op == "Switch" || node.op == "RefSwitch"; }
  static bool isMerge(const NodeDefinition& node) noexcept { return node.op == "Merge" || node.op == "RefMerge"; }

  // What is known is kept: the halves of an And may be the same node, and so may theirs.
  std::optional<bool> valueOf(std::string_view input, int depth) {
    const auto known = values_.find(nodeOf(input));
    if (known != values_.end()) return known->second;
    const auto found = by_name_.find(nodeOf(input));
    if (found == by_name_.end() || depth == 0) return std::nullopt;
    const auto value = valueOf(*found->second, depth);
    if (value) values_.emplace(found->first, *value);
    return value;
  }

  std::optional<bool> valueOf(const NodeDefinition& node, int depth) {
    if (node.op == "Const") return booleanOf(node);
    if (node.inputs.empty()) return std::nullopt;
    const auto first = valueOf(node.inputs[0], depth - 1);
    // Both outputs of Switch(p, p) are p: tf.cond makes one to have its branches named.
    if (node.op == "Identity" || node.op == "PlaceholderWithDefault" || isSwitch(node)) return first;
    if (node.op == "LogicalNot" && first) return !*first;
    if (node.inputs.size() < 2 || !first) return std::nullopt;
    const auto second = valueOf(node.inputs[1], depth - 1);
    if (node.op == "LogicalAnd" && second) return *first && *second;
    if (node.op == "LogicalOr" && second) return *first || *second;
    return std::nullopt;
  }

  bool isDead(std::string_view node) const { return dead_nodes_.count(node) > 0; }
  bool isDeadInput(std::string_view input) const {
    return isDead(nodeOf(input)) || (!isControl(input) && dead_.count({nodeOf(input), outputOf(input)}) > 0);
  }

  // An input of a node, from the side of what it takes.
  struct Use {
    std::size_t node = 0;
    std::size_t output = 0;
    bool control = false;
  };

  // What takes an output that is dead is dead, too; a Merge once all that it takes is. Each input dies once.
  void spread() {
    std::map<std::string_view, std::vector<Use>> users;
    for (std::size_t index = 0; index < graph_.nodes.size(); ++index) {
      for (const std::string_view input : graph_.nodes[index].inputs) {
        users[nodeOf(input)].push_back({index, outputOf(input), isControl(input)});
      }
    }
    for (const auto& [name, output] : dead_) {
      for (const Use& use : users[name]) {
        if (!use.control && use.output == output) inputDies(use.node);
      }
    }
    while (!open_.empty()) {
      const std::string_view name = open_.back();
      open_.pop_back();
      for (const Use& use : users[name]) {
        if (use.control || dead_.count({name, use.output}) == 0) inputDies(use.node);
      }
    }
  }

  void inputDies(std::size_t index) {
    const NodeDefinition& node = graph_.nodes[index];
    const std::size_t dead = ++dead_inputs_[index];
    if (isMerge(node) && dead < node.inputs.size()) return;
    if (dead_nodes_.insert(node.name).second) open_.push_back(node.name);
  }

  void mergeRest() {
    for (std::size_t index = 0; index < graph_.nodes.size(); ++index) {
      const NodeDefinition& node = graph_.nodes[index];
      if (isMerge(node) && dead_inputs_[index] > 0 && dead_inputs_[index] + 1 == node.inputs.size()) merge(node);
    }
  }

  // A Merge with one input left is that input; its second output tells which.
  void merge(const NodeDefinition& node) {
    const auto live =
        std::find_if(node.inputs.begin(), node.inputs.end(), [this](auto input) { return !isDeadInput(input); });
    aliases_[{node.name, 0}] = *live;
    folded_.insert(node.name);
  }

  // Through switches and merges that went, to what they handed on.
  std::string_view resolved(std::string_view input) {
    std::vector<std::map<Output, std::string_view>::iterator> passed;
    while (!isControl(input) && passed.size() <= aliases_.size()) {
      const auto alias = aliases_.find({nodeOf(input), outputOf(input)});
      if (alias == aliases_.end() || alias->second == input) break;
      passed.push_back(alias);
      input = alias->second;
    }
    // The next who comes this way has it shorter.
    for (const auto& alias : passed) alias->second = input;
    return input;
  }

  void resolveInputs(NodeDefinition& node) {
    bool changed = false;
    std::vector<std::string_view> inputs;
    for (const std::string_view original : node.inputs) {
      const std::string_view input = resolved(original);
      const bool gone = isControl(input) && (folded_.count(nodeOf(input)) > 0 || isDead(nodeOf(input)));
      if (!gone) inputs.push_back(input);
      changed = changed || gone || input != original;
    }
    if (!changed) return;
    node.inputs = std::move(inputs);
    node.bytes = {};
  }

  GraphDefinition& graph_;
  std::map<std::string_view, const NodeDefinition*> by_name_;
  std::map<std::string_view, bool> values_;  // of predicates
  std::map<Output, std::string_view> aliases_;
  std::set<Output> dead_;                  // outputs of switches that were not taken
  std::set<std::string_view> dead_nodes_;  // all that depends on them
  std::vector<std::string_view> open_;     // ... and of these what takes them is still to be told
  std::vector<std::size_t> dead_inputs_;   // of each node, how many
  std::set<std::string_view> folded_;      // switches and merges that went
};

}  // namespace

void foldBranches(GraphDefinition& graph) { Folding(graph).run(); }

}  // namespace livedream
