#include "dream/gradient_rules.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "dream/attributes.h"
#include "dream/strided_gradient.h"
#include "error.h"

namespace livedream {

using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

Shape shapeOf(const NodeGradient& of, TF_Output x) {
  const auto shape = of.graph.shape(x);
  if (!shape) throw Error(code::kModelUnreadable, "An input of '" + of.node.name + "' has no shape.");
  return *shape;
}

TF_Output sizeOfInput(const NodeGradient& of) {
  const Shape shape = shapeOf(of, of.inputs.at(0));
  return of.graph.constant(std::vector<std::int32_t>(shape.begin(), shape.end()));
}

// An operation with the attributes of the node, which are named as in TensorFlow's gradient operation.
TF_Output build(const NodeGradient& of, const char* operation, const std::vector<TF_Output>& inputs) {
  NodeBuilder builder(of.graph, operation, of.graph.uniqueName(operation));
  for (const TF_Output& input : inputs) builder.input(input);
  for (const auto& [name, value] : of.node.attributes) builder.proto(name, value);
  return builder.finish();
}

using Gradients = std::vector<TF_Output>;

Gradients unchanged(const NodeGradient& of) { return {of.gradient}; }

Gradients convolution(const NodeGradient& of) {
  const auto strided = of.mode.strided_rewrite ? stridedConvolution(of.network, of.node) : std::nullopt;
  if (strided) {
    return {addStridedGradient(of.graph, *strided, shapeOf(of, of.inputs.at(0)), of.inputs.at(1), of.gradient)};
  }
  return {build(of, "Conv2DBackpropInput", {sizeOfInput(of), of.inputs.at(1), of.gradient})};
}

Gradients depthwise(const NodeGradient& of) {
  return {build(of, "DepthwiseConv2dNativeBackpropInput", {sizeOfInput(of), of.inputs.at(1), of.gradient})};
}

// An output is positive where its input is, and kept anyway.
Gradients relu(const NodeGradient& of) { return {build(of, "ReluGrad", {of.gradient, of.output})}; }

Gradients relu6(const NodeGradient& of) { return {build(of, "Relu6Grad", {of.gradient, of.output})}; }

Gradients maxPool(const NodeGradient& of) {
  return {build(of, "MaxPoolGrad", {of.inputs.at(0), of.output, of.gradient})};
}

Gradients averagePool(const NodeGradient& of) { return {build(of, "AvgPoolGrad", {sizeOfInput(of), of.gradient})}; }

Gradients localResponse(const NodeGradient& of) {
  return {build(of, "LRNGrad", {of.gradient, of.inputs.at(0), of.output})};
}

// Slices of the gradient. The inputs' shapes tell the axis: the one in which they are shorter than the output.
Gradients concatenation(const NodeGradient& of) {
  const Shape whole = shapeOf(of, of.output);
  const bool axis_first = of.node.op == "Concat";
  Gradients gradients(of.inputs.size());
  std::vector<std::int32_t> begin(whole.size(), 0);
  for (std::size_t part = axis_first ? 1 : 0; part < of.inputs.size() - (axis_first ? 0 : 1); ++part) {
    const Shape shape = shapeOf(of, of.inputs[part]);
    gradients[part] = shape == whole
                          ? of.gradient
                          : of.graph.slice(of.gradient, begin, std::vector<std::int32_t>(shape.begin(), shape.end()));
    for (std::size_t axis = 0; axis < whole.size(); ++axis) {
      if (shape[axis] != whole[axis]) begin[axis] += static_cast<std::int32_t>(shape[axis]);
    }
  }
  return gradients;
}

using Rule = Gradients (*)(const NodeGradient&);

const std::unordered_map<std::string, Rule>& rules() {
  static const std::unordered_map<std::string, Rule> kRules{
      {"AvgPool", averagePool},
      {"BiasAdd", unchanged},
      {"Concat", concatenation},
      {"ConcatV2", concatenation},
      {"Conv2D", convolution},
      {"Identity", unchanged},
      {"LRN", localResponse},
      {"MaxPool", maxPool},
      {"Relu", relu},
      {"Relu6", relu6},
      {"DepthwiseConv2dNative", depthwise},
  };
  return kRules;
}

}  // namespace

bool hasGradientRule(const Network& network, const NetworkNode& node) {
  const auto rule = rules().find(node.op);
  if (rule == rules().end()) return false;
  if (rule->second == concatenation) return true;
  // The other rules are for what flows through the first input; a filter made from the picture is TensorFlow's.
  for (std::size_t input = 1; input < node.inputs.size(); ++input) {
    if (network.seesPicture(node.inputs[input].node)) return false;
  }
  return true;
}

std::vector<TF_Output> addRuleGradient(const NodeGradient& of) { return rules().at(of.node.op)(of); }

}  // namespace livedream
