#include "dream/response_expression.h"

#include <vector>

#include "dream/written.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::TF_Output;

namespace {

// A program grows with it; networks have 2 or 5.
constexpr std::int64_t kMostRadius = 8;

TF_Output band(Graph& graph, const Response& response, TF_Output x) {
  const std::vector<std::int32_t> channels{static_cast<std::int32_t>(graph.shape(x).value().back())};
  const auto radius = static_cast<std::int32_t>(response.radius);
  const TF_Output sizes = graph.constant(std::vector<std::int32_t>{0, 0, 0, 0, 0, 0, radius, radius});
  const TF_Output padded = written(graph, graph.binary("Pad", x, graph.reshape(sizes, {4, 2})));
  std::vector<TF_Output> parts;
  for (std::int32_t first = 0; first <= 2 * radius; ++first) {
    parts.push_back(graph.slice(padded, {0, 0, 0, first}, {-1, -1, -1, channels.front()}));
  }
  return parts.size() == 1 ? parts.front() : graph.sum(parts);
}

// Not a part of a node but of the graph: XLA finds that forward and back are of the same.
TF_Output divisor(Graph& graph, const Response& response, TF_Output x) {
  const TF_Output sum = band(graph, response, graph.unary("Square", x));
  return written(graph, graph.binary("AddV2", graph.constant(response.bias),
                                     graph.binary("Mul", graph.constant(response.alpha), sum)));
}

// d^-beta; Pow costs several times what Rsqrt does.
TF_Output factor(Graph& graph, const Response& response, TF_Output d) {
  if (response.beta == 0.5F) return graph.unary("Rsqrt", d);
  if (response.beta == 0.75F) {
    const TF_Output root = graph.unary("Rsqrt", d);
    return graph.binary("Mul", root, graph.unary("Sqrt", root));
  }
  return graph.binary("Pow", d, graph.constant(-response.beta));
}

}  // namespace

std::optional<Response> expressibleResponse(const NetworkNode& node, const std::optional<tensorflow::Shape>& input) {
  if (node.op != "LRN" || !input || input->back() < 0) return std::nullopt;
  const Response found = responseOf(node);
  return found.radius > kMostRadius ? std::nullopt : std::optional(found);
}

TF_Output addResponse(Graph& graph, const Response& response, TF_Output x) {
  return graph.binary("Mul", x, factor(graph, response, divisor(graph, response, x)));
}

TF_Output addResponseGradient(Graph& graph, const Response& response, TF_Output x, TF_Output y, TF_Output gradient) {
  const TF_Output d = divisor(graph, response, x);
  const TF_Output through = band(graph, response, graph.binary("RealDiv", graph.binary("Mul", gradient, y), d));
  const TF_Output scaled = graph.binary("Mul", x, graph.constant(2 * response.alpha * response.beta));
  return graph.binary("Sub", graph.binary("Mul", gradient, factor(graph, response, d)),
                      graph.binary("Mul", scaled, through));
}

}  // namespace livedream
