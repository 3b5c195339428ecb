#pragma once

#include <map>
#include <string>

#include "cancellation.h"
#include "model/model_spec.h"
#include "tensorflow/tensor.h"

namespace livedream {

// A model's graph without anything that is no pure computation, so that TensorFlow may be given it: functions and known
// branches in place, effects gone, the picture's input a placeholder.
struct PreparedGraph {
  std::string graph;  // a serialized GraphDef
  std::string input;  // the name of the placeholder that takes the picture
  // Nodes that were left out, each with the reason, to follow "it needs".
  std::map<std::string, std::string> left_out;
  // Placeholders that were given no value though something of the picture needs it, with what they take.
  std::map<std::string, std::string> unfed;
  // Values of placeholders that stand for the large variables of a SavedModel.
  std::map<std::string, tensorflow::TensorHandle> variables;
};

// Throws ERR_LIVEDREAM_MODEL_UNREADABLE with what stands in the way, or ERR_LIVEDREAM_ABORTED.
PreparedGraph prepareGraph(const ModelSpec& spec, const Cancellation& cancellation);

}  // namespace livedream
