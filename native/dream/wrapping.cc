#include "dream/wrapping.h"

#include <cstddef>
#include <vector>

#include "dream/sizes.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

TF_Output wrapped(Graph& graph, TF_Output x, std::int32_t axis, std::int64_t margin) {
  if (margin == 0) return x;
  const Shape shape = graph.shape(x).value();
  const std::int64_t side = shape[static_cast<std::size_t>(axis)];
  return graph.concatenate({along(graph, x, axis, side - margin, margin), x, along(graph, x, axis, 0, margin)}, axis);
}

}  // namespace

TF_Output along(Graph& graph, TF_Output x, std::int32_t axis, std::int64_t first, std::int64_t count) {
  std::vector<std::int32_t> begin{0, 0, 0, 0};
  std::vector<std::int32_t> size{-1, -1, -1, -1};
  begin[static_cast<std::size_t>(axis)] = narrow(first);
  size[static_cast<std::size_t>(axis)] = narrow(count);
  return graph.slice(x, begin, size);
}

TF_Output withMargins(Graph& graph, TF_Output x, std::int64_t rows, std::int64_t columns) {
  return wrapped(graph, wrapped(graph, x, 1, rows), 2, columns);
}

TF_Output withoutMargins(Graph& graph, TF_Output x, std::int64_t rows, std::int64_t columns) {
  const Shape shape = graph.shape(x).value();
  return graph.slice(x, {0, narrow(rows), narrow(columns), 0},
                     {-1, narrow(shape[1] - 2 * rows), narrow(shape[2] - 2 * columns), -1});
}

}  // namespace livedream
