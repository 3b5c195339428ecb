#include "dream/balance.h"

#include <cstdint>
#include <vector>

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::TF_Output;

namespace {

// What is divided by where a layer or a derivative is zero everywhere: then the result is too.
constexpr float kLeast = 1e-30F;

TF_Output over(Graph& graph, const char* type, TF_Output x, const std::vector<std::int32_t>& axes) {
  return NodeBuilder(graph, type, graph.uniqueName(type))
      .input(x)
      .input(graph.constant(axes))
      .boolean("keep_dims", true)
      .finish();
}

// |w|: of weighted channels their length, which is one times the weight.
TF_Output strength(Graph& graph, const Term& term, const Answers& layer, TF_Output argument) {
  if (term.kind != Term::Kind::kChannels) return graph.unary("Abs", argument);
  const std::int32_t channels = layer.pictures == 1 ? 0 : 3;
  return graph.unary("Sqrt", over(graph, "Sum", graph.unary("Square", argument), {channels}));
}

}  // namespace

TF_Output addBalance(Graph& graph, const Term& term, const Answers& layer, std::int64_t pixels, TF_Output argument,
                     TF_Output derivative) {
  const std::vector<std::int32_t> all{1, 2, 3};
  const TF_Output power = over(graph, "Mean", graph.unary("Square", layer.values), all);
  const TF_Output length = over(graph, "Sum", graph.unary("Square", derivative), all);
  const std::int64_t each = term.kind == Term::Kind::kChannels ? 1 : layer.shape[3];
  const auto count = static_cast<float>(pixels * each);
  const TF_Output square =
      graph.binary("Mul", graph.binary("Mul", power, length), graph.constant(count * layer.copies * layer.copies));
  const TF_Output inverse = graph.unary("Rsqrt", graph.binary("AddV2", square, graph.constant(kLeast)));
  return graph.binary("Mul", derivative, graph.binary("Mul", inverse, strength(graph, term, layer, argument)));
}

}  // namespace livedream
