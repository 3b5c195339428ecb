#pragma once

#include <cstdint>
#include <vector>

#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// A gradient evened out before it moves the picture. Both act on the whole gradient of each picture by itself, so tiles
// leave no seams.

// Each band of the picture's Laplacian pyramid (four, and what is left) divided by its own standard deviation + 1e-10,
// so that coarse structure grows as fast as fine. A. Mordvintsev, DeepDream tutorial in TensorFlow 1's examples
// (lap_normalize, 2015): 5 x 5 binomial kernel, stride 2, zeros around.
tensorflow::TF_Output laplacianNormalized(tensorflow::Graph& graph, tensorflow::TF_Output gradient);

// The mean of the gradient smoothed by Gaussians of sigma / 2, sigma and 2 sigma, mirrored at the edges: G. Gordic,
// pytorch-deepdream (CascadeGaussianSmoothing, 2020). `rows` and `columns` are smoothingFilters'.
tensorflow::TF_Output smoothed(tensorflow::Graph& graph, tensorflow::TF_Output gradient, std::int64_t radius,
                               tensorflow::TF_Output rows, tensorflow::TF_Output columns);

// How far the smoothing reaches: three deviations of the widest Gaussian, and no further than a picture can be
// mirrored.
std::int64_t smoothingRadius(float sigma, const Octave& octave) noexcept;

// The three Gaussians along rows, [2 radius + 1, 1, 3, 9], and along columns, [1, 2 radius + 1, 9, 3].
struct SmoothingFilters {
  std::vector<float> rows;
  std::vector<float> columns;
};
tensorflow::Shape smoothingRowsShape(std::int64_t radius);
tensorflow::Shape smoothingColumnsShape(std::int64_t radius);
SmoothingFilters smoothingFilters(float sigma, std::int64_t radius);

}  // namespace livedream
