// Functions of numbers, one by one.

#include "dream/rule_parts.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::TF_Output;

namespace {

Gradients times(const NodeGradient& of, TF_Output derivative) {
  return {of.graph.binary("Mul", of.gradient(), derivative)};
}

// TensorFlow's C++ API lacks Erfc, but has Erf, which differs by a sign and a constant.
Gradients erfc(const NodeGradient& of) {
  return restated(of, [&](const auto& inputs) { return of.graph.unary("Neg", of.graph.unary("Erf", inputs[0])); });
}

Gradients besselI0(const NodeGradient& of) { return times(of, of.graph.unary("BesselI1", of.inputs.at(0))); }

Gradients besselI0e(const NodeGradient& of) {
  Graph& graph = of.graph;
  const TF_Output x = of.inputs.at(0);
  const TF_Output damped = graph.binary("Mul", graph.unary("Sign", x), of.output);
  return times(of, graph.binary("Sub", graph.unary("BesselI1e", x), damped));
}

// What a quotient by x cannot say where x is zero, TensorFlow Python puts there.
Gradients besselAt(const NodeGradient& of, float at_zero, TF_Output elsewhere) {
  Graph& graph = of.graph;
  const TF_Output zero = graph.binary("Equal", of.inputs.at(0), graph.unary("ZerosLike", of.inputs.at(0)));
  return times(of, tensorflow::NodeBuilder(graph, "SelectV2", graph.uniqueName("SelectV2"))
                       .input(zero)
                       .input(graph.constant(at_zero))
                       .input(elsewhere)
                       .finish());
}

Gradients besselI1(const NodeGradient& of) {
  Graph& graph = of.graph;
  const TF_Output x = of.inputs.at(0);
  return besselAt(of, 1, graph.binary("Sub", graph.unary("BesselI0", x), graph.binary("DivNoNan", of.output, x)));
}

Gradients besselI1e(const NodeGradient& of) {
  Graph& graph = of.graph;
  const TF_Output x = of.inputs.at(0);
  const TF_Output damped = graph.binary("Mul", of.output, graph.unary("Sign", x));
  const TF_Output slope = graph.binary("AddV2", damped, graph.binary("DivNoNan", of.output, x));
  constexpr float kAtZero = 0.5F;
  return besselAt(of, kAtZero, graph.binary("Sub", graph.unary("BesselI0e", x), slope));
}

// Of two arguments, which may be broadcast: `by` gives the gradient by the first (0) or the second (1).
template <typename By>
Gradients ofTwo(const NodeGradient& of, By by) {
  Gradients gradients(2);
  for (std::size_t input = 0; input < 2; ++input) {
    if (of.needs(input)) gradients[input] = reducedTo(of, by(of.graph, of.inputs.at(0), of.inputs.at(1), input), input);
  }
  return gradients;
}

// TensorFlow's C++ API has it, but not for broadcast arguments.
Gradients atan2(const NodeGradient& of) {
  return ofTwo(of, [&](Graph& graph, TF_Output y, TF_Output x, std::size_t input) {
    const TF_Output squares = graph.binary("AddV2", graph.unary("Square", y), graph.unary("Square", x));
    const TF_Output part = graph.binary("RealDiv", of.gradient(), squares);
    return graph.binary("Mul", part, input == 0 ? x : graph.unary("Neg", y));
  });
}

Gradients floorMod(const NodeGradient& of) {
  return ofTwo(of, [&](Graph& graph, TF_Output x, TF_Output y, std::size_t input) {
    if (input == 0) return of.gradient();
    return graph.binary("Mul", of.gradient(), graph.unary("Neg", graph.binary("FloorDiv", x, y)));
  });
}

Gradients mulNoNan(const NodeGradient& of) {
  return ofTwo(of, [&](Graph& graph, TF_Output x, TF_Output y, std::size_t input) {
    return input == 0 ? graph.binary("MulNoNan", of.gradient(), y) : graph.binary("MulNoNan", x, of.gradient());
  });
}

// 1 where x is not 0.
TF_Output notZero(Graph& graph, TF_Output x) { return graph.unary("Abs", graph.unary("Sign", x)); }

Gradients xlogy(const NodeGradient& of) {
  return ofTwo(of, [&](Graph& graph, TF_Output x, TF_Output y, std::size_t input) {
    const TF_Output part = input == 0 ? graph.binary("Xlogy", notZero(graph, x), y) : graph.binary("Xdivy", x, y);
    return graph.binary("Mul", of.gradient(), part);
  });
}

Gradients xdivy(const NodeGradient& of) {
  return ofTwo(of, [&](Graph& graph, TF_Output x, TF_Output y, std::size_t input) {
    const TF_Output part = input == 0 ? graph.binary("Xdivy", notZero(graph, x), y)
                                      : graph.binary("Xdivy", graph.unary("Neg", x), graph.unary("Square", y));
    return graph.binary("Mul", of.gradient(), part);
  });
}

}  // namespace

const GradientRules& functionRules() {
  static const GradientRules kRules{
      {"Atan2", {atan2}},         {"BesselI0", {besselI0}}, {"BesselI0e", {besselI0e}}, {"BesselI1", {besselI1}},
      {"BesselI1e", {besselI1e}}, {"Erfc", {erfc}},         {"FloorMod", {floorMod}},   {"MulNoNan", {mulNoNan}},
      {"Xdivy", {xdivy}},         {"Xlogy", {xlogy}},
  };
  return kRules;
}

}  // namespace livedream
