#pragma once

#include <cstdint>

#include "tensorflow/graph.h"

namespace livedream {

// Pictures that go on across their edges with what lies at the edge across, [batch, height, width, channels].

// Of an axis so many from `first` on.
tensorflow::TF_Output along(tensorflow::Graph& graph, tensorflow::TF_Output x, std::int32_t axis, std::int64_t first,
                            std::int64_t count);
// With so many rows and columns more beyond each edge, of which there are no more than the picture has.
tensorflow::TF_Output withMargins(tensorflow::Graph& graph, tensorflow::TF_Output x, std::int64_t rows,
                                  std::int64_t columns);
// Of such a one what lies between its margins.
tensorflow::TF_Output withoutMargins(tensorflow::Graph& graph, tensorflow::TF_Output x, std::int64_t rows,
                                     std::int64_t columns);

}  // namespace livedream
