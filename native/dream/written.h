#pragma once

#include "tensorflow/graph.h"

namespace livedream {

// For XLA alone: the same tensor, written to memory once and read from there, instead of computed anew wherever a part
// of it is used. Of a padded tensor every slice would otherwise ask of every element whether it is padding, in code
// that is not vectorized.
inline tensorflow::TF_Output written(tensorflow::Graph& graph, tensorflow::TF_Output x) {
  const char* type = "XlaOptimizationBarrier";
  return tensorflow::NodeBuilder(graph, type, graph.uniqueName(type)).inputs({x}).finish();
}

}  // namespace livedream
