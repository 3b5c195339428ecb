#pragma once

#include "tensorflow/graph.h"

namespace livedream {

// Gradients of what a picture costs by itself, whatever the network sees in it; [batch, height, width, 3].

// Of the total variation of Rudin, Osher and Fatemi (1992): the sum over pixels and colours of sqrt(dx^2 + dy^2 + 1),
// whose differences are to the next pixel, at the far edge 0 or where it wraps to the edge across. The 1, a level of
// 255 squared, keeps it smooth where the picture is even.
tensorflow::TF_Output totalVariationGradient(tensorflow::Graph& graph, tensorflow::TF_Output pictures, bool wraps);

// Of sum((picture - source)^2) / 64: a pixel 32 levels from its source is drawn back as hard as the network's gradient
// pushes on average.
tensorflow::TF_Output distanceGradient(tensorflow::Graph& graph, tensorflow::TF_Output pictures,
                                       tensorflow::TF_Output source);

}  // namespace livedream
