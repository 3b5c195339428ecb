#include "dream/gradient_rules.h"

#include <cstddef>

namespace livedream {

namespace {

const GradientRules& rules() {
  static const GradientRules kRules = [] {
    GradientRules all = layerRules();
    for (const GradientRules* family : {&functionRules(), &arrayRules(), &passRules()}) {
      all.insert(family->begin(), family->end());
    }
    return all;
  }();
  return kRules;
}

}  // namespace

bool hasGradientRule(const Network& network, const NetworkNode& node) {
  const auto rule = rules().find(node.op);
  if (rule == rules().end()) return false;
  if (!rule->second.first_only) return true;
  for (std::size_t input = 1; input < node.inputs.size(); ++input) {
    if (network.seesPicture(node.inputs[input].node)) return false;
  }
  return true;
}

Gradients addRuleGradient(const NodeGradient& of) { return rules().at(of.node.op).add(of); }

}  // namespace livedream
