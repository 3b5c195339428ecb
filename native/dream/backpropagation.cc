#include "dream/backpropagation.h"

#include <cstddef>
#include <map>
#include <utility>

#include "dream/gradient_rules.h"
#include "error.h"
#include "tensorflow/status.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::TF_Output;

namespace {

class Backpropagation {
 public:
  Backpropagation(Graph& graph, const Network& network, const NetworkGraph& copy, const Mode& mode) noexcept
      : graph_(graph), network_(network), copy_(copy), mode_(mode) {}

  void add(std::size_t node, int output, TF_Output gradient) {
    if (network_.seesPicture(node)) gradients_[{node, output}].push_back(gradient);
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
    const auto first = gradients_.lower_bound({index, 0});
    if (first == gradients_.end() || first->first.first != index) return;
    const std::vector<TF_Output> gradients =
        hasGradientRule(network_, node) ? addRuleGradient({graph_, network_, node, mode_, copy_.inputsOf(index),
                                                           copy_.output(index), arriving(index, 0)})
                                        : differentiate(index);
    for (std::size_t input = 0; input < gradients.size(); ++input) {
      if (gradients[input].oper != nullptr) add(node.inputs[input].node, node.inputs[input].output, gradients[input]);
    }
  }

 private:
  // One node by TensorFlow. NetworkGraph cut its inputs off from each other where it has several.
  std::vector<TF_Output> differentiate(std::size_t index) {
    const NetworkNode& node = network_.nodes()[index];
    std::vector<TF_Output> outputs;
    std::vector<TF_Output> arrived;
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
    std::vector<TF_Output> found(by.size());
    const tensorflow::Status status;
    tensorflow::api().TF_AddGradients(graph_.get(), outputs.data(), static_cast<int>(outputs.size()), by.data(),
                                      static_cast<int>(by.size()), arrived.data(), status.get(), found.data());
    status.check("differentiating '" + node.name + "', a " + node.op + " (" + status.message() + ")",
                 code::kNotDifferentiable);
    std::vector<TF_Output> gradients(inputs.size());
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
  std::map<std::pair<std::size_t, int>, std::vector<TF_Output>> gradients_;
};

}  // namespace

TF_Output addBackpropagation(Graph& graph, const Network& network, const NetworkGraph& copy, const Mode& mode,
                             const std::vector<std::size_t>& nodes, const std::vector<GradientSeed>& seeds) {
  Backpropagation backpropagation(graph, network, copy, mode);
  for (const GradientSeed& seed : seeds) backpropagation.add(seed.node, 0, seed.gradient);
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    if (*node != network.input()) backpropagation.pass(*node);
  }
  const TF_Output found = backpropagation.arriving(network.input(), 0);
  if (found.oper != nullptr) return found;
  throw Error(code::kNotDifferentiable, "No gradient reaches the picture from '" +
                                            network.nodes()[seeds.front().node].name +
                                            "': an operation between them has none.");
}

}  // namespace livedream
