#pragma once

#include <optional>
#include <string>

#include "tensorflow/graph.h"

namespace livedream {

// A layer's shape as [batch, height, width, channels], to which a head's [batch, classes] is one position: so every
// kind of term has one form for both. Nothing for what is neither.
std::optional<tensorflow::Shape> layerShape(const std::optional<tensorflow::Shape>& own);

// The node's output in that shape. Throws ERR_LIVEDREAM_LAYER_UNKNOWN, with the layer's name.
tensorflow::TF_Output asLayer(tensorflow::Graph& graph, tensorflow::TF_Output output, const std::string& name);

// A derivative by asLayer's result as one by the node's output.
tensorflow::TF_Output ofLayer(tensorflow::Graph& graph, tensorflow::TF_Output derivative, tensorflow::TF_Output output);

}  // namespace livedream
