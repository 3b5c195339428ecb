#include "dream/own_gradient.h"

namespace livedream {

bool hasOwnGradient(const NetworkNode& node) noexcept { return node.op == "LRN"; }

tensorflow::TF_Output addOwnGradient(tensorflow::Graph& graph, const NetworkNode& node, tensorflow::TF_Output x,
                                     tensorflow::TF_Output y, tensorflow::TF_Output gradient) {
  tensorflow::NodeBuilder builder(graph, "LRNGrad", graph.uniqueName("LRNGrad"));
  builder.input(gradient).input(x).input(y);
  // depth_radius, bias, alpha, beta and T have the same names in both operations.
  for (const auto& [name, value] : node.attributes) builder.proto(name, value);
  return builder.finish();
}

}  // namespace livedream
