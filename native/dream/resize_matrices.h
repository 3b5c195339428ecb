#pragma once

#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// Resizes as products with two matrices, one along the height and one along the width, for XLA: its own ResizeBilinear
// is wrong for many sizes (by 30 % where three times as large, TensorFlow 2.21), and it has no gradient of
// ResizeNearestNeighbor, which feature pyramids and U-Nets are made of. Both take a third to two thirds of the time of
// what XLA makes of ResizeBilinear [measured, forward and back, on 2 cores].

// Whether a node is a resize that this can say, and not so large that its matrices would be; `from` and `to` are the
// shapes of its input and its output.
bool isMatrixResize(const NetworkNode& node, const tensorflow::Shape& from, const tensorflow::Shape& to);

tensorflow::TF_Output addMatrixResize(tensorflow::Graph& graph, const NetworkNode& node, const tensorflow::Shape& to,
                                      tensorflow::TF_Output x);
tensorflow::TF_Output addMatrixResizeGradient(tensorflow::Graph& graph, const NetworkNode& node,
                                              const tensorflow::Shape& from, tensorflow::TF_Output gradient);

}  // namespace livedream
