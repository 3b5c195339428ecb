// What moves numbers, sums that run along an axis, and colours.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "dream/attributes.h"
#include "dream/rule_parts.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

// Slices of the gradient. The inputs' shapes tell the axis: the one in which they are shorter than the output.
Gradients concatenation(const NodeGradient& of) {
  const Shape whole = shapeOf(of, of.output);
  const bool axis_first = of.node.op == "Concat";
  Gradients gradients(of.inputs.size());
  std::vector<std::int32_t> begin(whole.size(), 0);
  for (std::size_t part = axis_first ? 1 : 0; part < of.inputs.size() - (axis_first ? 0 : 1); ++part) {
    const Shape shape = shapeOf(of, of.inputs[part]);
    gradients[part] = shape == whole
                          ? of.gradient()
                          : of.graph.slice(of.gradient(), begin, std::vector<std::int32_t>(shape.begin(), shape.end()));
    for (std::size_t axis = 0; axis < whole.size(); ++axis) {
      if (shape[axis] != whole[axis]) begin[axis] += static_cast<std::int32_t>(shape[axis]);
    }
  }
  return gradients;
}

TF_Output gather(Graph& graph, TF_Output x, TF_Output indices, TF_Output axis, std::int64_t batch_dimensions) {
  return NodeBuilder(graph, "GatherV2", graph.uniqueName("GatherV2"))
      .input(x)
      .input(indices)
      .input(axis)
      .integer("batch_dims", batch_dimensions)
      .finish();
}

Gradients oldGather(const NodeGradient& of) {
  return restated(of,
                  [&](const auto& inputs) { return gather(of.graph, inputs[0], inputs[1], of.graph.constant(0), 0); });
}

// TensorFlow's C++ API takes no axis or batch dimensions that count from the end.
Gradients newGather(const NodeGradient& of) {
  const auto rank = static_cast<std::int32_t>(shapeOf(of, of.inputs.at(0)).size());
  std::int64_t batch_dimensions = integerOf(attribute(of.node, "batch_dims"), 0);
  if (batch_dimensions < 0) batch_dimensions += static_cast<std::int64_t>(shapeOf(of, of.inputs.at(1)).size());
  return restated(of, [&](const auto& inputs) {
    const TF_Output wide = NodeBuilder(of.graph, "Cast", of.graph.uniqueName("Cast"))
                               .input(inputs[2])
                               .type("DstT", tensorflow::TF_INT32)
                               .finish();
    const TF_Output axis = of.graph.binary("FloorMod", wide, of.graph.constant(rank));
    return gather(of.graph, inputs[0], inputs[1], axis, batch_dimensions);
  });
}

// The largest of a row are what their places gather from it.
Gradients largest(const NodeGradient& of) {
  if (of.gradient().oper == nullptr) return {};
  const auto last = static_cast<std::int32_t>(shapeOf(of, of.inputs.at(0)).size()) - 1;
  return restated(of, [&](const auto& inputs) {
    return gather(of.graph, inputs[0], outputOf(of.output, 1), of.graph.constant(last), last);
  });
}

Gradients oldReverse(const NodeGradient& of) { return {build(of, "Reverse", {of.gradient(), of.inputs.at(1)})}; }

// As TensorFlow Python has it: zeros among the factors get no gradient.
Gradients cumulativeProduct(const NodeGradient& of) {
  const TF_Output product = of.graph.binary("Mul", of.output, of.gradient());
  const TF_Output sum = builderLike(of, "Cumsum", {product, of.inputs.at(1)}, {"reverse"})
                            .boolean("reverse", !isTrue(attribute(of.node, "reverse"), false))
                            .finish();
  return {of.graph.binary("DivNoNan", sum, of.inputs.at(0))};
}

