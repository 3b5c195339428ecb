#include "dream/rule_parts.h"

#include <algorithm>
#include <cstdint>

#include "tensorflow/status.h"

namespace livedream {

using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

Shape shapeOf(const NodeGradient& of, TF_Output x) {
  const auto shape = of.graph.shape(x);
  if (!shape) throw Error(code::kModelUnreadable, "An input of '" + of.node.name + "' has no shape.");
  return *shape;
}

TF_Output sizeOfInput(const NodeGradient& of, std::size_t input) {
  const Shape shape = shapeOf(of, of.inputs.at(input));
  return of.graph.constant(std::vector<std::int32_t>(shape.begin(), shape.end()));
}

NodeBuilder builderLike(const NodeGradient& of, const char* operation, const std::vector<TF_Output>& inputs,
                        std::initializer_list<std::string_view> without) {
  NodeBuilder builder(of.graph, operation, of.graph.uniqueName(operation));
  for (const TF_Output& input : inputs) builder.input(input);
  for (const auto& [name, value] : of.node.attributes) {
    if (std::find(without.begin(), without.end(), name) == without.end()) builder.proto(name, value);
  }
  return builder;
}

TF_Output build(const NodeGradient& of, const char* operation, const std::vector<TF_Output>& inputs,
                std::initializer_list<std::string_view> without) {
  return builderLike(of, operation, inputs, without).finish();
}

TF_Output outputOf(TF_Output node, int index) { return {node.oper, index}; }

TF_Output reducedTo(const NodeGradient& of, TF_Output gradient, std::size_t input) {
  const Shape whole = shapeOf(of, gradient);
  const Shape shape = shapeOf(of, of.inputs.at(input));
  if (whole == shape) return gradient;
  const std::size_t added = whole.size() - shape.size();
  std::vector<std::int32_t> axes;
  for (std::size_t axis = 0; axis < whole.size(); ++axis) {
    if (axis < added || shape[axis - added] != whole[axis]) axes.push_back(static_cast<std::int32_t>(axis));
  }
  return of.graph.reshape(of.graph.binary("Sum", gradient, of.graph.constant(axes)), shape);
}

Error notDifferentiable(const NetworkNode& node, const std::string& detail) {
  return {code::kNotDifferentiable,
          "'" + node.name + "', a " + node.op + " between the picture and the layer, cannot be differentiated.",
          detail};
}

Gradients addTensorFlowGradients(tensorflow::Graph& graph, const NetworkNode& node,
                                 const std::vector<TF_Output>& outputs, const Gradients& arrived,
                                 const std::vector<TF_Output>& by) {
  Gradients found(by.size());
  std::vector<TF_Output> y = outputs;
  std::vector<TF_Output> x = by;
  Gradients dy = arrived;
  const tensorflow::Status status;
  tensorflow::api().TF_AddGradients(graph.get(), y.data(), static_cast<int>(y.size()), x.data(),
                                    static_cast<int>(x.size()), dy.data(), status.get(), found.data());
  if (!status.ok()) throw notDifferentiable(node, status.message());
  return found;
}

Gradients restated(const NodeGradient& of, const Restatement& restate) {
  std::vector<TF_Output> inputs = of.inputs;
  std::vector<TF_Output> by;
  for (std::size_t input = 0; input < inputs.size(); ++input) {
    // So that TensorFlow's walk ends here; it removes them before it runs the graph.
    if (of.needs(input)) by.push_back(inputs[input] = of.graph.unary("StopGradient", inputs[input]));
  }
  const Gradients found = addTensorFlowGradients(of.graph, of.node, {restate(inputs)}, {of.gradient()}, by);
  Gradients gradients(inputs.size());
  auto next = found.begin();
  for (std::size_t input = 0; input < inputs.size(); ++input) {
    if (of.needs(input)) gradients[input] = *next++;
  }
  return gradients;
}

}  // namespace livedream
