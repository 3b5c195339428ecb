#pragma once

#include <cstdint>

#include "tensorflow/graph.h"

namespace livedream {

// How much of each position of a layer lies in a region: the mean of the region over the pixels that are the position's
// share of the tile. `regions` is [tiles, height, width, regions], 0..1, `layer` the layer's shape, of which the tiles
// may be a part as often as the network computes them; the result is [that many, rows, columns, 1].
tensorflow::TF_Output addRegionWeights(tensorflow::Graph& graph, tensorflow::TF_Output regions, int region,
                                       const tensorflow::Shape& layer);

}  // namespace livedream