// Patches are a convolution whose filter is the identity: every tap of every channel is an output of its own.
Gradients patches(const NodeGradient& of) {
  Graph& graph = of.graph;
  const auto window = integersOf(attribute(of.node, "ksizes"));
  const std::int64_t channels = shapeOf(of, of.inputs.at(0)).at(3);
  const auto outputs = static_cast<std::int32_t>(window.at(1) * window.at(2) * channels);
  const TF_Output range = NodeBuilder(graph, "Range", graph.uniqueName("Range"))
                              .input(graph.constant(0))
                              .input(graph.constant(outputs))
                              .input(graph.constant(1))
                              .finish();
  const TF_Output identity = NodeBuilder(graph, "OneHot", graph.uniqueName("OneHot"))
                                 .input(range)
                                 .input(graph.constant(outputs))
                                 .input(graph.constant(1.0F))
                                 .input(graph.constant(0.0F))
                                 .finish();
  const TF_Output filter = graph.reshape(identity, {window[1], window[2], channels, outputs});
  return {NodeBuilder(graph, "Conv2DBackpropInput", graph.uniqueName("Conv2DBackpropInput"))
              .input(sizeOfInput(of))
              .input(filter)
              .input(of.gradient())
              .proto("strides", attribute(of.node, "strides"))
              .proto("dilations", attribute(of.node, "rates"))
              .proto("padding", attribute(of.node, "padding"))
              .finish()};
}

// The three numbers of one colour channel each, which keep the last axis.
std::vector<TF_Output> colours(Graph& graph, TF_Output x, std::size_t rank) {
  std::vector<TF_Output> parts;
  std::vector<std::int32_t> size(rank, -1);
  size.back() = 1;
  for (std::int32_t colour = 0; colour < 3; ++colour) {
    std::vector<std::int32_t> begin(rank, 0);
    begin.back() = colour;
    parts.push_back(graph.slice(x, begin, size));
  }
  return parts;
}

// Hue but for constants, saturation and value as tf.image.rgb_to_hsv computes them. Greys divide by no chroma, blacks
// by no value: they get no gradient from what has none.
TF_Output hueSaturationValue(Graph& graph, TF_Output x, std::size_t rank) {
  const std::vector<TF_Output> rgb = colours(graph, x, rank);
  const TF_Output value = graph.binary("Maximum", graph.binary("Maximum", rgb[0], rgb[1]), rgb[2]);
  const TF_Output least = graph.binary("Minimum", graph.binary("Minimum", rgb[0], rgb[1]), rgb[2]);
  const TF_Output chroma = graph.binary("Sub", value, least);
  constexpr float kSextants = 6;
  const TF_Output circle = graph.binary("Mul", chroma, graph.constant(kSextants));
  const auto hue = [&](std::size_t from, std::size_t to) {
    return graph.binary("DivNoNan", graph.binary("Sub", rgb[from], rgb[to]), circle);
  };
  const auto where_largest = [&](std::size_t colour, TF_Output here, TF_Output elsewhere) {
    return NodeBuilder(graph, "SelectV2", graph.uniqueName("SelectV2"))
        .input(graph.binary("GreaterEqual", rgb[colour], value))
        .input(here)
        .input(elsewhere)
        .finish();
  };
  const TF_Output hues = where_largest(0, hue(1, 2), where_largest(1, hue(2, 0), hue(0, 1)));
  return graph.concatenate({hues, graph.binary("DivNoNan", chroma, value), value}, static_cast<std::int32_t>(rank) - 1);
}

Gradients hueOf(const NodeGradient& of) {
  const std::size_t rank = shapeOf(of, of.inputs.at(0)).size();
  return restated(of, [&](const auto& inputs) { return hueSaturationValue(of.graph, inputs[0], rank); });
}

}  // namespace

const GradientRules& arrayRules() {
  static const GradientRules kRules{
      {"Concat", {concatenation}},
      {"ConcatV2", {concatenation}},
      {"Cumprod", {cumulativeProduct}},
      {"ExtractImagePatches", {patches}},
      {"Gather", {oldGather}},
      {"GatherV2", {newGather}},
      {"RGBToHSV", {hueOf}},
      {"Reverse", {oldReverse}},
      {"TopKV2", {largest}},
  };
  return kRules;
}

}  // namespace livedream
