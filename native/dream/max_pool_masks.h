#pragma once

#include <optional>

#include "dream/network.h"
#include "dream/pool_geometry.h"
#include "tensorflow/graph.h"

namespace livedream {

// MaxPool by slices and its gradient by masks, for XLA alone: its own MaxPoolGrad is a SelectAndScatter, which goes
// output by output.
//
// Every output remembers which tap of its window was its maximum, the first in reading order where several are, as
// TensorFlow's kernels have it; every input then adds up the gradients of the outputs that chose it. Inputs that lie
// alike in their outputs' windows, of which there are stride * stride kinds, are computed together and put between each
// other at the end. 3x3 windows of inception5h at 480 x 360 on 2 cores, each pool by itself: 20.4 ms become 2.8
// (180 x 240 x 64, stride 2), 14.7 become 2.0 (90 x 120 x 192, 2), 29.2 become 2.0 (45 x 60 x 256, 1) [measured,
// TensorFlow 2.21]. Going along rows and columns one after the other costs a fifth more.

// The pool itself is written as the maxima of the windows' taps, of the same padded tensor: XLA's reduce-window takes
// 12.3 ms for inception5h's eight pools where these take 7.4.

// Set where `node` is a pool over height and width whose windows are few taps, on an input of known shape.
std::optional<PoolWindows> maskableWindows(const NetworkNode& node, const tensorflow::Shape& input);

// The pool.
tensorflow::TF_Output addMaxima(tensorflow::Graph& graph, const PoolWindows& windows, tensorflow::TF_Output x);

// The gradient by the input `x`, where `y` is the output and `gradient` the one by it.
tensorflow::TF_Output addMaxPoolGradient(tensorflow::Graph& graph, const PoolWindows& windows, tensorflow::TF_Output x,
                                         tensorflow::TF_Output y, tensorflow::TF_Output gradient);

}  // namespace livedream
