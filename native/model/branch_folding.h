#pragma once

#include "model/graph_definition.h"

namespace livedream {

// Takes the branches out of a graph of TensorFlow 1 whose predicates are known before it runs (tf.cond on is_training:
// a constant, a default or a value that was given): of each Switch and Merge stays what is computed. Those whose
// predicate is not known stay as they are.
void foldBranches(GraphDefinition& graph);

}  // namespace livedream
