#include "model/prepared_graph.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "error.h"
#include "model/branch_folding.h"
#include "model/computed_constants.h"
#include "model/dropout.h"
#include "model/effects.h"
#include "model/function_inlining.h"
#include "model/graph_admission.h"
#include "model/picture_input.h"
#include "model/saved_model.h"
#include "model/variables.h"

namespace livedream {

namespace {

constexpr std::string_view kResults = "livedream/results";

// A node that takes what a signature gives, so that it is known what that is once functions are in place.
void addResults(GraphDefinition& graph, const Signature& signature) {
  NodeDefinition results;
  results.name = kResults;
  results.op = "NoOp";
  for (const auto& [key, tensor] : signature.outputs) results.inputs.push_back(graph.keep(tensor));
  graph.nodes.push_back(std::move(results));
}

// The nodes that are computed from one, by whatever way.
std::set<std::string_view> downstream(const GraphDefinition& graph, std::string_view from) {
  std::map<std::string_view, std::vector<std::string_view>> users;
  for (const NodeDefinition& node : graph.nodes) {
    for (const std::string_view input : node.inputs) users[nodeOf(input)].push_back(node.name);
  }
  std::set<std::string_view> found;
  std::vector<std::string_view> open{from};
  while (!open.empty()) {
    const std::string_view name = open.back();
    open.pop_back();
    for (const std::string_view user : users[name]) {
      if (found.insert(user).second) open.push_back(user);
    }
  }
  return found;
}

class Preparation {
 public:
  Preparation(const ModelSpec& spec, const Cancellation& cancellation) : spec_(spec), cancellation_(cancellation) {
    std::string_view bytes = spec.graph;
    if (spec.checkpoint) {
      saved_ = readSavedModel(bytes);
      signature_ = &chooseSignature(*saved_, spec.signature);
      bytes = saved_->graph;
    }
    graph_.emplace(bytes);
    throwIfLoadCancelled(cancellation_);
  }

  PreparedGraph run() {
    PreparedGraph prepared;
    if (saved_) {
      prepared.variables = openSavedModel();
    } else {
      inlineFunctions(*graph_, operations_);
    }
    throwIfLoadCancelled(cancellation_);
    giveValues(*graph_, spec_.feeds);
    prepared.input = findInput(*graph_, spec_.input, signature_);
    cutAtInput(*graph_, operations_, prepared.input);
    checkInput(*graph_, prepared.input);
    takeDefaults(*graph_, prepared.input);
    foldBranches(*graph_);
    dropEffects(*graph_, operations_);
    keepDropped(*graph_);
    throwIfLoadCancelled(cancellation_);
    admit(prepared);
    return prepared;
  }

 private:
  std::map<std::string, tensorflow::TensorHandle> openSavedModel() {
    addResults(*graph_, *signature_);
    keepNeeded(*graph_, {kResults, nodeOf(saved_->restore_operation)});
    inlineFunctions(*graph_, operations_);
    const std::map<std::string, std::string> entries = checkpointEntries(*graph_);
    keepNeeded(*graph_, {kResults});
    return takeVariables(*graph_, *spec_.checkpoint, entries);
  }

  void admit(PreparedGraph& prepared) {
    std::map<std::string_view, std::string> left_out;
    for (const NodeDefinition& node : graph_->nodes) {
      const std::string name(node.name);
      if (!isPlaceholder(node) || name == prepared.input || prepared.variables.count(name) > 0) continue;
      const std::string takes = describePlaceholder(node);
      prepared.unfed.emplace(name, takes);
      std::string reason = "a value for the placeholder '";
      reason.append(name).append("' (").append(takes).append("): give it one with `feeds`");
      left_out.emplace(node.name, std::move(reason));
    }
    const std::set<std::string_view> dreamed = downstream(*graph_, prepared.input);
    admitGraph(*graph_, operations_, left_out);
    throwIfLoadCancelled(cancellation_);
    checkComputedConstants(*graph_, operations_);
    throwIfLoadCancelled(cancellation_);
    for (const auto& [name, reason] : left_out) prepared.left_out.emplace(name, reason);
    // What the picture has no part in needs no value.
    for (auto each = prepared.unfed.begin(); each != prepared.unfed.end();) {
      const std::string& reason = prepared.left_out.at(each->first);
      const bool needed = std::any_of(dreamed.begin(), dreamed.end(), [&](std::string_view node) {
        const auto found = left_out.find(node);
        return found != left_out.end() && found->second == reason;
      });
      each = needed ? std::next(each) : prepared.unfed.erase(each);
    }
    prepared.graph = graph_->serialized();
  }

  const ModelSpec& spec_;
  const Cancellation& cancellation_;
  tensorflow::OpDefinitions operations_;
  std::optional<SavedModel> saved_;
  const Signature* signature_ = nullptr;  // of saved_
  std::optional<GraphDefinition> graph_;
};

}  // namespace

PreparedGraph prepareGraph(const ModelSpec& spec, const Cancellation& cancellation) {
  return Preparation(spec, cancellation).run();
}

}  // namespace livedream
