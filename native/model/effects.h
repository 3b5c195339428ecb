#pragma once

#include "model/graph_definition.h"
#include "tensorflow/op_definitions.h"

namespace livedream {

// Takes out what a graph does beside computing: nodes without results (Assert, SaveV2, WriteFile, NoOp), the control
// inputs that would order them, and Print, which becomes the Identity that it is to the network. None of them ever
// runs.
void dropEffects(GraphDefinition& graph, tensorflow::OpDefinitions& operations);

}  // namespace livedream
