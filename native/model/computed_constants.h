#pragma once

#include "model/graph_definition.h"
#include "tensorflow/op_definitions.h"

namespace livedream {

// TensorFlow computes what depends on constants alone as soon as it wants to know a shape that is made of it, be that
// gigabytes. Throws ERR_LIVEDREAM_MODEL_UNREADABLE where that is far more than the file holds.
void checkComputedConstants(const GraphDefinition& graph, tensorflow::OpDefinitions& operations);

}  // namespace livedream
