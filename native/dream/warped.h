#pragma once

#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// A picture of `size` [1, height, width, 3] as it looks where `motion` [1, height, width, 2] leads each pixel: by our
// kernel (kernels/warp.h), which is for processors, or by ordinary operations that compute the same.
tensorflow::TF_Output addWarp(tensorflow::Graph& graph, const Octave& size, tensorflow::TF_Output picture,
                              tensorflow::TF_Output motion);

}  // namespace livedream
