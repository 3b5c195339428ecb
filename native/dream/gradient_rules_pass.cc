// What a gradient passes unchanged, nearly so, or not at all.

#include <string>

#include "dream/rule_parts.h"
#include "tensorflow/data_type.h"

namespace livedream {

namespace {

Gradients unchanged(const NodeGradient& of) { return {of.gradient()}; }

// A sum of what has the bias's axis last.
Gradients biased(const NodeGradient& of) {
  return {of.gradient(), of.needs(1) ? reducedTo(of, of.gradient(), 1) : tensorflow::TF_Output{}};
}

// Between types of floats; others are nothing that a gradient reaches.
Gradients converted(const NodeGradient& of) {
  const auto type = tensorflow::api().TF_OperationOutputType(of.inputs.at(0));
  if (type != tensorflow::TF_FLOAT && !tensorflow::isHalfType(type)) return {};
  return {of.graph.cast(of.gradient(), type)};
}

// One gradient an output.
Gradients allUnchanged(const NodeGradient& of) { return of.gradients; }

// TensorFlow Python has none either: they do not change where the picture does, but in steps.
Gradients nothing(const NodeGradient& /*of*/) { return {}; }

// By TensorFlow's own operations, which let pass what lies between the bounds; those of FakeQuantWithMinMaxVars and
// ...PerChannel give gradients by the bounds too.
Gradients fakeQuantized(const NodeGradient& of) {
  std::vector<tensorflow::TF_Output> arguments{of.gradient()};
  arguments.insert(arguments.end(), of.inputs.begin(), of.inputs.end());
  const auto found = build(of, (of.node.op + "Gradient").c_str(), arguments);
  Gradients gradients;
  for (std::size_t input = 0; input < of.inputs.size(); ++input) {
    gradients.push_back(outputOf(found, static_cast<int>(input)));
  }
  return gradients;
}

}  // namespace

const GradientRules& passRules() {
  static const GradientRules kRules{
      {"BiasAdd", {unchanged, true}},
      {"BiasAddV1", {biased}},
      {"Cast", {converted}},
      {"Ceil", {nothing}},
      {"CheckNumerics", {unchanged}},
      {"FakeQuantWithMinMaxArgs", {fakeQuantized}},
      {"FakeQuantWithMinMaxVars", {fakeQuantized}},
      {"FakeQuantWithMinMaxVarsPerChannel", {fakeQuantized}},
      {"Floor", {nothing}},
      {"FloorDiv", {nothing}},
      {"Identity", {unchanged}},
      {"IdentityN", {allUnchanged}},
      {"LinSpace", {nothing}},
      {"OneHot", {nothing}},
      {"OnesLike", {nothing}},
      {"PlaceholderWithDefault", {unchanged}},
      // It guards against training through it, and a dream trains nothing.
      {"PreventGradient", {unchanged}},
      {"QuantizeAndDequantizeV2", {unchanged}},
      {"QuantizeAndDequantizeV3", {unchanged}},
      {"Range", {nothing}},
      {"Rint", {nothing}},
      {"Round", {nothing}},
      {"Snapshot", {unchanged}},
      {"TruncateDiv", {nothing}},
  };
  return kRules;
}

}  // namespace livedream
