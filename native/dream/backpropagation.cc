#include "dream/backpropagation.h"

#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "dream/gradient_rules.h"
#include "dream/kernel_rewrites.h"
#include "dream/rule_parts.h"
#include "dream/sibling_gradients.h"
#include "error.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::TF_Output;

namespace {

// Shapes and places may depend on the picture too, but not smoothly.
bool isContinuous(TF_Output x) {
  const auto type = tensorflow::api().TF_OperationOutputType(x);
  return type == tensorflow::TF_FLOAT || type == tensorflow::TF_HALF || type == tensorflow::TF_BFLOAT16;
}

class Backpropagation {
 public:
  Backpropagation(Graph& graph, const Network& network, const NetworkGraph& copy, const Mode& mode,
                  const std::vector<std::size_t>& nodes)
      : graph_(graph), network_(network), copy_(copy), mode_(mode) {
    if (mode.rewrites.has(Rewrite::kMergedSiblings)) siblings_ = SiblingGradients(graph, network, copy, nodes);
  }

  void add(std::size_t node, int output, TF_Output gradient) {
    if (network_.seesPicture(node) && isContinuous(gradient)) gradients_[{node, output}].push_back(gradient);
  }

  // What arrives at an output from all that use it; oper is null where nothing does.
  TF_Output arriving(std::size_t node, int output) {
    const auto found = gradients_.find({node, output});
    if (found == gradients_.end()) return {};
    return found->second.size() == 1 ? found->second.front() : graph_.sum(found->second);
  }

  // Hands what arrives at a node on to its inputs.
  void pass(std::size_t index) {
    const NetworkNode& node = network_.nodes()[index];
    if (siblings_.has(index)) return passSibling(index);
    const auto first = gradients_.lower_bound({index, 0});
    if (first == gradients_.end() || first->first.first != index) return;
    const Gradients gradients = hasGradientRule(network_, node) ? byRule(index) : byTensorFlow(index);
    bool passed = false;
    for (std::size_t input = 0; input < gradients.size(); ++input) {
      if (gradients[input].oper == nullptr) continue;
      add(node.inputs[input].node, node.inputs[input].output, gradients[input]);
      passed = passed || (network_.seesPicture(node.inputs[input].node) && isContinuous(gradients[input]));
    }
    if (!passed && !dead_end_) dead_end_ = index;
  }

  // The node next to the layer that hands nothing on.
  std::optional<std::size_t> deadEnd() const noexcept { return dead_end_; }

 private:
  void passSibling(std::size_t index) {
    const NetworkNode& node = network_.nodes()[index];
    const NodeGradient of{
        graph_, network_, node, mode_, copy_.inputsOf(index), copy_.output(index), {arriving(index, 0)}};
    const auto found = siblings_.pass(index, of);
    if (found) add(node.inputs[0].node, node.inputs[0].output, *found);
  }

  Gradients byRule(std::size_t index) {
    const NetworkNode& node = network_.nodes()[index];
    const TF_Output output = copy_.output(index);
    const auto first = gradients_.find({index, 0});
    if (mode_.rewrites.has(Rewrite::kMaskedSum) && first != gradients_.end()) {
      const NodeGradient of{graph_, network_, node, mode_, copy_.inputsOf(index), output, {}};
      if (const auto found = addMaskedGradients(of, first->second)) return *found;
    }
    Gradients arrived;
    for (int each = 0; each < tensorflow::api().TF_OperationNumOutputs(output.oper); ++each) {
      arrived.push_back(arriving(index, each));
    }
    try {
      return addRuleGradient({graph_, network_, node, mode_, copy_.inputsOf(index), output, std::move(arrived)});
    } catch (const Error& error) {
      // An attribute or a type that TensorFlow's gradient operation does not take.
      if (!error.is(code::kTensorflow)) throw;
      throw notDifferentiable(node, error.detail());
    }
  }

  // NetworkGraph cut the node's inputs off from each other where it has several.
  Gradients byTensorFlow(std::size_t index) {
    const NetworkNode& node = network_.nodes()[index];
    std::vector<TF_Output> outputs;
    Gradients arrived;
    for (auto each = gradients_.lower_bound({index, 0}); each != gradients_.end() && each->first.first == index;
         ++each) {
      outputs.push_back(copy_.output(index, each->first.second));
      arrived.push_back(arriving(index, each->first.second));
    }
    const std::vector<TF_Output> inputs = copy_.inputsOf(index);
    std::vector<TF_Output> by;
    for (std::size_t input = 0; input < inputs.size(); ++input) {
      if (network_.seesPicture(node.inputs[input].node)) by.push_back(inputs[input]);
    }
    const Gradients found = addTensorFlowGradients(graph_, node, outputs, arrived, by);
    Gradients gradients(inputs.size());
    auto next = found.begin();
    for (std::size_t input = 0; input < inputs.size(); ++input) {
      if (network_.seesPicture(node.inputs[input].node)) gradients[input] = *next++;
    }
    return gradients;
  }

  Graph& graph_;
  const Network& network_;
  const NetworkGraph& copy_;
  const Mode& mode_;
  SiblingGradients siblings_;
  std::map<std::pair<std::size_t, int>, std::vector<TF_Output>> gradients_;
  std::optional<std::size_t> dead_end_;
};

}  // namespace

TF_Output addBackpropagation(Graph& graph, const Network& network, const NetworkGraph& copy, const Mode& mode,
                             const std::vector<std::size_t>& nodes, const std::vector<GradientSeed>& seeds) {
  Backpropagation backpropagation(graph, network, copy, mode, nodes);
  for (const GradientSeed& seed : seeds) backpropagation.add(seed.node, 0, seed.gradient);
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    if (*node != network.input()) backpropagation.pass(*node);
  }
  const TF_Output found = backpropagation.arriving(network.input(), 0);
  if (found.oper != nullptr) return found;
  const std::size_t culprit = backpropagation.deadEnd().value_or(seeds.front().node);
  throw notDifferentiable(network.nodes()[culprit], "No gradient passes it.");
}

}  // namespace livedream
