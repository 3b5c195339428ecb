#pragma once

#include <map>
#include <string>
#include <string_view>

namespace livedream {

// The part of a graph that may be given to TensorFlow.
struct AdmittedGraph {
  std::string graph;  // a serialized GraphDef
  // Nodes that were left out, each with the operation that it is or depends on and that is not allowed.
  std::map<std::string, std::string> left_out;
};

// Reads a serialized GraphDef before TensorFlow does: shape inference already runs operations whose inputs are
// constant. Nodes of operations that are not allowed are left out with all that depends on them; such a layer cannot be
// dreamed. Throws ERR_LIVEDREAM_MODEL_UNREADABLE, naming operation and node, where a node keeps state, reaches out of
// the graph or calls a function, and where a constant claims a size that the file does not have.
AdmittedGraph admitGraph(std::string_view graph);

}  // namespace livedream
