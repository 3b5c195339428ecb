#pragma once

#include <string>
#include <vector>

#include "model/graph_definition.h"
#include "tensorflow/op_definitions.h"

namespace livedream {

// A value for a placeholder that is not the picture: keep_prob, is_training.
struct GivenValue {
  std::string placeholder;
  std::vector<double> values;
  bool scalar = true;  // of one value: without axes, where the placeholder's shape does not tell
};

// Puts constants in the place of placeholders. Throws ERR_LIVEDREAM_MODEL_UNREADABLE for names that are none, and for
// values that do not fit.
void giveValues(GraphDefinition& graph, const std::vector<GivenValue>& given);

// Makes a node the placeholder that takes the picture, whatever computed it before; nothing where there is no such node
// or it is one already.
void cutAtInput(GraphDefinition& graph, tensorflow::OpDefinitions& operations, const std::string& input);

// Placeholders with a default that is not given and not the picture's are that default.
void takeDefaults(GraphDefinition& graph, const std::string& input);

}  // namespace livedream
