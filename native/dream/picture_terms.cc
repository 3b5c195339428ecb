#include "dream/picture_terms.h"

#include <cstddef>
#include <cstdint>

#include "dream/wrapping.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr float kLevels = 32;

// In the place of each the one after it; after the last comes the first, or the last again.
TF_Output following(Graph& graph, TF_Output x, std::int32_t axis, bool wraps) {
  const std::int64_t side = graph.shape(x).value()[static_cast<std::size_t>(axis)];
  return graph.concatenate({along(graph, x, axis, 1, side - 1), along(graph, x, axis, wraps ? 0 : side - 1, 1)}, axis);
}

// In the place of each the one before it, before the first the last.
TF_Output preceding(Graph& graph, TF_Output x, std::int32_t axis) {
  const std::int64_t side = graph.shape(x).value()[static_cast<std::size_t>(axis)];
  return graph.concatenate({along(graph, x, axis, side - 1, 1), along(graph, x, axis, 0, side - 1)}, axis);
}

}  // namespace

TF_Output totalVariationGradient(Graph& graph, TF_Output pictures, bool wraps) {
  const TF_Output down = graph.binary("Sub", following(graph, pictures, 1, wraps), pictures);
  const TF_Output right = graph.binary("Sub", following(graph, pictures, 2, wraps), pictures);
  const TF_Output squares = graph.binary("AddV2", graph.unary("Square", down), graph.unary("Square", right));
  const TF_Output length = graph.unary("Sqrt", graph.binary("AddV2", squares, graph.constant(1.0F)));
  const TF_Output y = graph.binary("RealDiv", down, length);
  const TF_Output x = graph.binary("RealDiv", right, length);
  // Where it does not wrap, the last difference is 0, which is what precedes the first.
  const TF_Output rows = graph.binary("Sub", preceding(graph, y, 1), y);
  const TF_Output columns = graph.binary("Sub", preceding(graph, x, 2), x);
  return graph.binary("AddV2", rows, columns);
}

TF_Output distanceGradient(Graph& graph, TF_Output pictures, TF_Output source) {
  return graph.binary("Mul", graph.binary("Sub", pictures, source), graph.constant(1.0F / kLevels));
}

}  // namespace livedream
