#pragma once

#include <optional>

#include "dream/response.h"
#include "tensorflow/graph.h"

namespace livedream {

// LRN and its gradient as expressions (response.h), for XLA, whose own sums by a reduce-window, forward and back.
//
// A sum over neighbouring channels is that of shifted slices of the padded tensor (written.h).

// Set where `node` is one of a few channels around, of an input whose channels are known.
std::optional<Response> expressibleResponse(const NetworkNode& node, const std::optional<tensorflow::Shape>& input);

tensorflow::TF_Output addResponse(tensorflow::Graph& graph, const Response& response, tensorflow::TF_Output x);
// The gradient by `x`, where `y` is the output and `gradient` the one by it.
tensorflow::TF_Output addResponseGradient(tensorflow::Graph& graph, const Response& response, tensorflow::TF_Output x,
                                          tensorflow::TF_Output y, tensorflow::TF_Output gradient);

}  // namespace livedream
