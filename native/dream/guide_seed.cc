#include "dream/guide_seed.h"

#include <cstdint>

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

// Of guides that answer nothing.
constexpr float kLeastSize = 1e-12F;

TF_Output product(Graph& graph, TF_Output x, TF_Output y, bool transpose_y) {
  return NodeBuilder(graph, "MatMul", graph.uniqueName("MatMul"))
      .input(x)
      .input(y)
      .boolean("transpose_b", transpose_y)
      .finish();
}

// Of [pictures, positions, channels], each picture by itself; of the first factor perhaps the other way round.
TF_Output productOfEach(Graph& graph, TF_Output x, TF_Output y, bool adjoint_x) {
  return NodeBuilder(graph, "BatchMatMulV2", graph.uniqueName("BatchMatMulV2"))
      .input(x)
      .input(y)
      .boolean("adj_x", adjoint_x)
      .finish();
}

// Which row's largest value stands where.
TF_Output largest(Graph& graph, TF_Output rows) {
  return NodeBuilder(graph, "ArgMax", graph.uniqueName("ArgMax"))
      .input(rows)
      .input(graph.constant(std::int32_t{1}))
      .type("output_type", tensorflow::TF_INT32)
      .finish();
}

TF_Output gather(Graph& graph, TF_Output rows, TF_Output indices) {
  return NodeBuilder(graph, "GatherV2", graph.uniqueName("GatherV2"))
      .input(rows)
      .input(indices)
      .input(graph.constant(std::int32_t{0}))
      .finish();
}

// [pictures, positions, channels]
TF_Output positionsOf(Graph& graph, TF_Output layer, const Shape& shape) {
  return graph.reshape(layer, {shape[0], shape[1] * shape[2], shape[3]});
}

TF_Output meanProducts(Graph& graph, TF_Output positions, std::int64_t count) {
  const TF_Output sums = productOfEach(graph, positions, positions, true);
  return graph.binary("Mul", sums, graph.constant(1.0F / static_cast<float>(count)));
}

}  // namespace

Seed addNearestSeed(Graph& graph, const Answers& layer, const TermInputs& inputs) {
  const TF_Output vectors = graph.reshape(layer.values, {-1, layer.shape[3]});
  const TF_Output nearest = largest(graph, product(graph, vectors, inputs.guide, true));
  const TF_Output matches = graph.reshape(gather(graph, inputs.guide, nearest), layer.shape);
  const TF_Output factor = graph.binary("Mul", inputs.argument, graph.constant(1.0F / layer.positions));
  const TF_Output derivative = graph.binary("Mul", matches, factor);
  const TF_Output products = graph.binary("Mul", layer.values, derivative);
  return {graph.reducePictures("Sum", products, layer.pictures == 1), derivative};
}

Seed addProductsSeed(Graph& graph, const Answers& layer, const TermInputs& inputs) {
  const std::int64_t channels = layer.shape[3];
  const std::int64_t count = layer.shape[1] * layer.shape[2];
  const TF_Output positions = positionsOf(graph, layer.values, layer.shape);
  const TF_Output apart = graph.binary("Sub", meanProducts(graph, positions, count), inputs.guide);
  const TF_Output length = graph.reduce("Sum", graph.unary("Square", inputs.guide), 2);
  const TF_Output share = graph.binary("RealDiv", graph.constant(-1.0F / layer.copies),
                                       graph.binary("AddV2", length, graph.constant(kLeastSize)));
  const TF_Output factor = graph.binary("Mul", inputs.argument, share);
  const TF_Output squares = graph.reshape(graph.unary("Square", apart), {layer.shape[0], 1, channels, channels});
  const TF_Output objective = graph.reducePictures("Sum", graph.binary("Mul", squares, factor), layer.pictures == 1);
  // The products are symmetric, and each value is in two of them.
  const TF_Output slopes = graph.reshape(productOfEach(graph, positions, apart, false), layer.shape);
  const TF_Output scale = graph.binary("Mul", factor, graph.constant(4.0F / static_cast<float>(count)));
  return {objective, graph.binary("Mul", slopes, scale)};
}

TF_Output addGuideFeatures(Graph& graph, Term::Kind kind, TF_Output layer) {
  const Shape shape = graph.shape(layer).value();
  if (kind == Term::Kind::kGuideDot) return graph.reshape(layer, {-1, shape[3]});
  const TF_Output products = meanProducts(graph, positionsOf(graph, layer, shape), shape[1] * shape[2]);
  return graph.reshape(products, {shape[3], shape[3]});
}

}  // namespace livedream
