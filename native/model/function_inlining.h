#pragma once

#include "model/graph_definition.h"
#include "tensorflow/op_definitions.h"

namespace livedream {

// Puts the bodies of the functions that a graph calls in the place of the calls, all the way down. A node of a body
// keeps its name where no other node has it; else the name of the call is put before it. Calls whose result depends on
// a value (If, While) stay. Throws ERR_LIVEDREAM_MODEL_UNREADABLE for calls of functions that are not there or call
// themselves, and for what would grow without bound.
void inlineFunctions(GraphDefinition& graph, tensorflow::OpDefinitions& operations);

}  // namespace livedream
