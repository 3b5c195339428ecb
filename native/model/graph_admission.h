#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/graph_definition.h"
#include "tensorflow/op_definitions.h"

namespace livedream {

// Takes out of a graph, before TensorFlow sees it (shape inference already runs operations whose inputs are constant),
// the nodes of operations that a model may not run, and all that depends on them or on what `left_out` names already;
// each is added there with the reason, to follow "it needs". Throws ERR_LIVEDREAM_MODEL_UNREADABLE, naming operation
// and node, where a node keeps state, reaches out of the graph or calls a function, where a constant claims a size that
// the file does not have, and for variables, whose values are not in the graph.
void admitGraph(GraphDefinition& graph, tensorflow::OpDefinitions& operations,
                std::map<std::string_view, std::string>& left_out);

}  // namespace livedream
